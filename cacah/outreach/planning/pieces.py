"""Improves a large week piece by piece: a few teams that are near each other, then others.

A search through forty teams at once finds next to nothing in a minute; of five neighbours it finds
a good plan in two seconds. Each round cuts the area otherwise, so that what one cut kept apart the
next one may exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cacah.outreach.planning.problem import Problem
from cacah.outreach.planning.routes import Routes, Timetable

# Teams of a piece, and the milliseconds in which a piece is searched well.
TEAMS, MILLISECONDS = 5, 2_250
# Finds better routes for a timetable than those begun with: (table, begun, fair, milliseconds).
Search = Callable[[Timetable, Routes, bool, int], Routes | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some teams with their stops, and those of nobody that are nearest to them, as a week."""

    table: Timetable
    # The index in the whole of each stop, and of each shift.
    stops: list[int]
    shifts: list[int]

    def begun(self, routes: Routes) -> Routes:
        """Return the whole's routes in the piece's own numbers."""
        at = {stop: n for n, stop in enumerate(self.stops)}
        return {n: [at[stop] for stop in routes[shift]] for n, shift in enumerate(self.shifts)}

    def put_back(self, found: Routes, routes: Routes) -> None:
        """Write the piece's routes into the whole's."""
        for n, shift in enumerate(self.shifts):
            routes[shift] = [self.stops[stop] for stop in found[n]]


def improve(table: Timetable, begun: Routes, milliseconds: int, search: Search) -> Routes:
    """Return routes that cost no more than those begun with.

    The first rounds keep teams to fair shares; later ones use what teams can do where something is
    left out.
    """
    routes = {n: list(order) for n, order in begun.items()}
    many = -(-len(table.problem.crews) // TEAMS)
    rounds = max(1, round(milliseconds / (many * MILLISECONDS)))
    for n in range(rounds):
        for crews in cuts(table, n):
            is_fair = n < rounds // 2 or not table.left_out(routes)
            piece = piece_of(table, routes, crews)
            before = piece.begun(routes)
            found = search(piece.table, before, is_fair, milliseconds // (rounds * many))
            if found is not None and piece.table.cost(found) < piece.table.cost(before):
                piece.put_back(found, routes)
    return routes


def cuts(table: Timetable, number: int) -> Iterator[list[int]]:
    """Yield the teams in pieces of neighbours, beginning at an edge that the number chooses."""
    ways, first = table.ways, len(table.stops)
    left = list(range(len(table.problem.crews)))

    def way(one: int, other: int) -> int:
        return ways[first + one][first + other]

    anchors = [left[0]]
    for _ in range(number + 1):
        # The team farthest from all edges so far; the first edge is farthest from anybody.
        anchors.append(max(left, key=lambda crew: (min(way(crew, a) for a in anchors), -crew)))
    anchor = anchors[-1]
    while left:
        seed = min(left, key=lambda crew: (way(anchor, crew), crew))
        near = sorted(left, key=lambda crew: (way(seed, crew), crew))[:TEAMS]
        left = [crew for crew in left if crew not in near]
        yield sorted(near)


def piece_of(table: Timetable, routes: Routes, crews: Sequence[int]) -> Piece:
    """Return these teams with their stops and those of nobody that are nearest to one of them."""
    shifts = [n for n, shift in enumerate(table.shifts) if shift.crew in crews]
    theirs = {stop for n in shifts for stop in routes[n]}
    free = [n for n in table.left_out(routes) if _nearest_crew(table, n) in crews]
    stops = sorted([*theirs, *free])
    problem = Problem(
        tuple(table.problem.crews[crew] for crew in crews),
        tuple(table.stops[n] for n in stops),
        table.problem.speeds,
    )
    quotas = [table.quotas[crew] for crew in crews]
    return Piece(Timetable(problem, quotas), stops, shifts)


def _nearest_crew(table: Timetable, stop: int) -> int | None:
    """Return the team nearest to a stop among those that may go there."""
    crews = {table.shifts[n].crew for n in table.allowed(table.stops[stop])}
    ways = table.ways[stop]
    return min(crews, key=lambda crew: (ways[len(table.stops) + crew], crew), default=None)
