"""Says in the plainest words what every plan must keep to: the judge of tests and benchmarks."""

from __future__ import annotations

from cacah.outreach.planning import roads
from cacah.outreach.planning.problem import Plan, Problem


def check(problem: Problem, plan: Plan) -> None:
    """Say in the plainest words what every plan must keep to."""
    stops = {stop.id: stop for stop in problem.stops}
    crews = {crew.id: crew for crew in problem.crews}
    spots = [*(s.spot for s in problem.stops), *(c.base for c in problem.crews)]
    ways = roads.minutes(spots, problem.speeds)
    at = {stop.id: n for n, stop in enumerate(problem.stops)}
    base = {crew.id: len(stops) + n for n, crew in enumerate(problem.crews)}
    assert sorted([*(v.stop for v in plan.visits), *plan.left_out]) == sorted(stops)
    days: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for visit in plan.visits:
        days.setdefault((visit.crew, visit.day), []).append((visit.begins, visit.stop))
        stop = stops[visit.stop]
        if stop.pin:
            assert (visit.crew, visit.day, visit.begins) == (
                stop.pin.crew,
                stop.pin.day,
                stop.pin.begins,
            )
        else:
            assert visit.day in stop.days & crews[visit.crew].days
            assert stop.opens <= visit.begins <= stop.closes - stop.minutes
            assert stop.spot.is_near(crews[visit.crew].base)
    for (crew, _day), visits in days.items():
        counted = [stop for _begins, stop in visits if stops[stop].counts]
        agreed_then = [stop for stop in counted if stops[stop].pin]
        assert len(counted) <= max(crews[crew].daily, len(agreed_then))
        if all(stops[stop].pin for _begins, stop in visits):
            continue
        agreed = [(b, stops[s].minutes, ways[base[crew]][at[s]]) for b, s in visits if stops[s].pin]
        now = min([crews[crew].starts, *(begins - way for begins, _minutes, way in agreed)])
        last = max([crews[crew].ends, *(b + minutes + way for b, minutes, way in agreed)])
        here = base[crew]
        for begins, stop in sorted(visits):
            assert begins >= now + ways[here][at[stop]]
            now, here = begins + stops[stop].minutes, at[stop]
        assert now + ways[here][base[crew]] <= last
    for crew in crews.values():
        theirs = [v for v in plan.visits if v.crew == crew.id and stops[v.stop].counts]
        agreed = [v for v in theirs if stops[v.stop].pin]
        assert len(theirs) <= max(crew.capacity, len(agreed))
