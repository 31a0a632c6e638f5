"""The evaluation sheet: what an institution, or all of an area, brings to the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side

from cacah.institutions.models import Institution
from cacah.institutions.outsiders import Row
from cacah.institutions.participation_tables import headings, name_of
from cacah.institutions.people import Listed
from cacah.institutions.queries import STATES, Tally
from cacah.institutions.shown import state
from cacah.registry.queries import NoCensus, census
from cacah.staff import numerals

# Of the table of units: the columns of figures, in their order.
FIGURES = ("people", *STATES, "percent")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on it; `people` only for those whose own people they are."""

    title: str
    rows: Sequence[Row]
    total: Tally | None
    as_of: datetime = field(default_factory=timezone.now)
    people: Sequence[Listed] | None = None
    units: dict[int, Institution] = field(default_factory=dict)
    # Who signs, from left to right.
    signing: tuple[str, str] = ("", "")

    @property
    def subtitle(self) -> str:
        return _("Participation in: %(census)s") % {"census": census_name()}

    @property
    def time(self) -> str:
        """Return day and time of the figures, with the zone: a sheet travels."""
        here = timezone.localtime(self.as_of)
        said = {
            "day": numerals.day(here.date()),
            "time": numerals.clock(here),
            "zone": here.tzname(),
        }
        return _("Figures of %(day)s, %(time)s %(zone)s") % said

    @property
    def sentence(self) -> str:
        if self.total is None:
            return _("Too few people are to take part to show figures.")
        return _(
            "%(complete)s of %(asked)s people are complete: %(percent)s of those not exempt."
        ) % {
            "complete": numerals.count(self.total.complete),
            "asked": numerals.count(self.total.asked),
            "percent": numerals.percent(self.total.percent),
        }

    @property
    def note(self) -> str:
        """Return what an outsider has to know of small units; nothing on an own sheet."""
        if self.people is not None:
            return ""
        return _(
            "Institutions and units with fewer than five people who are not exempt are shown "
            "together with others."
        )


def census_name() -> str:
    try:
        return census().name
    except NoCensus:
        return _("the census")


def columns() -> list[tuple[str, str]]:
    """Return key and heading of each column of the table of units."""
    words = headings() | {"rank": _("Rank"), "percent": _("Per cent complete")}
    return [(key, words[key]) for key in ("rank", "name", *FIGURES)]


def values(row: Row) -> list[Any]:
    """Return rank, name and figures of a row, None where they are not shown."""
    return [row.rank, name_of(row), *figures(row.counts)]


def figures(counts: Tally | None) -> list[Any]:
    if counts is None:
        return [None] * len(FIGURES)
    share = None if counts.percent is None else round(counts.percent, 1)
    return [getattr(counts, name) for name in FIGURES[:-1]] + [share]


def person_values(sheet: Sheet, each: Listed) -> list[str]:
    """Return name, unit, state and remark."""
    line = state(each)
    return [each.name, sheet.units[each.institution].name, line["state"], line["why"]]


def person_headings() -> list[str]:
    return [_("Name"), _("Unit"), pgettext("of a person", "State"), _("Remark")]


def xlsx(sheet: Sheet) -> bytes:
    """Return it as a workbook: units, and people on a second sheet."""
    book = Workbook(write_only=True)
    _units(book.create_sheet(_("Units")[:31]), sheet)
    if sheet.people is not None:
        _people(book.create_sheet(_("People")[:31]), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _units(page: Any, sheet: Sheet) -> None:
    for letter, width in zip("ABCDEFGHI", (8, 44, *[13] * 7), strict=True):
        page.column_dimensions[letter].width = width
    for text, size in ((sheet.title, 14), (sheet.subtitle, 11), (sheet.time, 11)):
        page.append([_text(page, text, bold=size > 11, size=size)])
    page.append([_text(page, sheet.sentence, bold=True)])
    page.append([])
    page.append([_text(page, heading, bold=True, wrap=True) for _key, heading in columns()])
    for row in sheet.rows:
        page.append(_figures(page, values(row)))
    if sheet.total is not None:
        page.append(_figures(page, [None, _("Together"), *figures(sheet.total)], bold=True))
    for line in (sheet.note, ""):
        page.append([_text(page, line)])
    page.append([])
    left, right = sheet.signing
    page.append([None, _text(page, left), None, None, _text(page, right)])
    for _line in range(3):
        page.append([])
    signature = "." * 40
    page.append([None, _text(page, signature), None, None, _text(page, signature)])


def _people(page: Any, sheet: Sheet) -> None:
    for letter, width in zip("ABCD", (36, 44, 16, 40), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
    page.append([_text(page, heading, bold=True) for heading in person_headings()])
    for each in sheet.people or ():
        page.append([_text(page, value) for value in person_values(sheet, each)])


def _figures(page: Any, row: list[Any], *, bold: bool = False) -> list[Any]:
    cells = []
    line = Side(style="thin", color="C3CBC6")
    for key, value in zip(("rank", "name", *FIGURES), row, strict=True):
        if key == "name":
            cell = _text(page, value, bold=bold, wrap=True)
        else:
            cell = WriteOnlyCell(page, value)
            cell.number_format = "0.0" if key == "percent" else "#,##0"
            cell.font = Font(bold=bold)
        cell.border = Border(bottom=line)
        cells.append(cell)
    return cells


def _text(page: Any, text: str, *, bold: bool = False, wrap: bool = False, size: int = 11) -> Any:
    """Return a cell of text, which is never a formula."""
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.font = Font(bold=bold, size=size)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    return cell
