"""How long a week is searched for a better plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cacah.outreach.planning.problem import Problem

# Seconds done and of how many; raises to end the planning early.
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long may be searched: so many better plans, and at the latest so many milliseconds.

    Of a small week that is each of two searches, of a large one all of them.
    """

    milliseconds: int
    solutions: int

    @classmethod
    def for_size(cls, problem: Problem) -> Effort:
        """Return what a problem deserves: moments for a few visits, three seconds for a town."""
        if is_large(problem):
            return cls(90_000, 20_000)
        return cls(min(3_000, 200 + 2 * _size(problem)), 3_000)


def is_large(problem: Problem) -> bool:
    """Tell whether planning takes longer than somebody waits for a page."""
    return _size(problem) > LARGE


def _size(problem: Problem) -> int:
    return len(problem.stops) * sum(len(crew.days) for crew in problem.crews)


# Stops times the teams' days; Kupang's week is 63 × 30.
LARGE = 6_000
