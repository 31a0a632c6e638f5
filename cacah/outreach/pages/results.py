"""What outreach brought: a table by team, visit, event, session or week, and a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cacah.areas.codes import dotted
from cacah.outreach import seats
from cacah.outreach.comparing import Comparison
from cacah.outreach.forms import code_of
from cacah.outreach.models import Team, VisitKind
from cacah.outreach.pages.week import area_name
from cacah.outreach.queries.rises import TooMany, comparison
from cacah.outreach.queries.weeks import WEEK, monday_of
from cacah.outreach.queries.yields import Effort, Yield, efforts
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.tables import Column, Table, download, downloads

WEEKS = 4
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Line:
    """A team, visit, event, session or week: what orders it, its name and area, what it brought."""

    order: tuple[str, int]
    name: str
    area: str
    day: date | None
    brought: Yield

    @property
    def place(self) -> dict[str, object]:
        return {"area": dotted(self.area) if self.area else None, "day": self.day}


@require_safe
@office(Permission.PLAN_OUTREACH)
def results(request: OfficeRequest) -> HttpResponse:
    """Show what an area's outreach brought between two days; `?format=` gives it as a file."""
    area = seats.area_asked(request)
    first, last = span(request)
    by = request.GET.get("per", "")
    by = by if by in WAYS else "pekan"
    found = efforts(area, first, last)
    lines = lines_of(found, by, lambda team: seats.plans(request, team.area_id))
    table = _table(lines, by, first, last)
    if "format" in request.GET:
        return download(table, request.GET["format"])
    total = sum((each.brought for each in found), Yield())
    context = {
        "area": code_of(area) or "0",
        "name": area_name(area),
        "areas": _areas(request, area),
        "first": first,
        "last": last,
        "by": by,
        "ways": [(key, label()) for key, (label, _line) in WAYS.items()],
        **_on_page(table),
        "total": _figures(total),
        "downloads": downloads(request),
        "said": _said(area, first, last),
    }
    return render(request, "outreach/results.html", context)


def span(request: HttpRequest) -> tuple[date, date]:
    """Return the days that are asked for, a year at most; this week and the three before it."""
    monday = monday_of(timezone.localdate())
    first = _day(request, "dari") or monday - (WEEKS - 1) * WEEK
    last = _day(request, "sampai") or max(first, monday + WEEK - timedelta(days=1))
    first, last = min(first, last), max(first, last)
    return first, min(last, first + LONGEST)


def lines_of(found: Iterable[Effort], by: str, may_name: Callable[[Team], bool]) -> list[Line]:
    """Return a line for each team, visit, event, session or week, in order.

    Of a team that somebody else plans `may_name` keeps the name back.
    """
    lines: dict[tuple[str, int], Line] = {}
    for each in found:
        made = WAYS[by][1](each, may_name)
        if made is None:
            continue
        if there := lines.get(made.order):
            brought = there.brought + made.brought
            made = Line(there.order, there.name, there.area, there.day, brought)
        lines[made.order] = made
    return sorted(lines.values(), key=lambda line: line.order)


def _of_team(each: Effort, may_name: Callable[[Team], bool]) -> Line:
    team = each.visit.team if each.visit else each.session.team if each.session else None
    if team is None:
        return Line(("~", 0), _("No team"), "", None, each.brought)
    if not may_name(team):
        return Line(("~", 1), _("A team of another office"), "", None, each.brought)
    return Line((team.name, team.pk), team.name, team.area_id, None, each.brought)


def _of_visit(each: Effort, may_name: Callable[[Team], bool]) -> Line | None:
    visit = each.visit
    if visit is None or visit.kind == VisitKind.EVENT:
        return None
    return Line((str(visit.day), visit.pk), visit.title, visit.area_id, visit.day, each.brought)


def _of_event(each: Effort, may_name: Callable[[Team], bool]) -> Line | None:
    visit = each.visit
    if visit is None or visit.kind != VisitKind.EVENT:
        return None
    return Line((str(visit.day), visit.pk), visit.title, visit.area_id, visit.day, each.brought)


def _of_session(each: Effort, may_name: Callable[[Team], bool]) -> Line | None:
    one = each.session
    if one is None:
        return None
    return Line((str(each.day), one.pk), one.title, one.area_id, each.day, each.brought)


def _of_week(each: Effort, may_name: Callable[[Team], bool]) -> Line:
    monday = monday_of(each.day)
    name = _("Week of %(day)s") % {"day": numerals.day(monday)}
    return Line((str(monday), 0), name, "", monday, each.brought)


# How a URL names what the lines are of, how a page does, and what makes a line.
WAYS: dict[
    str, tuple[Callable[[], str], Callable[[Effort, Callable[[Team], bool]], Line | None]]
] = {
    "pekan": (lambda: _("Week"), _of_week),
    "tim": (lambda: _("Team"), _of_team),
    "kunjungan": (lambda: _("Visit"), _of_visit),
    "acara": (lambda: _("Event"), _of_event),
    "sesi": (lambda: _("Session"), _of_session),
}


def _table(lines: Iterable[Line], by: str, first: date, last: date) -> Table:
    names = {
        "reached": _("People reached"),
        "on_the_spot": _("Families finished on the spot"),
        "within_three_days": _("Finished within three days after"),
        "not_found": pgettext("a column", "Not found"),
        "no_documents": pgettext("a column", "No documents"),
        "no_signal": _("No signal"),
        "refused": _("Refused"),
        "other": _("Another reason"),
        "souvenirs": _("Souvenirs"),
        "cost": _("Cost, rupiah"),
    }
    # Souvenirs and cost are a whole visit's.
    left_out = {"souvenirs", "cost"} if by == "sesi" else set()
    shown = [each.name for each in fields(Yield) if each.name not in left_out]
    figures = [Column(key, names[key], "count") for key in shown]
    # A week lies in no one area, a team's work on no one day.
    place = [
        *([] if by == "pekan" else [Column("area", _("Area"))]),
        *([] if by in ("pekan", "tim") else [Column("day", _("Day"), "date")]),
    ]
    rows = [
        (
            line.name,
            *(line.place[column.key] for column in place),
            *(getattr(line.brought, key) for key in shown),
        )
        for line in lines
    ]
    return Table(
        f"outreach-{by}-{first.isoformat()}-{last.isoformat()}",
        (Column(by, WAYS[by][0]()), *place, *figures),
        rows,
        as_of=timezone.now(),
        title=_("What it brought"),
    )


def _on_page(table: Table) -> dict[str, object]:
    """Return headings and rows as a page has them, without an area that all lines have."""
    keys = [column.key for column in table.columns]
    at = keys.index("area") if "area" in keys else -1
    is_one = at >= 0 and len({row[at] for row in table.rows}) < 2
    kept = [n for n in range(len(keys)) if not (is_one and n == at)]
    write = numerals.row_writer([table.columns[n].kind for n in kept])
    return {
        "headings": [table.columns[n].heading for n in kept],
        "rows": [write([row[n] for n in kept]) for row in table.rows],
    }


def _figures(total: Yield) -> list[tuple[str, str]]:
    """Return the sum of it all in the words of a sentence."""
    return [
        (_("People reached"), numerals.count(total.reached)),
        (_("Families finished on the spot"), numerals.count(total.on_the_spot)),
        (_("Finished within three days after"), numerals.count(total.within_three_days)),
        (_("Souvenirs"), numerals.count(total.souvenirs)),
    ]


def _said(area: str, first: date, last: date) -> list[str]:
    """Say how visited and other institutions rose, and what that is and is not."""
    try:
        found = comparison(area, first, last)
    except TooMany:
        return [_("This area has too many people to be compared at once. Choose a part of it.")]
    if found is None:
        return [_("For a comparison five institutions must have been visited, and five not.")]
    return [_sides(found), _difference(found), _caveat()]


def _sides(found: Comparison) -> str:
    words = _(
        "At %(visited)s visited institutions %(rise)s percentage points of the people asked became "
        "complete in this time; at %(others)s not visited it was %(other_rise)s."
    )
    return words % {
        "visited": numerals.count(found.visited.institutions),
        "others": numerals.count(found.others.institutions),
        "rise": numerals.decimal(found.visited.rise),
        "other_rise": numerals.decimal(found.others.rise),
    }


def _difference(found: Comparison) -> str:
    words = _(
        "The difference is %(difference)s percentage points (95%% interval: %(low)s to %(high)s)."
    )
    return words % {
        "difference": numerals.decimal(found.difference),
        "low": numerals.decimal(found.low),
        "high": numerals.decimal(found.high),
    }


def _caveat() -> str:
    return _(
        "This compares institutions of the same area and time; it is no experiment. Offices choose "
        "where to go, so the difference need not come from the visits."
    )


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _areas(request: OfficeRequest, area: str) -> list[tuple[str, str, bool]]:
    own = request.scope.areas(Permission.PLAN_OUTREACH)
    codes = own if area in own else (area, *own)
    return [(code_of(code) or "0", area_name(code), code == area) for code in codes]
