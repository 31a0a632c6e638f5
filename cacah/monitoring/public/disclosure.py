"""What of an area's figures may be public: nothing from which a single family can be told.

Two rules (docs/decisions/0033-public-figures-are-sums-of-steps.md):

- A district shows no number below five families, and one that it shows stays until five more
  families (or five fewer) have responded; the persons go with the families.
- Everything above a district is the sum of what its districts show, never of what they hold.

So all that is public, at any time, follows from the steps of districts: no sum, difference or
earlier page tells more of a district than its own steps do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cacah.areas.codes import LENGTHS
from cacah.areas.models import Level
from cacah.monitoring.figures import Figures, percent

FEW = 5
# What is counted in families, and the persons that go with it.
PAIRS = {
    "expected_families": "expected_persons",
    "responded_families": "responded_persons",
    "complete_families": "complete_persons",
}
# The order of numbers in what is published.
NAMES = tuple(name for pair in PAIRS.items() for name in pair)
NOTHING = (0,) * len(NAMES)
# Digits of the nation, a province, a regency.
ABOVE = (0, *LENGTHS[: Level.DISTRICT - 1])
DIGITS = LENGTHS[Level.DISTRICT - 1]
# What a number is made of; it is hidden where one of these is.
MADE_OF = {
    "families_percent": ("responded_families", "expected_families"),
    "complete_percent": ("complete_families", "expected_families"),
    "persons_percent": ("responded_persons", "expected_persons"),
    "projected_percent": ("responded_persons",),
    "target_reached_percent": ("responded_persons",),
    "gap": ("responded_persons",),
}
Numbers = Sequence[int]


def step(shown: Numbers, now: Numbers) -> Numbers:
    """Return what a district shows from now on, numbers as `NAMES`; `shown` itself if no more.

    What the register expects is no secret of an answer: it does not wait for a step.
    """
    numbers: list[int] = []
    for families in range(0, len(NAMES), 2):
        change = abs(now[families] - shown[families])
        if change < FEW and families > 0:
            numbers += shown[families : families + 2]
        elif now[families] < FEW:
            numbers += (0, 0)
        else:
            numbers += now[families : families + 2]
    return tuple(numbers)


def summed(districts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return what the nation ("") and each province and regency show: sums of their districts."""
    sums: dict[str, list[int]] = {}
    for code, numbers in districts.items():
        for size in ABOVE:
            sum_ = sums.setdefault(code[:size], list(NOTHING))
            for place, number in enumerate(numbers):
                sum_[place] += number
    return {code: tuple(numbers) for code, numbers in sums.items()}


@dataclass(frozen=True, slots=True)
class Public:
    """The figures of an area as everybody may see them."""

    figures: Figures
    # Names of `Figures` that are too few to be shown; they are 0 in `figures`.
    few: frozenset[str]

    def value(self, name: str) -> float | None:
        """Return a number of `Figures` or `MADE_OF`; None where it is hidden or there is none."""
        if self.is_few(name):
            return None
        if name == "complete_percent":
            return percent(self.figures.complete_families, self.figures.expected_families)
        found: float | None = getattr(self.figures, name)
        return found

    def is_few(self, name: str) -> bool:
        """Tell whether a number is hidden: fewer than five families, none of them among these."""
        return any(each in self.few for each in self._made_of(name))

    def _made_of(self, name: str) -> Iterable[str]:
        if name == "target_persons" and not self.figures.target_is_of_projection:
            return ("expected_persons",)
        return MADE_OF.get(name, (name,))


def public(figures: Figures) -> Public:
    """Return an area whose figures are published numbers: 0 may be none, or too few to show."""
    hidden = [pair for pair in PAIRS.items() if not getattr(figures, pair[0])]
    few = frozenset(name for pair in hidden for name in pair)
    return Public(replace(figures, **dict.fromkeys(few, 0)), few)  # type: ignore[arg-type]
