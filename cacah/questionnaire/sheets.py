"""Reads the sheets of an XLSForm, Markdown or xlsx, and remembers where each row stands."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from cacah.questionnaire.problems import Broken, FormProblem, Place, problem

MAX_FILE_MB = 8
MAX_UNPACKED_MB = 64
NAMES = ("survey", "choices", "settings", "external_choices", "entities", "osm")

# The Markdown that pyxform takes: `| sheet | … |` begins a sheet, `# …` is a comment.
COMMENT = re.compile(r"^\s*#")
TRAILING_COMMENT = re.compile(r"^(.*\|)([^|]*#[^|]*)$")
TABLE_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
RULER = re.compile(r"^[|\-:\s]+$")
BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the heading; `number` counts from 1 with the heading."""

    number: int
    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's heading and rows, empty rows included so that the numbers are right."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: Row, column: str = "") -> Place:
        """Return the place of a cell."""
        return Place(self.name, row.number, column, row.line)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets by their lower-case names."""

    sheets: dict[str, Sheet]
    name: str

    def sheet(self, name: str) -> Sheet:
        """Return a sheet, an empty one where there is none."""
        return self.sheets.get(name) or Sheet(name, (), ())

    def for_pyxform(self) -> dict[str, Any]:
        """Return the sheets in the shape that pyxform's `convert` takes."""
        written: dict[str, Any] = {
            "sheet_names": list(self.sheets),
            "fallback_form_name": self.name,
        }
        for name, sheet in self.sheets.items():
            written[name] = [dict(row.cells) for row in sheet.rows]
            written[f"{name}_header"] = [dict.fromkeys(sheet.header)]
        return written


def read_workbook(path: Path) -> Workbook:
    """Read an .md or .xlsx file; raises Broken with everything that is wrong with it."""
    kind = path.suffix.lower()
    if kind not in (".md", ".xlsx"):
        raise Broken([problem("file-type", path=path.name)])
    try:
        size = path.stat().st_size
        if size > MAX_FILE_MB * 2**20:
            raise Broken([problem("file-large", limit=MAX_FILE_MB)])
        content = path.read_bytes()
    except OSError:
        raise Broken([problem("file-missing", path=path)]) from None
    if not content.strip():
        raise Broken([problem("file-empty")])
    if kind == ".xlsx":
        return _read_xlsx(content, path.stem)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken([problem("file-encoding", at=error.start)]) from None
    return read_markdown(text, path.stem)


def read_markdown(text: str, name: str = "data") -> Workbook:
    """Read the Markdown tables of an XLSForm; raises Broken."""
    found: dict[str, list[tuple[int, list[str]]]] = {}
    current: list[tuple[int, list[str]]] | None = None
    for line, words in enumerate(text.splitlines(), start=1):
        cells = _cells(words)
        if cells is None:
            continue
        if cells[0]:
            current = found.setdefault(cells[0].lower(), [])
        if current is not None and any(cells[1:]):
            current.append((line, cells[1:]))
    if len(found) == 1 and not set(found) & set(NAMES):
        found = {"survey": next(iter(found.values()))}
    broken: list[FormProblem] = []
    sheets = {
        sheet: _markdown_sheet(sheet, rows, broken)
        for sheet, rows in found.items()
        if sheet in NAMES and rows
    }
    return _checked(Workbook(sheets, name), broken)


def _cells(words: str) -> list[str] | None:
    if COMMENT.match(words):
        return None
    if trailing := TRAILING_COMMENT.match(words):
        words = trailing[1]
    row = TABLE_ROW.match(words)
    if row is None or RULER.match(row[1]):
        return None
    return [cell.strip().replace(r"\|", "|") for cell in BAR.split(row[1])]


def _markdown_sheet(
    name: str, rows: list[tuple[int, list[str]]], broken: list[FormProblem]
) -> Sheet:
    header = rows[0][1]
    read: list[Row] = []
    for number, (line, cells) in enumerate(rows[1:], start=2):
        lost = [cell for at, cell in enumerate(cells) if cell and not _at(header, at)]
        if lost:
            place = Place(name, number, "", line)
            broken.append(problem("table-broken", place, line=line, count=len(lost)))
        pairs = zip(header, cells, strict=False)
        read.append(Row(number, line, {key: cell for key, cell in pairs if key and cell}))
    return Sheet(name, tuple(key for key in header if key), tuple(read))


def _at(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _read_xlsx(content: bytes, name: str) -> Workbook:
    from cacah.questionnaire.converting import PyXFormError, xlsx_to_dict

    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED_MB * 2**20:
            raise Broken([problem("file-large", limit=MAX_UNPACKED_MB)])
        book = xlsx_to_dict(BytesIO(content))
    except Broken:
        raise
    except PyXFormError as error:
        raise Broken([problem("file-unreadable", kind="xlsx", detail=error)]) from None
    except Exception as error:  # openpyxl and its XML parser raise anything on a damaged file
        detail = f"it is damaged ({type(error).__name__})"
        raise Broken([problem("file-unreadable", kind="xlsx", detail=detail)]) from None
    sheets = {sheet: _xlsx_sheet(sheet, book) for sheet in NAMES if book.get(sheet)}
    return _checked(Workbook(sheets, name), [])


def _xlsx_sheet(name: str, book: dict[str, Any]) -> Sheet:
    header: Iterable[str] = (book.get(f"{name}_header") or [{}])[0]
    rows = (
        Row(number, 0, {key: str(cell) for key, cell in cells.items()})
        for number, cells in enumerate(book[name], start=2)
    )
    return Sheet(name, tuple(header), tuple(rows))


def _checked(workbook: Workbook, broken: list[FormProblem]) -> Workbook:
    if not workbook.sheet("survey").rows:
        broken.append(problem("sheet-missing", sheet="survey"))
    if broken:
        raise Broken(broken)
    return workbook
