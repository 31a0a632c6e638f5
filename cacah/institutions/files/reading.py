"""Reads any roster file into checked rows, sheet by sheet, and says what was forgiven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

from django.conf import settings

from cacah.institutions.files import headings
from cacah.institutions.files.cells import FORMULA, NUMBER, Person, check, is_total
from cacah.institutions.files.problems import BadRoster
from cacah.institutions.files.text import open_text
from cacah.institutions.files.workbook import Workbook

Row = tuple[int, list[str]]
Note = dict[str, Any]
MOST_BLANK = 2000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


@dataclass(slots=True)
class Sheet:
    """A sheet that holds people: iterate `people` once, then read the notes."""

    title: str
    people: Iterator[tuple[int, Person]]
    notes: list[Note] = field(default_factory=list)


def read(file: BinaryIO) -> Iterator[Sheet]:
    """Yield each sheet that has the headings, to be read through before the next.

    Raises BadRoster for a file that cannot be used; also on the way.
    """
    kind = _kind(file)
    if kind == "text":
        yield from _of_text(file)
    else:
        yield from _of_workbook(file)


def _kind(file: BinaryIO) -> str:
    """Return "text" or "workbook"; raises BadRoster for everything else."""
    file.seek(0)
    start = file.read(2048)
    if not start.strip():
        raise BadRoster("empty")
    if start.startswith(_OLE):
        raise BadRoster("password" if _has_encrypted_package(file) else "xls")
    if start.startswith(_ZIP):
        return _kind_of_zip(start)
    if start.startswith(b"%PDF"):
        raise BadRoster("pdf")
    if start.startswith(_PICTURES):
        raise BadRoster("picture")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<", b"<?xml")):
        raise BadRoster("web-page")
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadRoster("binary")
    return "text"


def _kind_of_zip(start: bytes) -> str:
    if b"application/vnd.oasis.opendocument.spreadsheet" in start:
        raise BadRoster("ods")
    if b"application/vnd.oasis.opendocument" in start or b"word/" in start or b"ppt/" in start:
        raise BadRoster("document")
    if b"xl/workbook.bin" in start:
        raise BadRoster("xlsb")
    return "workbook"


def _has_encrypted_package(file: BinaryIO) -> bool:
    """Tell a protected xlsx from an old workbook: both are the same kind of container."""
    name, before = "EncryptedPackage".encode("utf-16-le"), b""
    file.seek(0)
    while block := file.read(1 << 20):
        if name in before + block:
            return True
        before = block[-len(name) :]
    return False


def _of_text(file: BinaryIO) -> Iterator[Sheet]:
    text = open_text(file)
    sheet = _sheet("", text.rows())
    if sheet is None:
        raise BadRoster("no-headings")
    if text.guessed:
        sheet.notes.append({"code": "encoding"})
    yield sheet


def _of_workbook(file: BinaryIO) -> Iterator[Sheet]:
    book = Workbook(file)
    found = False
    try:
        for each in book.sheets:
            if not hasattr(each, "reset_dimensions"):
                continue  # a sheet of charts
            sheet = _sheet(each.title, book.rows(each), book)
            if sheet is None:
                continue
            found = True
            if hidden := book.hidden_rows(each):
                sheet.notes.append({"code": "hidden", "rows": hidden})
            yield sheet
    finally:
        book.close()
    if not found:
        raise BadRoster("no-headings")


def _sheet(title: str, rows: Iterator[Row], book: Workbook | None = None) -> Sheet | None:
    """Return a sheet with its headings found; None where it has none."""
    first = list(islice(rows, headings.FIRST_ROWS + 1))
    plain = [(number, [cell.lstrip(NUMBER) for cell in cells]) for number, cells in first]
    heads = headings.find(plain)
    if heads is None:
        return None
    notes: list[Note] = []
    if heads.row > 1:
        notes.append({"code": "row", "row": heads.row})
    if heads.unused:
        notes.append({"code": "unused", "columns": ", ".join(heads.unused)})
    below = chain([row for row in first if row[0] > heads.row], rows)
    formulas = _Formulas(book, title, heads.places["nik"])
    return Sheet(title, _people(heads, below, notes, formulas), notes)


@dataclass(slots=True)
class _Formulas:
    """Which NIK cells without a value hold a formula; the workbook is asked once, if at all."""

    book: Workbook | None
    title: str
    column: int

    def marked(self, people: list[tuple[int, dict[str, str], bool]]) -> None:
        empty = {number for number, cells, _ in people if not cells["nik"]}
        if not (self.book and empty):
            return
        with_formula = self.book.formulas(self.title, empty, self.column)
        for number, cells, _ in people:
            if number in with_formula:
                cells["nik"] = FORMULA


def _people(
    heads: headings.Headings, rows: Iterable[Row], notes: list[Note], formulas: _Formulas
) -> Iterator[tuple[int, Person]]:
    """Yield the row number and the person of each row that is not empty."""
    without_nik = []
    whole_numbers = 0
    for number, raw in _until_blank(rows, notes):
        if number == heads.row + 1 and headings.is_numbering([c.lstrip(NUMBER) for c in raw]):
            notes.append({"code": "numbering", "row": number})
            continue
        cells = {
            name: raw[place] if place < len(raw) else "" for name, place in heads.places.items()
        }
        if is_total(cells) or not any(cell.strip(f" {NUMBER}") for cell in cells.values()):
            continue  # a total, or a signature beside the table
        shifted = any(cell.strip() for cell in raw[heads.width :])
        if not cells["nik"] and formulas.book:
            without_nik.append((number, cells, shifted))
            if len(without_nik) > settings.CACAH_ROSTER_ROWS:  # they wait in memory
                raise BadRoster("too-many", rows=settings.CACAH_ROSTER_ROWS)
            continue
        person = check(cells, shifted=shifted)
        whole_numbers += cells["nik"].startswith(NUMBER) and not person.problems
        yield number, person
    if whole_numbers:
        notes.append({"code": "number", "rows": whole_numbers})
    formulas.marked(without_nik)
    for number, cells, shifted in without_nik:
        yield number, check(cells, shifted=shifted)


def _until_blank(rows: Iterable[Row], notes: list[Note]) -> Iterator[Row]:
    blank = 0
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            blank = 0
            yield number, cells
            continue
        blank += 1
        if blank > MOST_BLANK:
            notes.append({"code": "blank", "row": number - blank})
            return
