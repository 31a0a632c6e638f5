"""Writes a questionnaire for other programs: XForm, xlsx, and the codebook as HTML and CSV."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook as Spreadsheet
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cacah.questionnaire.codebook import as_csv, as_html
from cacah.questionnaire.model import Instrument
from cacah.questionnaire.sheets import NAMES, Workbook

WIDTH = 28


def export(instrument: Instrument, xform: str, workbook: Workbook, folder: Path) -> list[Path]:
    """Write the four files into a folder, named after the form; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in instrument.id)
    paths = [folder / f"{name}{ending}" for ending in (".xml", ".xlsx", ".html", ".csv")]
    paths[0].write_text(xform, encoding="utf-8")
    write_xlsx(workbook, paths[1])
    paths[2].write_text(as_html(instrument), encoding="utf-8")
    paths[3].write_text(as_csv(instrument), encoding="utf-8", newline="")
    return paths


def write_xlsx(workbook: Workbook, path: Path) -> None:
    """Write the sheets as xlsx, every cell as text, so that `01` stays `01`."""
    book = Spreadsheet()
    book.remove(book.active)
    for name in NAMES:
        sheet = workbook.sheets.get(name)
        if sheet is None:
            continue
        page = book.create_sheet(name)
        page.append(list(sheet.header))
        for row in sheet.rows:
            page.append([row.cells.get(header) for header in sheet.header])
        for cells in page.iter_rows():
            for cell in cells:
                if cell.value is not None:
                    cell.data_type = "s"
                    cell.number_format = "@"
        for cell in page[1]:
            cell.font = Font(bold=True)
            page.column_dimensions[get_column_letter(cell.column)].width = WIDTH
        page.freeze_panes = "A2"
    book.save(path)
