"""What can be wrong with a roster file or a row of it, and how to put it right, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# The file as such cannot be used.
FILES = {
    "too-large": _(
        "The file is larger than %(megabytes)s MB. A roster of 50,000 people has about 3 MB: save"
        " only the columns NIK, name, staff number and unit, or send the units one by one."
    ),
    "too-many-leave": _(
        "%(people)s people who came onto the rosters within the last 7 days would leave them"
        " today. At most %(most)s a day may leave so soon, because a NIK that is only tried out"
        " shows how far a stranger is. Nothing was changed. The officers above see this on their"
        " home page and can allow it."
    ),
    "empty": _("The file is empty."),
    "no-rows": _("Below the headings there is nobody: every row is empty."),
    "no-headings": _(
        "None of the first 30 rows has the headings NIK and Nama. Write them above the columns; "
        "other headings may stay as they are."
    ),
    "no-columns": _(
        "The first row must name the columns; nama and jenis are needed. Others are kode, induk, "
        "wilayah, alamat, wajib."
    ),
    "two-columns": _("Two columns could hold the NIK: %(columns)s. Rename or remove one of them."),
    "password": _(
        "The workbook is protected by a password, so that nobody can read it here. In Excel "
        "choose File, Info, Protect Workbook, and save it without a password."
    ),
    "xls": _(
        "This is an old Excel workbook (.xls). Open it and save it as Excel Workbook (.xlsx) or "
        "as CSV."
    ),
    "ods": _("This is an OpenDocument spreadsheet. Save it as Excel Workbook (.xlsx) or as CSV."),
    "xlsb": _(
        "This is a binary Excel workbook (.xlsb). Save it as Excel Workbook (.xlsx) or as CSV."
    ),
    "web-page": _(
        "This is a web page whose name ends like a spreadsheet's, as some programs export it. "
        "Open it in Excel and save it as Excel Workbook (.xlsx)."
    ),
    "pdf": _("This is a PDF. The table is needed as a spreadsheet: Excel (.xlsx) or CSV."),
    "picture": _("This is a picture. The table is needed as a spreadsheet: Excel (.xlsx) or CSV."),
    "document": _(
        "This is a text document or a presentation. The table is needed as a spreadsheet: Excel "
        "(.xlsx) or CSV."
    ),
    "broken": _(
        "The workbook is damaged or was not sent completely. Open it, save it once more and send "
        "it again."
    ),
    "not-stored": _(
        "Storing was broken off. Nothing was taken, and the roster is as it was before. Take the "
        "roster once more; if that fails again, tell the operator."
    ),
    "bomb": _(
        "Unpacked, the workbook would be larger than %(megabytes)s MB. Copy the table into a new "
        "workbook and send that."
    ),
    "too-many": _("The file has more than %(rows)s rows. Send the units one by one."),
    "quote": _(
        "From row %(row)s on, a quotation mark is opened and never closed. Remove it from that row."
    ),
    "binary": _("This is no spreadsheet and no text. Excel (.xlsx) or CSV is needed."),
}
# What was forgiven or left out: nothing needs to be done.
NOTES = {
    "sheet": _("Read from the sheet %(sheet)s."),
    "row": _("The headings stand in row %(row)s."),
    "encoding": _(
        "The file is not in UTF-8; it was read as Windows-1252. Look whether names with accents "
        "are right."
    ),
    "numbering": _("Row %(row)s only numbers the columns and was left out."),
    "hidden": _("Hidden rows were read like all others: %(rows)s."),
    "blank": _(
        "After row %(row)s come more than 2,000 empty rows; what may stand below them was not read."
    ),
    "unused": _("Not used, and not kept: %(columns)s."),
    "repeated": _("Rows that repeat an earlier row are left out: %(rows)s."),
    "number": _("NIKs written as numbers were whole and were taken: %(rows)s."),
}
# What is wrong with a row; `column` is nik, name, number, unit or row.
ROWS = {
    "nik:empty": _("The NIK is missing."),
    "nik:digits": _("A NIK has 16 digits; here are %(count)s."),
    "nik:letters": _("A NIK has digits only; here stands something else."),
    "nik:excel": _(
        "Excel has turned the NIK into a number such as 3.33E+15 and lost its last digits. "
        "Type the NIK again; format the column as text before."
    ),
    "nik:float": _(
        "A spreadsheet keeps only 15 digits of a number for certain, so the last digit of this "
        "NIK may be wrong. Type the NIK again; format the column as text before."
    ),
    "nik:formula": _("The cell holds a formula without a result. Type the NIK itself."),
    "nik:same": _("This is no NIK: all its digits are alike."),
    "nik:twice": _(
        "Row %(row)s has the same NIK with another name. Correct the NIK of one of them, or leave"
        " out this row."
    ),
    "nik:two-units": _(
        "Row %(row)s has the same person in another unit. Leave out one of the rows."
    ),
    "name:empty": _("The name is missing."),
    "name:letters": _("A name has at least two letters."),
    "name:long": _("The name is longer than 100 characters."),
    "number:long": _("The staff number is longer than 40 characters."),
    "unit:long": _("The unit's name is longer than 150 characters."),
    "row:columns": _(
        "The row has more cells than there are headings, so they may be shifted: a separator "
        "inside a name?"
    ),
    "row:quote": _(
        "A quotation mark in this row is never closed, so people of the rows below stand in it"
        " too. Close it in your file and send the file again."
    ),
}


def sentence(kind: dict[str, Any], code: str, more: dict[str, Any]) -> str:
    """Return the sentence of a code in the language of the page."""
    return str(kind[code]) % more


class BadRoster(ValueError):
    """Raised for a file that cannot be used at all; `code` is one of FILES."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more
