"""The evaluation sheet as a PDF of A4 pages, to be signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
from cacah.staff.paper import INK, LINE, QUIET, SHADE, Paper

MARGIN = 15
# In millimetres, of 180: rank, name, figures.
WIDTHS = (15, 50, 15, 16, 14, 14, 19, 20, 17)
PEOPLE_WIDTHS = (62, 58, 24, 36)
ROW = 5.2
# Longer lists are for the workbook: nobody reads a hundred pages in a meeting.
MOST_PEOPLE = 2000


class _Pages(Paper):
    """A4 pages that say below what they belong to, and which of how many they are."""

    def __init__(self, sheet: Sheet) -> None:
        language = pgettext("locales", "en-GB").partition(",")[0]
        title = f"{sheet.title} – {sheet.subtitle}"
        super().__init__(title=title, language=language, margin=MARGIN, foot=6)
        self.sheet = sheet
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_text_color(*QUIET)
        pages = _("Page %(page)s of %(last)s") % {"page": self.page_no(), "last": "{nb}"}
        words = f"{self.sheet.title[:60]} · {self.sheet.time}"
        half = self.epw / 2
        self.cell(half, 5, self.pen(words, 8))
        self.cell(half, 5, self.pen(pages, 8), align="R")


def pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF in the language that is active."""
    made = _Pages(sheet)
    for text, size, ink, bold in (
        (sheet.title, 18, INK, True),
        (sheet.subtitle, 12, QUIET, False),
        (sheet.time, 10, QUIET, False),
        (sheet.sentence, 12, INK, True),
    ):
        made.say(text, size, ink, bold=bold)
    made.ln(3)
    _units(made, sheet)
    if sheet.note:
        made.ln(2)
        made.say(sheet.note, 8, QUIET)
    _signatures(made, sheet)
    if sheet.people is not None:
        _people(made, sheet)
    return bytes(made.output())


def _units(made: Paper, sheet: Sheet) -> None:
    made.set_text_color(*INK)

    def head() -> None:
        _heading(made, [heading for _key, heading in columns()], WIDTHS)

    head()
    for row in sheet.rows:
        _row(made, _written(values(row)), WIDTHS, head)
    if sheet.total is not None:
        total = [None, _("Together"), *figures(sheet.total)]
        _row(made, _written(total), WIDTHS, head, bold=True)


def _people(made: Paper, sheet: Sheet) -> None:
    made.add_page()
    made.say(_("Person by person"), 14, bold=True)
    people = list(sheet.people or ())
    if len(people) > MOST_PEOPLE:
        made.say(_("The list is long; it stands in the Excel file."))
        return
    made.ln(2)

    def head() -> None:
        _heading(made, person_headings(), PEOPLE_WIDTHS, figures_from=99)

    head()
    for each in people:
        _row(made, person_values(sheet, each), PEOPLE_WIDTHS, head, figures_from=99)


def _signatures(made: Paper, sheet: Sheet) -> None:
    """Draw two places to sign, together on one page."""
    if made.get_y() > made.h - MARGIN - 50:
        made.add_page()
    made.ln(12)
    made.set_text_color(*INK)
    half, top = made.epw / 2, made.get_y()
    for n, who in enumerate(sheet.signing):
        made.set_xy(MARGIN + n * half, top)
        made.cell(half - 10, 5, made.pen(who))
        made.line(MARGIN + n * half, top + 28, MARGIN + (n + 1) * half - 10, top + 28)
        made.set_xy(MARGIN + n * half, top + 29)
        made.cell(half - 10, 5, made.pen(_("Name, day, signature")))
    made.set_xy(MARGIN, top + 38)


def _heading(
    made: Paper, words: Sequence[str], widths: Sequence[float], *, figures_from: int = 2
) -> None:
    words = made.pens(words, 7.5, bold=True)
    made.set_fill_color(*SHADE)
    tall = 3.4 * _lines(made, words, widths)
    left, top = made.get_x(), made.get_y()
    made.rect(left, top, sum(widths), tall + 2, style="F")
    for n, (text, width) in enumerate(zip(words, widths, strict=True)):
        made.set_xy(left, top + 1)
        align = "R" if n >= figures_from or (n == 0 and figures_from == 2) else "L"
        made.multi_cell(width, 3.4, text, align=align)
        left += width
    made.set_xy(MARGIN, top + tall + 2)


def _row(
    made: Paper,
    cells: Sequence[str],
    widths: Sequence[float],
    head: Callable[[], None],
    *,
    bold: bool = False,
    figures_from: int = 2,
) -> None:
    """Draw a row; a long name takes several lines, and a new page begins with the heading."""
    words = made.pens(cells, 8.5, bold=bold)
    tall = ROW * _lines(made, words, widths)
    if made.get_y() + tall > made.page_break_trigger:
        made.add_page()
        made.set_text_color(*INK)
        head()
        made.pens(cells, 8.5, bold=bold)
    left, top = float(MARGIN), made.get_y()
    for n, (text, width) in enumerate(zip(words, widths, strict=True)):
        made.set_xy(left, top)
        align = "R" if n >= figures_from or (n == 0 and figures_from == 2) else "L"
        made.multi_cell(width, ROW, text, align=align)
        left += width
    made.set_draw_color(*LINE)
    made.line(MARGIN, top + tall, MARGIN + sum(widths), top + tall)
    made.set_xy(MARGIN, top + tall)


def _lines(made: Paper, texts: Sequence[str], widths: Sequence[float]) -> int:
    """Return how many lines the tallest of some cells takes in the font that is set."""
    broken: list[Any] = [
        made.multi_cell(width, ROW, text, dry_run=True, output="LINES") if text else [""]
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
