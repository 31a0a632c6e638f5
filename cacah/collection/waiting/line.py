"""The line of those who wait: how far it has moved, and who stands where. Pure arithmetic.

Arrivals are known by the second. Within a second they are taken as spread evenly, so that the
frontier can stand between two arrivals of the same second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

SECOND = 1_000_000
# A second may still be counted for so long: each process tells its arrivals once a second.
SETTLING = 2 * SECOND
# Polls a second that all who wait may cost together; the more they are, the seldomer each asks.
POLLS_PER_SECOND = 1000
LONGEST_PAUSE = 15
SHORT = 4


def advance(
    frontier: int, arrivals: Iterable[tuple[int, int]], quota: float, horizon: int
) -> tuple[int, float, bool]:
    """Pass `quota` places in the order of their arrival.

    `arrivals` are (second, places) in order, `frontier` and `horizon` microseconds; nothing
    beyond the horizon is passed. Returns the new frontier, the places passed, and whether
    everybody up to the horizon has been.
    """
    left = quota
    for second, places in arrivals:
        begin, end = second * SECOND, (second + 1) * SECOND
        begin = max(begin, frontier)
        if begin >= horizon:
            break
        stop = min(end, horizon)
        standing = places * (stop - begin) / SECOND
        if stop <= begin or standing <= 0:
            continue
        if standing > left:
            frontier = begin + int((stop - begin) * left / standing)
            return frontier, quota, False
        left -= standing
        frontier = stop
    return max(frontier, horizon), quota - left, True


@dataclass(frozen=True, slots=True)
class Line:
    """Who waits, as one process knows it: seconds of arrival in order, and places up to each."""

    frontier: int
    seconds: Sequence[int]
    places: Sequence[int]
    # Places before each second's first, and after the last; those already passed count too.
    before: Sequence[int]
    passed: float

    @classmethod
    def of(cls, frontier: int, arrivals: Sequence[tuple[int, int]]) -> Line:
        """Return the line behind `frontier` of (second, places) in order."""
        kept = [(s, n) for s, n in arrivals if (s + 1) * SECOND > frontier]
        counts = [n for _, n in kept]
        passed = 0.0
        if kept and kept[0][0] * SECOND < frontier:
            passed = counts[0] * (frontier - kept[0][0] * SECOND) / SECOND
        return cls(frontier, [s for s, _ in kept], counts, [0, *accumulate(counts)], passed)

    @property
    def waiting(self) -> int:
        """Return how many stand in the line."""
        return max(0, int(self.before[-1] - self.passed))

    def position(self, arrived: int) -> int:
        """Return the place's number in the line; 1 is the next."""
        second = arrived // SECOND
        at = bisect_left(self.seconds, second)
        ahead = float(self.before[at])
        if at < len(self.seconds) and self.seconds[at] == second:
            ahead += self.places[at] * (arrived % SECOND) / SECOND
        return max(1, int(ahead - self.passed) + 1)


def estimate(position: int, speed: float) -> int:
    """Return the whole seconds until so many places are passed, at least one."""
    return max(1, -int(-position // max(speed, 0.01)))


def pause(seconds: int, waiting: int) -> int:
    """Return after how many seconds somebody who waits so long should ask again.

    Half of the time, so that nobody asks often and everybody asks at the right moment at last.
    """
    if seconds <= SHORT:
        return seconds
    return min(seconds // 2, max(LONGEST_PAUSE, waiting // POLLS_PER_SECOND))
