"""A4 pages of a report: headings, paragraphs, tables and a bar for each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from unicodedata import combining, normalize

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.fonts import FontFace

from cacah.staff.numerals import count, short_day

MARGIN = 16
INK, QUIET, SHADE, LINE = (17, 24, 39), (75, 85, 99), (241, 244, 242), (195, 203, 198)
ACCENT, BAR, CARE = (11, 93, 59), (134, 195, 164), (160, 60, 0)
CHART_HIGH = 42
TYPED = {"–": "-", "—": "-", "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"'}


class Pages(FPDF):
    """Pages that say below what they are of, when the figures were true, and their number."""

    def __init__(self, language: str, title: str, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + 8)
        self.set_lang(language)
        self.set_title(title)
        self.set_creator("cacah")
        self.set_font("helvetica")
        self.set_draw_color(*LINE)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font("helvetica", "", 8)
        self.set_text_color(*QUIET)
        self.cell(self.epw - 30, 5, plain(self.foot))
        words = _("Page %(page)s of %(last)s") % {"page": self.page_no(), "last": "{nb}"}
        self.cell(30, 5, plain(words), align="R")

    def say(
        self, text: str, size: float = 10, ink: tuple[int, int, int] = INK, *, bold: bool = False
    ) -> None:
        """Write a paragraph across the page."""
        self.set_font("helvetica", "B" if bold else "", size)
        self.set_text_color(*ink)
        self.multi_cell(0, size * 0.47, plain(text), new_x="LMARGIN", new_y="NEXT", align="L")

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
        self.set_font("helvetica", "", 9)
        self.set_text_color(*INK)
        with self.table(
            col_widths=widths,
            text_align=("LEFT", *between, "LEFT" if last_is_text else "RIGHT"),
            headings_style=FontFace(emphasis="BOLD", fill_color=SHADE, size_pt=8),
            borders_layout="HORIZONTAL_LINES",
            line_height=4.6,
            padding=(0.6, 1),
        ) as table:
            for cells in (headings, *rows):
                table.row([plain(cell) for cell in cells])

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
        self.set_font("helvetica", "", 7.5)
        self.set_text_color(*QUIET)
        for n, (day, persons) in enumerate(days):
            self.set_xy(left + n * across, bottom + 1)
            self.cell(across, 4, plain(short_day(day)) if n % 2 == 0 else "", align="C")
            self.set_xy(left + n * across, bottom - CHART_HIGH * max(0, persons) / highest - 4)
            self.cell(across, 4, plain(count(persons)), align="C")
        self.set_xy(left, bottom + 6)

    def _key(self, needed: int | None, words: str) -> None:
        """Say above the bars what the dashed line is."""
        if needed:
            self._dashes(self.l_margin, self.l_margin + 9, self.get_y() + 2)
            self.set_x(self.l_margin + 11)
            self.set_font("helvetica", "B", 8.5)
            self.set_text_color(*CARE)
            self.cell(self.epw - 11, 4, plain(words), new_x="LMARGIN", new_y="NEXT")

    def _dashes(self, left: float, right: float, at: float) -> None:
        self.set_draw_color(*CARE)
        self.set_line_width(0.5)
        self.set_dash_pattern(dash=2, gap=1.2)
        self.line(left, at, right, at)
        self.set_dash_pattern()
        self.set_line_width(0.2)
        self.set_draw_color(*LINE)


def plain(text: str) -> str:
    """Return text in the letters of the PDF's own fonts, or those nearest to them.

    What has none becomes a question mark.
    """
    nearest = "".join(each if each <= "\xff" else _nearest(each) for each in text)
    return nearest.encode("latin-1", "replace").decode("latin-1")


def _nearest(letter: str) -> str:
    """Return a letter without its marks, a quotation mark or a dash as typewriters have them."""
    found = TYPED.get(letter) or normalize("NFKD", letter)
    return "".join(each for each in found if not combining(each))
