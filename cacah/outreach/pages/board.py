"""The board of a week: teams down, days across, each visit a card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.models import Activity, Team, Visit, VisitState
from cacah.outreach.queries.problems import minute_of
from cacah.outreach.queries.weeks import days_of, meetings_of, visits_of
from cacah.staff import numerals

# The class by which a state gets its shape and colour.
SHAPES = {
    VisitState.PLANNED: "none",
    VisitState.UNDER_WAY: "begun",
    VisitState.DONE: "done",
    VisitState.CANCELLED: "exempt",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A visit as a card; `late` where it ends after closing or after the team's day."""

    visit: Visit
    clock: str
    state: str
    shape: str
    is_late: bool
    # It was planned for a day that is over, and did not begin.
    is_missed: bool
    # It can be dragged, moved and agreed.
    is_open: bool
    can_be_cancelled: bool


@dataclass(slots=True)
class Cell:
    """A team's day."""

    day: date
    works: bool
    cards: list[Card] = field(default_factory=list)
    meetings: list[Activity] = field(default_factory=list)
    # Nothing may be put into it any more.
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A team's week; `many` of the visits it can do."""

    team: Team
    cells: list[Cell]
    many: int

    @property
    def is_too_much(self) -> bool:
        return self.many > self.team.visits_per_week


@dataclass(frozen=True, slots=True)
class Board:
    """A week of an area's teams."""

    days: list[date]
    rows: list[Row]
    # Events of these days that no team has yet.
    unassigned: list[Card]
    visits: list[Visit]


def board_of(area: str, monday: date, teams: Sequence[Team]) -> Board:
    """Return the week of these teams of an area; weekends only where something is on them."""
    visits = list(visits_of(area, monday))
    by_day: dict[tuple[int | None, date], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.day:
            by_day[visit.team_id, visit.day].append(visit)
    meetings = list(meetings_of(area, monday))
    days = _days(monday, teams, [day for _team, day in by_day], meetings)
    rows = [_row(team, days, by_day, meetings) for team in teams]
    unassigned = [card(visit) for day in days for visit in by_day.get((None, day), [])]
    return Board(days, rows, unassigned, visits)


def card(visit: Visit) -> Card:
    """Return a visit as a card."""
    state = VisitState(visit.state)
    today = timezone.localdate()
    planned = state == VisitState.PLANNED
    return Card(
        visit,
        clock(visit.starts_at),
        str(state.label) if not planned or visit.day else _("waits for a day"),
        SHAPES[state],
        is_late(visit),
        planned and visit.day is not None and visit.day < today,
        planned and not visit.locked,
        state in (VisitState.PLANNED, VisitState.UNDER_WAY),
    )


def clock(when: time | None) -> str:
    """Return a time of day as the language writes it, a dash for none."""
    if when is None:
        return numerals.NONE
    here = timezone.localtime().replace(hour=when.hour, minute=when.minute)
    return numerals.clock(here)


def is_late(visit: Visit) -> bool:
    """Tell whether a visit ends after the place closes or after the team's day."""
    if visit.starts_at is None or visit.team is None or visit.locked:
        return False
    ends = minute_of(visit.starts_at) + visit.minutes
    there = getattr(visit.institution, "destination", None) if visit.institution_id else None
    closes = minute_of(there.closes) if there and there.closes else 24 * 60
    return ends > min(closes, minute_of(visit.team.ends))


def _days(
    monday: date, teams: Iterable[Team], used: Iterable[date], meetings: Iterable[Activity]
) -> list[date]:
    weekdays = {day - 1 for team in teams for day in team.working_days} | set(range(5))
    weekdays |= {(day - monday).days for day in used}
    weekdays |= {(meeting.day - monday).days for meeting in meetings}
    return [day for n, day in enumerate(days_of(monday)) if n in weekdays]


def _row(
    team: Team,
    days: Sequence[date],
    by_day: dict[tuple[int | None, date], list[Visit]],
    meetings: Sequence[Activity],
) -> Row:
    theirs = [meeting for meeting in meetings if team in meeting.teams.all()]
    today = timezone.localdate()
    cells = [
        Cell(
            day,
            day.isoweekday() in team.working_days,
            [card(visit) for visit in by_day.get((team.pk, day), [])],
            [meeting for meeting in theirs if meeting.day == day],
            day < today,
        )
        for day in days
    ]
    many = sum(each.visit.state != VisitState.CANCELLED for cell in cells for each in cell.cards)
    return Row(team, cells, many)


def weeks_around(monday: date) -> tuple[date, date]:
    """Return the Mondays before and after."""
    return monday - timedelta(days=7), monday + timedelta(days=7)
