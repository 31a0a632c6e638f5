"""What a plan could not meet, for which stops, and what to relax; pages put it into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from cacah.outreach.planning.problem import Crew, Plan, Problem, Stop
from cacah.outreach.planning.routes import Timetable


class Cause(StrEnum):
    """Why stops are left out, or what the plan rests on; the first that is true is told."""

    # There is no team at all, or none that works on these days.
    NO_TEAMS = "no_teams"
    # No team's area holds the stop's.
    NO_TEAM_THERE = "no_team_there"
    # It is closed whenever a team works.
    CLOSED = "closed"
    # It is open for less time than the visit takes.
    SHORT_WINDOW = "short_window"
    # It is open long enough, but not while a team works.
    HOURS_APART = "hours_apart"
    # The way there and back and the visit do not fit into a working day.
    TOO_FAR = "too_far"
    # More visits are wanted than the teams can do.
    NO_ROOM = "no_room"
    # The teams could do more visits, but their days are full of visits and ways.
    NO_TIME = "no_time"
    # Agreed visits of a day that cannot all be done; they are kept as they are.
    AGREED_CLASH = "agreed_clash"
    # Planned or not: without coordinates, so that ways are reckoned by area.
    NO_COORDINATES = "no_coordinates"


# Those which say that something could not be met.
UNMET = tuple(cause for cause in Cause if cause is not Cause.NO_COORDINATES)


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, the ids of the stops (or crews) it is about, and the figures to relax it by.

    Figures by cause: SHORT_WINDOW `open` and `needed` minutes of the first stop; TOO_FAR `needed`
    and `day` minutes; NO_ROOM `wanted` and `room` visits, `per_team` that each team would have to
    do and `teams` that would have to come; NO_TIME `needed` minutes; AGREED_CLASH `crew`, `day`.
    """

    cause: Cause
    stops: tuple[int, ...]
    figures: dict[str, int] = field(default_factory=dict)


def explain(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return all that a plan could not meet, each stop under one cause, and what it rests on."""
    table = Timetable(problem)
    by_cause: dict[Cause, list[Stop]] = {}
    left_out = set(plan.left_out)
    for stop in problem.stops:
        if stop.id in left_out:
            by_cause.setdefault(_cause(table, plan, stop), []).append(stop)
    found = [
        Finding(cause, _ids(by_cause[cause]), _figures(cause, table, by_cause[cause]))
        for cause in Cause
        if cause in by_cause
    ]
    return (*found, *_clashes(table), *_without_coordinates(problem))


def _cause(table: Timetable, plan: Plan, stop: Stop) -> Cause:
    crews = [crew for crew in table.problem.crews if crew.days]
    there = [crew for crew in crews if stop.spot.is_near(crew.base)]
    open_then = [crew for crew in there if crew.days & stop.days]
    tests: list[tuple[Cause, Callable[[], bool]]] = [
        (Cause.NO_TEAMS, lambda: not crews),
        (Cause.NO_TEAM_THERE, lambda: not there),
        (Cause.CLOSED, lambda: not open_then),
        (Cause.SHORT_WINDOW, lambda: stop.closes - stop.opens < stop.minutes),
        (Cause.HOURS_APART, lambda: not any(_hours_meet(crew, stop) for crew in open_then)),
        (Cause.TOO_FAR, lambda: not _fits_an_empty_day(table, stop)),
        (Cause.NO_ROOM, lambda: _has_no_room(table, plan, there)),
    ]
    return next((cause for cause, is_true in tests if is_true()), Cause.NO_TIME)


def _hours_meet(crew: Crew, stop: Stop) -> bool:
    """Tell whether the team works for as long as the visit takes while the place is open."""
    return min(crew.ends, stop.closes) - max(crew.starts, stop.opens) >= stop.minutes


def _fits_an_empty_day(table: Timetable, stop: Stop) -> bool:
    """Tell whether a day that had nothing else would do; days full as they are say nothing."""
    n = table.stops.index(stop)
    shifts = {table.shifts[each].crew: table.shifts[each] for each in table.allowed(stop)}
    days = shifts.values()
    return not days or any(table.begins(shift, [n]) is not None for shift in days)


def _has_no_room(table: Timetable, plan: Plan, there: Iterable[Crew]) -> bool:
    """Tell whether every team that could come does as many visits as it can."""
    counted = {stop.id for stop in table.stops if stop.counts}
    many: dict[int, int] = {}
    for visit in plan.visits:
        if visit.stop in counted:
            many[visit.crew] = many.get(visit.crew, 0) + 1
    return all(many.get(crew.id, 0) >= crew.capacity for crew in there)


def _figures(cause: Cause, table: Timetable, stops: list[Stop]) -> dict[str, int]:
    first = stops[0]
    crews = [crew for crew in table.problem.crews if crew.days]
    match cause:
        case Cause.SHORT_WINDOW:
            return {"open": max(0, first.closes - first.opens), "needed": first.minutes}
        case Cause.TOO_FAR:
            n = table.stops.index(first)
            shifts = [table.shifts[each] for each in table.allowed(first)]
            way = min(table.ways[each.base][n] for each in shifts)
            return {
                "needed": 2 * way + first.minutes,
                "day": max(each.ends - each.starts for each in shifts),
            }
        case Cause.NO_ROOM:
            room = sum(crew.capacity for crew in crews)
            wanted = sum(stop.counts for stop in table.stops)
            largest = max((crew.capacity for crew in crews), default=0)
            return {
                "wanted": wanted,
                "room": room,
                "per_team": -(-wanted // len(crews)),
                "teams": -(-len(stops) // max(1, largest)),
            }
        case Cause.NO_TIME:
            return {"needed": sum(stop.minutes for stop in stops)}
    return {}


def _clashes(table: Timetable) -> list[Finding]:
    """Return the days whose agreed visits cannot all be done."""
    return [
        Finding(
            Cause.AGREED_CLASH,
            _ids([table.stops[n] for n in shift.pinned]),
            {"crew": table.problem.crews[shift.crew].id, "day": shift.day},
        )
        for shift in table.shifts
        if shift.is_full and table.begins(shift, shift.pinned) is None
    ]


def _without_coordinates(problem: Problem) -> list[Finding]:
    stops = [stop for stop in problem.stops if stop.counts and not stop.spot.is_located]
    teams = sum(not crew.base.is_located for crew in problem.crews)
    if not stops and not teams:
        return []
    return [Finding(Cause.NO_COORDINATES, _ids(stops), {"teams": teams})]


def _ids(stops: Iterable[Stop]) -> tuple[int, ...]:
    return tuple(stop.id for stop in stops)
