"""A4 pages of a report: headings, paragraphs, tables and a bar for each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from fpdf.fonts import FontFace

from cacah.staff.numerals import count, short_day
from cacah.staff.paper import INK, LINE, QUIET, SHADE, Paper

MARGIN = 16
ACCENT, BAR, CARE = (11, 93, 59), (134, 195, 164), (160, 60, 0)
CHART_HIGH = 42


class Pages(Paper):
    """Pages that say below what they are of, when the figures were true, and their number."""

    def __init__(self, language: str, title: str, foot: str) -> None:
        super().__init__(title=title, language=language, margin=MARGIN, foot=8)
        self.foot = foot
        self.set_draw_color(*LINE)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_text_color(*QUIET)
        self.cell(self.epw - 30, 5, self.pen(self.foot, 8))
        words = _("Page %(page)s of %(last)s") % {"page": self.page_no(), "last": "{nb}"}
        self.cell(30, 5, self.pen(words, 8), align="R")

    def heading(self, text: str, *, room: float = 30) -> None:
        """Write a heading that has so many millimetres of its section below it."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(5)
        self.say(text, 12.5, ACCENT, bold=True)
        self.ln(1.5)

    def grid(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        last_is_text: bool = False,
    ) -> None:
        """Write a table; the first column is text, the others numbers."""
        between = ["RIGHT"] * (len(headings) - 2)
        lines = [self.pens(cells, 9) for cells in (headings, *rows)]
        self.pen("".join(map("".join, lines)), 9)
        self.set_text_color(*INK)
        with self.table(
            col_widths=widths,
            text_align=("LEFT", *between, "LEFT" if last_is_text else "RIGHT"),
            headings_style=FontFace(emphasis="BOLD", fill_color=SHADE, size_pt=8),
            borders_layout="HORIZONTAL_LINES",
            line_height=4.6,
            padding=(0.6, 1),
        ) as table:
            for cells in lines:
                table.row(cells)

    def bars(self, days: Sequence[tuple[date, int]], needed: int | None, words: str) -> None:
        """Draw a bar for each day and a dashed line at what is needed a day."""
        highest = max([1, needed or 0, *(n for _, n in days)])
        self._key(needed, words)
        left, top = self.l_margin, self.get_y() + 5
        bottom, across = top + CHART_HIGH, self.epw / max(1, len(days))
        self.set_fill_color(*BAR)
        for n, (_day, persons) in enumerate(days):
            high = CHART_HIGH * max(0, persons) / highest
            if high:
                self.rect(left + n * across + 0.6, bottom - high, across - 1.2, high, style="F")
        self.line(left, bottom, left + self.epw, bottom)
        self.set_fill_color(255)
        if needed:
            self._dashes(left, left + self.epw, bottom - CHART_HIGH * needed / highest)
        self.pen("", 7.5)
        self.set_text_color(*QUIET)
        for n, (day, persons) in enumerate(days):
            self.set_xy(left + n * across, bottom + 1)
            self.cell(across, 4, short_day(day) if n % 2 == 0 else "", align="C")
            self.set_xy(left + n * across, bottom - CHART_HIGH * max(0, persons) / highest - 4)
            self.cell(across, 4, count(persons), align="C")
        self.set_xy(left, bottom + 6)

    def _key(self, needed: int | None, words: str) -> None:
        """Say above the bars what the dashed line is."""
        if needed:
            self._dashes(self.l_margin, self.l_margin + 9, self.get_y() + 2)
            self.set_x(self.l_margin + 11)
            self.set_text_color(*CARE)
            self.cell(
                self.epw - 11, 4, self.pen(words, 8.5, bold=True), new_x="LMARGIN", new_y="NEXT"
            )

    def _dashes(self, left: float, right: float, at: float) -> None:
        self.set_draw_color(*CARE)
        self.set_line_width(0.5)
        self.set_dash_pattern(dash=2, gap=1.2)
        self.line(left, at, right, at)
        self.set_dash_pattern()
        self.set_line_width(0.2)
        self.set_draw_color(*LINE)
