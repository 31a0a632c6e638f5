"""Reads xlsx with openpyxl, after looking whether it can be read without harm."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from cacah.institutions.files.cells import NUMBER
from cacah.institutions.files.harmless import look_through
from cacah.institutions.files.problems import BadRoster

Row = tuple[int, list[str]]
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_HIDDEN = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"')
_BLOCK = 1 << 20


class Workbook:
    """A workbook's visible sheets, each a stream of rows."""

    def __init__(self, file: BinaryIO) -> None:
        """Look at the parts; raises BadRoster for a bomb, a DTD, or what is no workbook."""
        self._file = file
        _look_inside(file)
        # Only here: every command imports this module, and few read a workbook.
        import openpyxl

        try:
            self._book = openpyxl.load_workbook(
                file, read_only=True, data_only=True, keep_links=False
            )
        except _BROKEN as error:
            raise BadRoster("broken") from error
        self.sheets = [s for s in self._book.worksheets if s.sheet_state == "visible"]

    def rows(self, sheet: Any) -> Iterator[Row]:
        """Yield the number and the cells of each row; numbers and formulas are marked."""
        try:
            # A wrong or huge dimension would have each row padded to it.
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                yield number, [_text(value) for value in values]
        except _BROKEN as error:
            raise BadRoster("broken") from error

    def hidden_rows(self, sheet: Any) -> int:
        """Return how many rows of a sheet are hidden, by a filter for example."""
        found, tail = 0, b""
        with zipfile.ZipFile(self._file) as parts, parts.open(sheet._worksheet_path) as part:
            while block := part.read(_BLOCK):
                text = tail + block
                whole = text.rfind(b">") + 1
                found += len(_HIDDEN.findall(text[:whole]))
                tail = text[whole:][-4096:]
        return found

    def formulas(self, title: str, rows: set[int], column: int) -> set[int]:
        """Return those of the rows whose cell in this column, from 0, is a formula."""
        import openpyxl

        book = openpyxl.load_workbook(self._file, read_only=True, keep_links=False)
        sheet = book[title]
        sheet.reset_dimensions()
        found = set()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if number in rows and len(cells) > column and str(cells[column] or "").startswith("="):
                found.add(number)
        return found

    def close(self) -> None:
        """Free what openpyxl holds."""
        self._book.close()


def _look_inside(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as parts:
            look_through(parts)
    except BadRoster:
        raise
    except _BROKEN as error:
        raise BadRoster("broken") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return NUMBER + (str(int(value)) if whole and abs(value) < 2**53 else repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)
