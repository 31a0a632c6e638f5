"""The plan that an officer would make by hand: the heaviest first, each where it fits best."""

from __future__ import annotations

from cacah.outreach.planning.routes import UNFAIR, Routes, Timetable


def greedy(table: Timetable) -> Routes:
    """Return routes that keep what is agreed and add one stop after the other.

    The stops with most people left come first; each goes to the day and the place in it that add
    the fewest minutes, where the team has room.
    """
    routes = table.agreed()
    many = table.visits(routes)
    waiting = [n for n, stop in enumerate(table.stops) if stop.pin is None]
    waiting.sort(key=lambda n: (-table.stops[n].weight, table.stops[n].id))
    for stop in waiting:
        if (best := _cheapest(table, routes, many, stop)) is not None:
            shift, position = best
            routes[shift].insert(position, stop)
            many[table.shifts[shift].crew] += table.stops[stop].counts
    return routes


def _cheapest(
    table: Timetable, routes: Routes, many: list[int], stop: int
) -> tuple[int, int] | None:
    """Return the shift and the place in it that cost least, None where the stop fits nowhere."""
    best, found = table.stops[stop].weight, None
    tried: set[int] = set()
    for n in table.allowed(table.stops[stop]):
        shift = table.shifts[n]
        share, most = table.quotas[shift.crew]
        if many[shift.crew] >= most or not table.has_room(shift, routes[n], stop):
            continue
        if not routes[n]:
            if shift.crew in tried:  # one empty day of a team is as good as another
                continue
            tried.add(shift.crew)
        unfair = UNFAIR * (many[shift.crew] >= share)
        for position in range(len(routes[n]) + 1):
            more = _detour(table, shift.base, routes[n], position, stop) + unfair
            if more < best:
                order = [*routes[n][:position], stop, *routes[n][position:]]
                if table.begins(shift, order) is not None:
                    best, found = more, (n, position)
    return found


def _detour(table: Timetable, base: int, order: list[int], position: int, stop: int) -> int:
    """Return the minutes that a stop at this place adds to the way."""
    before = order[position - 1] if position else base
    after = order[position] if position < len(order) else base
    return table.ways[before][stop] + table.ways[stop][after] - table.ways[before][after]
