"""Says in the plainest words what every plan must keep to: the judge of tests and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cacah.outreach.planning import roads
from cacah.outreach.planning.problem import Crew, Plan, Planned, Problem, Stop


def check(problem: Problem, plan: Plan) -> None:
    """Say in the plainest words what every plan must keep to."""
    stops = {stop.id: stop for stop in problem.stops}
    crews = {crew.id: crew for crew in problem.crews}
    assert sorted([*(v.stop for v in plan.visits), *plan.left_out]) == sorted(stops)
    days: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for visit in plan.visits:
        days.setdefault((visit.crew, visit.day), []).append((visit.begins, visit.stop))
        _check_visit(visit, stops[visit.stop], crews[visit.crew])
    spots = [*(s.spot for s in problem.stops), *(c.base for c in problem.crews)]
    ways = Ways(
        roads.minutes(spots, problem.speeds),
        {stop.id: n for n, stop in enumerate(problem.stops)},
        {crew.id: len(stops) + n for n, crew in enumerate(problem.crews)},
    )
    for (crew, _day), visits in days.items():
        _check_day(crews[crew], [(begins, stops[stop]) for begins, stop in sorted(visits)], ways)
    for crew in crews.values():
        theirs = [v for v in plan.visits if v.crew == crew.id and stops[v.stop].counts]
        agreed = [v for v in theirs if stops[v.stop].pin]
        assert len(theirs) <= max(crew.capacity, len(agreed))


@dataclass(frozen=True)
class Ways:
    """The square of minutes between places, and which of them a stop or a crew's base is."""

    minutes: Any
    stops: dict[int, int]
    bases: dict[int, int]


def _check_visit(visit: Planned, stop: Stop, crew: Crew) -> None:
    if stop.pin:
        agreed = stop.pin.crew, stop.pin.day, stop.pin.begins
        assert (visit.crew, visit.day, visit.begins) == agreed
    else:
        assert visit.day in stop.days & crew.days
        assert stop.opens <= visit.begins <= stop.closes - stop.minutes
        assert stop.spot.is_near(crew.base)


def _check_day(crew: Crew, visits: list[tuple[int, Stop]], ways: Ways) -> None:
    """Check a crew's visits of one day, in the order of their beginnings."""
    counted = [stop for _begins, stop in visits if stop.counts]
    assert len(counted) <= max(crew.daily, len([stop for stop in counted if stop.pin]))
    if all(stop.pin for _begins, stop in visits):
        return
    base = ways.bases[crew.id]
    agreed = [(b, s.minutes, ways.minutes[base][ways.stops[s.id]]) for b, s in visits if s.pin]
    now = min([crew.starts, *(begins - way for begins, _minutes, way in agreed)])
    last = max([crew.ends, *(b + minutes + way for b, minutes, way in agreed)])
    here = base
    for begins, stop in visits:
        there = ways.stops[stop.id]
        assert begins >= now + ways.minutes[here][there]
        now, here = begins + stop.minutes, there
    assert now + ways.minutes[here][base] <= last
