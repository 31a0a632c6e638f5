"""A week of an area as the planner's problem: what stands in the tables, in minutes and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from cacah.outreach.models import Activity, Destination, Team, Visit, VisitKind, VisitState
from cacah.outreach.planning.problem import Crew, Pin, Problem, Spot, Stop
from cacah.outreach.planning.routes import Timetable
from cacah.outreach.planning.weights import weight
from cacah.outreach.queries.left import people_left
from cacah.outreach.queries.teams import teams_in
from cacah.outreach.queries.weeks import meetings_of, monday_of, visits_of, waiting

ALL_DAY = (0, 24 * 60)
EVERY_DAY, WORKING_WEEK = frozenset(range(7)), frozenset(range(5))
# How many people an event or a village stands for, so that none is left out for an office.
PEOPLE = {VisitKind.EVENT: 1000, VisitKind.VILLAGE: 200}


@dataclass(frozen=True, slots=True)
class Week:
    """A problem, the rows that it came from, and what shows whether they have changed since."""

    problem: Problem
    teams: dict[int, Team]
    visits: dict[int, Visit]
    # Version of each visit, and all that was read of each team and meeting.
    seal: frozenset[tuple[object, ...]]


def week_of(area: str, monday: date, *, now: datetime) -> Week:
    """Return what may be planned of an area's week at a moment (aware; the site's day counts).

    Agreed are: what is locked, under way or done, today's visits once the team's day has begun,
    visits to what lies beyond the area, which others plan, and meetings. What was planned for a
    day that is over and did not begin may be planned again.
    """
    teams = {team.pk: team for team in teams_in(area)}
    visits = [
        *visits_of(area, monday).exclude(state=VisitState.CANCELLED),
        *waiting(area),
    ]
    meetings = list(meetings_of(area, monday))
    left = people_left(area)
    here = timezone.localtime(now)
    crews = tuple(_crew(team, monday, here) for team in teams.values())
    stops = [
        _stop(visit, monday, here, left, agreed=not visit.area_id.startswith(area))
        for visit in visits
        if _is_known(visit, teams)
    ]
    stops += [
        _meeting(meeting, team, monday)
        for meeting in meetings
        for team in meeting.teams.all()
        if team.pk in teams
    ]
    seal = frozenset(
        [
            *(("visit", visit.pk, visit.version) for visit in visits),
            *(("team", crew.id, crew.days, crew.capacity) for crew in crews),
            *(("stop", stop.id, stop.pin) for stop in stops),
        ]
    )
    return Week(Problem(crews, tuple(stops)), teams, {v.pk: v for v in visits}, seal)


def minute_of(when: time) -> int:
    """Return a time of day in minutes since midnight."""
    return when.hour * 60 + when.minute


def time_at(minute: int) -> time:
    """Return the time of day so many minutes after midnight; at the latest 23:59."""
    minute = min(max(minute, 0), 24 * 60 - 1)
    return time(minute // 60, minute % 60)


def _crew(team: Team, monday: date, here: datetime) -> Crew:
    days = frozenset(day - 1 for day in team.working_days if _is_open(team, monday, day - 1, here))
    return Crew(
        team.pk,
        Spot(team.area_id, team.base_latitude, team.base_longitude),
        days,
        minute_of(team.starts),
        minute_of(team.ends),
        team.visits_per_week,
        # Spread over the week, with one to spare: nobody plans seven offices for a Monday.
        -(-team.visits_per_week // len(team.working_days)) + 1,
    )


def _is_open(team: Team, monday: date, day: int, here: datetime) -> bool:
    """Tell whether a team's day can still be planned: it has not begun."""
    ahead = (here.date() - monday).days
    return day > ahead or (day == ahead and here.time() < team.starts)


def _is_known(visit: Visit, teams: dict[int, Team]) -> bool:
    """Tell whether a visit's team, if it has one, still goes out."""
    return visit.team_id is None or visit.team_id in teams


def _stop(
    visit: Visit, monday: date, here: datetime, left: dict[int, int], *, agreed: bool
) -> Stop:
    opens, closes, days = _hours(visit, monday)
    return Stop(
        visit.pk,
        spot_of(visit),
        visit.minutes,
        opens,
        closes,
        days,
        _weight(visit, left),
        _pin(visit, monday, here, agreed=agreed),
    )


def spot_of(visit: Visit) -> Spot:
    """Return where a visit goes: the institution's coordinates, or its own."""
    there = _destination(visit) or visit
    return Spot(visit.area_id, there.latitude, there.longitude)


def _destination(visit: Visit) -> Destination | None:
    return getattr(visit.institution, "destination", None) if visit.institution_id else None


def _hours(visit: Visit, monday: date) -> tuple[int, int, frozenset[int]]:
    """Return opening, closing and possible days; an event's are its own."""
    if visit.day is not None and visit.team_id is None:
        opens = minute_of(visit.starts_at) if visit.starts_at else 0
        closes = opens + visit.minutes if visit.starts_at else ALL_DAY[1]
        return opens, closes, frozenset([(visit.day - monday).days])
    there = _destination(visit)
    if there is None:
        return *ALL_DAY, EVERY_DAY if visit.kind != VisitKind.VISIT else WORKING_WEEK
    open_days = EVERY_DAY if there.opens else WORKING_WEEK
    days = open_days - {day - 1 for day in there.closed_days}
    if there.opens is None or there.closes is None:
        return *ALL_DAY, days
    return minute_of(there.opens), minute_of(there.closes), days


def _weight(visit: Visit, left: dict[int, int]) -> int:
    people = PEOPLE.get(VisitKind(visit.kind)) or left.get(visit.institution_id or 0, 0)
    there = _destination(visit)
    return weight(people, there.priority if there else 1)


def _pin(visit: Visit, monday: date, here: datetime, *, agreed: bool) -> Pin | None:
    team = visit.team
    if team is None or visit.day is None:
        return None
    has_begun = visit.state in (VisitState.UNDER_WAY, VisitState.DONE)
    day = (visit.day - monday).days
    is_today = visit.day == here.date() and here.time() >= team.starts
    if not (agreed or visit.locked or has_begun or is_today):
        return None
    return Pin(team.pk, day, minute_of(visit.starts_at or team.starts))


def _meeting(meeting: Activity, team: Team, monday: date) -> Stop:
    begins = minute_of(meeting.starts_at)
    day = (meeting.day - monday).days
    return Stop(
        # Visits have positive ids; a meeting is one stop for each of its teams.
        -(meeting.pk * 100_000 + team.pk % 100_000),
        Spot(meeting.area_id),
        meeting.minutes,
        begins,
        begins + meeting.minutes,
        frozenset([day]),
        0,
        Pin(team.pk, day, begins),
        counts=False,
    )


def times_of(team: Team, day: date, visits: Sequence[Visit]) -> list[time]:
    """Return when the visits of a team's day begin, done in this order.

    What is locked or has begun stays when it is; the others follow as early as they can.
    """
    monday = monday_of(day)
    number = (day - monday).days
    crew = replace(_crew(team, monday, _long_before(monday)), days=frozenset([number]))
    stops = [_in_its_place(visit, team, number, monday) for visit in visits]
    table = Timetable(Problem((crew,), tuple(stops)))
    (shift,) = table.shifts
    return [time_at(minute) for minute in table.walk(shift, range(len(stops)))]


def _in_its_place(visit: Visit, team: Team, day: int, monday: date) -> Stop:
    opens, closes, days = _hours(visit, monday)
    stays = visit.locked or visit.state in (VisitState.UNDER_WAY, VisitState.DONE)
    begins = minute_of(visit.starts_at or team.starts)
    pin = Pin(team.pk, day, begins) if stays else None
    return Stop(visit.pk, spot_of(visit), visit.minutes, opens, closes, days, 0, pin)


def _long_before(monday: date) -> datetime:
    return datetime.combine(monday - timedelta(days=7), time.min)
