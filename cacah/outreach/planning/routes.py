"""Teams' days and what they cost: the one reckoning by which all ways to plan are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cacah.outreach.planning import roads
from cacah.outreach.planning.problem import Plan, Planned, Problem, Stop

# What each visit above a team's share costs, in minutes of travel: more than the visit itself.
UNFAIR = 120
# By shift, the indexes of its stops in their order.
Routes = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Shift:
    """One team on one day; `pinned` are the stops agreed for it, by their time."""

    crew: int
    day: int
    base: int
    starts: int
    ends: int
    pinned: tuple[int, ...]
    # Visits at most, those agreed among them.
    most: int
    # What is agreed does not fit together: it is kept, and nothing is added.
    is_full: bool = False


class Timetable:
    """A problem with its ways: stops and crews are named by their index in it.

    `quotas` are the crews' where the problem is a part of a larger one.
    """

    def __init__(self, problem: Problem, quotas: list[tuple[int, int]] | None = None) -> None:
        self.problem = problem
        self.stops = problem.stops
        spots = [*(s.spot for s in problem.stops), *(c.base for c in problem.crews)]
        self.ways: list[list[int]] = roads.minutes(spots, problem.speeds).tolist()
        self.crew_of = {crew.id: n for n, crew in enumerate(problem.crews)}
        self.shifts = self._shifts()
        self.quotas = quotas or self._quotas()

    def _shifts(self) -> list[Shift]:
        pinned: dict[tuple[int, int], list[int]] = {}
        for n, stop in enumerate(self.stops):
            if stop.pin:
                pinned.setdefault((self.crew_of[stop.pin.crew], stop.pin.day), []).append(n)
        days = {
            (n, day) for n, crew in enumerate(self.problem.crews) for day in crew.days
        } | pinned.keys()
        return [self._shift(n, day, pinned.get((n, day), [])) for n, day in sorted(days)]

    def _shift(self, crew: int, day: int, pinned: list[int]) -> Shift:
        """Return a shift; its hours reach as far as what is agreed."""
        about, base = self.problem.crews[crew], len(self.stops) + crew
        pinned.sort(key=lambda n: (self._begins(n), n))
        starts, ends = about.starts, about.ends
        for n in pinned:
            starts = min(starts, self._begins(n) - self.ways[base][n])
            ends = max(ends, self._begins(n) + self.stops[n].minutes + self.ways[n][base])
        most = max(about.daily, sum(self.stops[n].counts for n in pinned))
        made = Shift(crew, day, base, starts, ends, tuple(pinned), most)
        fits = day in about.days and self.begins(made, pinned) is not None
        return made if fits else replace(made, is_full=True)

    def _begins(self, stop: int) -> int:
        pin = self.stops[stop].pin
        assert pin is not None
        return pin.begins

    def _quotas(self) -> list[tuple[int, int]]:
        """Return of each crew its fair share of the visits and the most that it can do.

        The shares add up to all visits, by what teams can do; what is agreed is always within.
        """
        crews = self.problem.crews
        room = sum(crew.capacity for crew in crews)
        wanted = min(sum(stop.counts for stop in self.stops), room)
        agreed = [0] * len(crews)
        for stop in self.stops:
            if stop.pin and stop.counts:
                agreed[self.crew_of[stop.pin.crew]] += 1
        shares = _apportioned(wanted, [crew.capacity for crew in crews])
        return [
            (max(share, has), max(crew.capacity, has))
            for share, crew, has in zip(shares, crews, agreed, strict=True)
        ]

    def allowed(self, stop: Stop) -> Iterable[int]:
        """Yield the shifts in which a stop that is not agreed may be planned."""
        if stop.closes - stop.opens < stop.minutes:
            return
        for n, shift in enumerate(self.shifts):
            base = self.problem.crews[shift.crew].base
            if not shift.is_full and shift.day in stop.days and stop.spot.is_near(base):
                yield n

    def begins(self, shift: Shift, order: Sequence[int]) -> list[int] | None:
        """Return when each stop of a day begins, as early as can be; None where it cannot be done.

        To begin as early as can be is the best for all that comes after.
        """
        now, here, found = shift.starts, shift.base, []
        for n in order:
            stop = self.stops[n]
            now += self.ways[here][n]
            if stop.pin:
                if now > stop.pin.begins:
                    return None
                now = stop.pin.begins
            else:
                now = max(now, stop.opens)
                if now + stop.minutes > stop.closes:
                    return None
            found.append(now)
            now, here = now + stop.minutes, n
        return found if now + self.ways[here][shift.base] <= shift.ends else None

    def travel(self, shift: Shift, order: Sequence[int]) -> int:
        """Return the minutes on the way of a day, from the base back to it."""
        if not order:
            return 0
        steps = [shift.base, *order, shift.base]
        return sum(self.ways[a][b] for a, b in pairwise(steps))

    def has_room(self, shift: Shift, order: Sequence[int], stop: int) -> bool:
        """Tell whether a day takes one more stop, as far as numbers go."""
        return self.stops[stop].counts + sum(self.stops[n].counts for n in order) <= shift.most

    def visits(self, routes: Mapping[int, Sequence[int]]) -> list[int]:
        """Return how many visits each crew has."""
        many = [0] * len(self.problem.crews)
        for n, order in routes.items():
            many[self.shifts[n].crew] += sum(self.stops[stop].counts for stop in order)
        return many

    def cost(self, routes: Mapping[int, Sequence[int]]) -> int:
        """Return what a plan costs, in minutes of travel."""
        planned = {stop for order in routes.values() for stop in order}
        left_out = sum(s.weight for n, s in enumerate(self.stops) if n not in planned)
        above = zip(self.visits(routes), self.quotas, strict=True)
        unfair = UNFAIR * sum(max(0, many - share) for many, (share, _most) in above)
        return self.ways_of(routes) + left_out + unfair

    def ways_of(self, routes: Mapping[int, Sequence[int]]) -> int:
        """Return the minutes on the way of all days."""
        return sum(self.travel(self.shifts[n], order) for n, order in routes.items())

    def agreed(self) -> Routes:
        """Return the routes that hold what is agreed and nothing else."""
        return {n: list(shift.pinned) for n, shift in enumerate(self.shifts)}

    def plan(self, routes: Mapping[int, Sequence[int]], by: str) -> Plan:
        """Return routes as a plan, with times."""
        visits = []
        for n in sorted(routes):
            shift, order = self.shifts[n], list(routes[n])
            times = self.begins(shift, order)
            if times is None:  # agreed as it is
                times = [self._begins(stop) for stop in order]
            crew = self.problem.crews[shift.crew].id
            visits += [
                Planned(self.stops[stop].id, crew, shift.day, time)
                for stop, time in zip(order, times, strict=True)
            ]
        planned = {visit.stop for visit in visits}
        left_out = tuple(stop.id for stop in self.stops if stop.id not in planned)
        return Plan(tuple(visits), left_out, self.cost(routes), self.ways_of(routes), by)

    def left_out(self, routes: Mapping[int, Sequence[int]]) -> list[int]:
        """Return the indexes of the stops that are in nobody's day."""
        planned = {stop for order in routes.values() for stop in order}
        return [n for n in range(len(self.stops)) if n not in planned]

    def walk(self, shift: Shift, order: Sequence[int]) -> list[int]:
        """Return when each stop of a day begins if it is done in this order, open or not.

        What is agreed begins when it was agreed.
        """
        now, here, found = shift.starts, shift.base, []
        for n in order:
            stop = self.stops[n]
            now = stop.pin.begins if stop.pin else max(now + self.ways[here][n], stop.opens)
            found.append(now)
            now, here = now + stop.minutes, n
        return found


def _apportioned(whole: int, weights: Sequence[int]) -> list[int]:
    """Return whole numbers that add up to `whole`, by weight; the largest remainders round up."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    shares = [whole * weight // total for weight in weights]
    left = sorted(range(len(weights)), key=lambda n: (-(whole * weights[n] % total), n))
    for n in left[: whole - sum(shares)]:
        shares[n] += 1
    return shares
