"""Parts in which the small charts of many areas are shown, so that no area is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

# More small charts at once are too many to look at, and cost a second to draw.
MOST_AREAS = 60
# What a URL calls the part.
PART = "bagian"
Area = TypeVar("Area")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the areas below, by code: the first and the last of them counted from 1."""

    number: int
    first: int
    last: int

    def of(self, areas: Sequence[Area]) -> Sequence[Area]:
        """Return the areas of this part."""
        return areas[self.first - 1 : self.last]


def parts(areas: int) -> list[Part]:
    """Return the parts of so many areas; one, and it empty, of none."""
    firsts = range(1, max(areas, 1) + 1, MOST_AREAS)
    return [Part(n, i, min(i + MOST_AREAS - 1, areas)) for n, i in enumerate(firsts, start=1)]


def part_of(asked: str, areas: int) -> Part:
    """Return the part that a URL asks for: the last of them at most, the first for nonsense."""
    number = int(asked) if re.fullmatch("[0-9]{1,4}", asked) else 1
    found = parts(areas)
    return found[min(max(number, 1), len(found)) - 1]
