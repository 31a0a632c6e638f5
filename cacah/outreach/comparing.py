"""Two groups of institutions beside each other: how much more one rose, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# Fewer institutions on a side say nothing that another week would not overturn.
FEWEST = 5
ROUNDS = 2000
# The same figures give the same interval on every page and in every file.
SEED = 2020
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Rise:
    """An institution: people who are asked, and how many of them became complete meanwhile."""

    asked: int
    gained: int


@dataclass(frozen=True, slots=True)
class Side:
    """A group of institutions together; `rise` in percentage points of the people asked."""

    institutions: int
    asked: int
    rise: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both groups; the difference in percentage points and its 95 % interval."""

    visited: Side
    others: Side
    difference: float
    low: float
    high: float


def compare(visited: Sequence[Rise], others: Sequence[Rise]) -> Comparison | None:
    """Compare two groups; None where one of them has fewer than `FEWEST` institutions.

    The interval is a bootstrap's over institutions: people of one institution do as their
    colleagues do, so a hundred people of one are no hundred separate trials.
    """
    if min(len(visited), len(others)) < FEWEST:
        return None
    chance = np.random.default_rng(SEED)
    drawn = _drawn(visited, chance) - _drawn(others, chance)
    low, high = np.percentile(drawn, INTERVAL)
    one, other = _side(visited), _side(others)
    return Comparison(one, other, one.rise - other.rise, float(low), float(high))


def _side(group: Sequence[Rise]) -> Side:
    asked = sum(each.asked for each in group)
    return Side(len(group), asked, 100 * sum(each.gained for each in group) / asked)


def _drawn(group: Sequence[Rise], chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the rise of as many institutions drawn from the group, `ROUNDS` times."""
    asked = np.array([each.asked for each in group])
    gained = np.array([each.gained for each in group])
    chosen = chance.integers(0, len(group), (ROUNDS, len(group)))
    rates: npt.NDArray[np.float64] = gained[chosen].sum(axis=1) / asked[chosen].sum(axis=1)
    return 100 * rates
