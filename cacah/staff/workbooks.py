"""A table as an Excel workbook."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from cacah.staff.tables import Kind, Table, dated, headings

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 32_000
_XLSX_NUMBERS = {
    "count": "#,##0",
    "decimal": "#,##0.0",
    "percent": "0.0",
    "date": "dd/mm/yyyy",
    "time": "dd/mm/yyyy hh:mm",
}
_WIDTHS = {"text": 30, "count": 16, "decimal": 16, "percent": 16, "date": 14, "time": 18}


def workbook(table: Table) -> bytes:
    """Write one sheet with a frozen heading; numbers are numbers, text is never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title or table.name)[:31])
    kinds: list[Kind] = [column.kind for column in table.columns]
    if table.as_of:
        kinds.append("time")
    for n, kind in enumerate(kinds):
        sheet.column_dimensions[_letters(n)].width = _WIDTHS[kind]
    sheet.freeze_panes = "B2"
    sheet.append([_heading_cell(sheet, heading) for heading in headings(table)])
    for row in dated(table):
        sheet.append([_cell(sheet, v, k) for v, k in zip(row, kinds, strict=True)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _heading_cell(sheet: Any, heading: str) -> WriteOnlyCell:
    cell = _cell(sheet, heading, "text")
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: Any, kind: str) -> WriteOnlyCell:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    if kind == "text" and value is not None:
        cell = WriteOnlyCell(sheet, _CONTROL.sub("", str(value))[:_LONGEST_CELL])
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = _XLSX_NUMBERS.get(kind, "General")
    return cell


def _letters(n: int) -> str:
    """Return the letters of the nth column, from 0."""
    return (chr(64 + n // 26) if n >= 26 else "") + chr(65 + n % 26)
