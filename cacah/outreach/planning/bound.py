"""A number below which no plan of a problem can cost, to tell how good a plan is."""

from __future__ import annotations

import heapq
import math

from cacah.outreach.planning.problem import Stop
from cacah.outreach.planning.routes import Timetable

# Prices of a minute of working time that are tried; each gives a bound, the highest counts.
PRICES = tuple(step / 20 for step in range(201))

# Of sums of floats.
ROUNDING = 1e-6


def lower_bound(table: Timetable) -> int:
    """Return a cost that no plan goes below.

    It forgets routes: each planned stop costs at least half of the two shortest ways at it (every
    way has two ends), at most as many are planned as teams can do, and what they take of the
    teams' hours is paid for at any one price (a Lagrangian relaxation), which can only lower the
    cost of a plan that keeps to them.
    """
    free = [
        (n, stop)
        for n, stop in enumerate(table.stops)
        if stop.pin is None and any(True for _ in table.allowed(stop))
    ]
    left_out = sum(stop.weight for stop in table.stops if stop.pin is None)
    agreed = sum(stop.counts for stop in table.stops if stop.pin)
    room = sum(most for _share, most in table.quotas) - agreed
    hours = sum(shift.ends - shift.starts for shift in table.shifts if not shift.is_full)
    ways = _shortest_ways(table)
    best = max(_at(price, free, ways, room, hours) for price in PRICES)
    return max(0, math.ceil(left_out + best - ROUNDING))


def _at(
    price: float, free: list[tuple[int, Stop]], ways: list[float], room: int, hours: int
) -> float:
    """Return what planning can at most save (below 0), with a minute of work at this price."""
    gains = [s.weight - ways[n] - price * (s.minutes + ways[n]) for n, s in free if s.counts]
    others = [s.weight - ways[n] - price * (s.minutes + ways[n]) for n, s in free if not s.counts]
    best = sorted((gain for gain in gains if gain > 0), reverse=True)[: max(0, room)]
    return -(sum(best) + sum(gain for gain in others if gain > 0)) - price * hours


def _shortest_ways(table: Timetable) -> list[float]:
    """Return of each stop half of the minutes of the two shortest ways at it.

    A team may come from its base and go back there, so a base counts as two neighbours.
    """
    stops = len(table.stops)
    return [
        sum(heapq.nsmallest(2, [*row[:n], *row[n + 1 :], *row[stops:]])) / 2
        for n, row in enumerate(table.ways[:stops])
    ]
