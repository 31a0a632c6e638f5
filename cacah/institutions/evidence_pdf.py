"""The evaluation sheet as a PDF of A4 pages, to be signed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from fpdf import FPDF

from cacah.institutions.evidence import (
    FIGURES,
    Sheet,
    columns,
    figures,
    person_headings,
    person_values,
    values,
)
from cacah.staff import numerals

MARGIN = 15
INK, QUIET, SHADE, LINE = (17, 24, 39), (75, 85, 99), (241, 244, 242), (195, 203, 198)
# In millimetres, of 180: rank, name, figures.
WIDTHS = (15, 50, 15, 16, 14, 14, 19, 20, 17)
PEOPLE_WIDTHS = (62, 58, 24, 36)
ROW = 5.2
# Longer lists are for the workbook: nobody reads a hundred pages in a meeting.
MOST_PEOPLE = 2000
# Letters and marks that Unicode does not take apart, and what is written for them.
_ODD = "\u2013\u2014\u2018\u2019\u02bb\u02bc\u201c\u201dđĐłŁıħĦ"
_EVEN = "--\x27\x27\x27\x27\x22\x22dDlLihH"
_LIKE = dict(zip(_ODD, _EVEN, strict=True)) | {"œ": "oe", "Œ": "OE"}


class _Pages(FPDF):
    """A4 pages that say below what they belong to, and which of how many they are."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + 6)
        self.set_lang(pgettext("locales", "en-GB").partition(",")[0])
        self.set_title(f"{sheet.title} – {sheet.subtitle}")
        self.set_creator("cacah")
        self.set_font("helvetica")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font("helvetica", "", 8)
        self.set_text_color(*QUIET)
        words = _("Page %(page)s of %(last)s") % {"page": self.page_no(), "last": "{nb}"}
        half = self.epw / 2
        self.cell(half, 5, latin(f"{self.sheet.title[:60]} · {self.sheet.time}"))
        self.cell(half, 5, latin(words), align="R")


def pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF in the language that is active."""
    made = _Pages(sheet)
    for text, size, ink, bold in (
        (sheet.title, 18, INK, True),
        (sheet.subtitle, 12, QUIET, False),
        (sheet.time, 10, QUIET, False),
        (sheet.sentence, 12, INK, True),
    ):
        _line(made, text, size, ink, bold=bold)
    made.ln(3)
    _units(made, sheet)
    if sheet.note:
        made.ln(2)
        _line(made, sheet.note, 8, QUIET)
    _signatures(made, sheet)
    if sheet.people is not None:
        _people(made, sheet)
    return bytes(made.output())


def latin(text: str) -> str:
    """Return the text in letters that the PDF's own fonts have: Ş as S, others as a question mark.

    The workbook has every name as it is written.
    """
    plain = "".join(each if ord(each) < 256 else _plainer(each) for each in text)
    return plain.encode("latin-1", "replace").decode("latin-1")


def _plainer(letter: str) -> str:
    parts = _LIKE.get(letter) or unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _line(
    made: FPDF, text: str, size: int, ink: tuple[int, int, int], *, bold: bool = False
) -> None:
    made.set_font("helvetica", "B" if bold else "", size)
    made.set_text_color(*ink)
    made.multi_cell(0, size * 0.5, latin(text), new_x="LMARGIN", new_y="NEXT", align="L")


def _units(made: FPDF, sheet: Sheet) -> None:
    made.set_text_color(*INK)

    def head() -> None:
        _heading(made, [heading for _key, heading in columns()], WIDTHS)

    head()
    for row in sheet.rows:
        _row(made, _written(values(row)), WIDTHS, head)
    if sheet.total is not None:
        made.set_font("helvetica", "B", 8.5)
        total = [None, _("Together"), *figures(sheet.total)]
        _row(made, _written(total), WIDTHS, head, bold=True)


def _people(made: FPDF, sheet: Sheet) -> None:
    made.add_page()
    _line(made, _("Person by person"), 14, INK, bold=True)
    people = list(sheet.people or ())
    if len(people) > MOST_PEOPLE:
        _line(made, _("The list is long; it stands in the Excel file."), 10, INK)
        return
    made.ln(2)

    def head() -> None:
        _heading(made, person_headings(), PEOPLE_WIDTHS, figures_from=99)

    head()
    for each in people:
        _row(made, person_values(sheet, each), PEOPLE_WIDTHS, head, figures_from=99)


def _signatures(made: FPDF, sheet: Sheet) -> None:
    """Draw two places to sign, together on one page."""
    if made.get_y() > made.h - MARGIN - 50:
        made.add_page()
    made.ln(12)
    made.set_font("helvetica", "", 10)
    made.set_text_color(*INK)
    half, top = made.epw / 2, made.get_y()
    for n, who in enumerate(sheet.signing):
        made.set_xy(MARGIN + n * half, top)
        made.cell(half - 10, 5, latin(who))
        made.line(MARGIN + n * half, top + 28, MARGIN + (n + 1) * half - 10, top + 28)
        made.set_xy(MARGIN + n * half, top + 29)
        made.cell(half - 10, 5, latin(_("Name, day, signature")))
    made.set_xy(MARGIN, top + 38)


def _heading(
    made: FPDF, words: Sequence[str], widths: Sequence[float], *, figures_from: int = 2
) -> None:
    made.set_font("helvetica", "B", 7.5)
    made.set_fill_color(*SHADE)
    tall = 3.4 * _lines(made, words, widths)
    left, top = made.get_x(), made.get_y()
    made.rect(left, top, sum(widths), tall + 2, style="F")
    for n, (text, width) in enumerate(zip(words, widths, strict=True)):
        made.set_xy(left, top + 1)
        align = "R" if n >= figures_from or (n == 0 and figures_from == 2) else "L"
        made.multi_cell(width, 3.4, latin(text), align=align)
        left += width
    made.set_xy(MARGIN, top + tall + 2)


def _row(
    made: FPDF,
    cells: Sequence[str],
    widths: Sequence[float],
    head: Callable[[], None],
    *,
    bold: bool = False,
    figures_from: int = 2,
) -> None:
    """Draw a row; a long name takes several lines, and a new page begins with the heading."""
    made.set_font("helvetica", "B" if bold else "", 8.5)
    tall = ROW * _lines(made, cells, widths)
    if made.get_y() + tall > made.page_break_trigger:
        made.add_page()
        made.set_text_color(*INK)
        head()
        made.set_font("helvetica", "B" if bold else "", 8.5)
    left, top = float(MARGIN), made.get_y()
    for n, (text, width) in enumerate(zip(cells, widths, strict=True)):
        made.set_xy(left, top)
        align = "R" if n >= figures_from or (n == 0 and figures_from == 2) else "L"
        made.multi_cell(width, ROW, latin(text), align=align)
        left += width
    made.set_draw_color(*LINE)
    made.line(MARGIN, top + tall, MARGIN + sum(widths), top + tall)
    made.set_xy(MARGIN, top + tall)


def _lines(made: FPDF, texts: Sequence[str], widths: Sequence[float]) -> int:
    """Return how many lines the tallest of some cells takes in the font that is set."""
    broken: list[Any] = [
        made.multi_cell(width, ROW, latin(text), dry_run=True, output="LINES") if text else [""]
        for text, width in zip(texts, widths, strict=True)
    ]
    return max(map(len, broken))


def _written(row: Sequence[object]) -> list[str]:
    """Return the values of a row of figures as they are written."""
    keys = ("rank", "name", *FIGURES)
    words = []
    for key, value in zip(keys, row, strict=True):
        if key == "name":
            words.append(str(value))
        elif key == "rank":
            words.append(numerals.count(value) if value else "")  # type: ignore[arg-type]
        elif key == "percent":
            words.append(numerals.percent(value))  # type: ignore[arg-type]
        else:
            words.append(numerals.count(value))  # type: ignore[arg-type]
    return words
