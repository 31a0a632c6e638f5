"""What of an area's figures may be public: nothing from which a single family can be told.

Two rules, both only on what the counts themselves say, so that every page, file and picture agrees
(docs/decisions/0022-public-figures.md):

- Fewer than five families are never a number, only "fewer than 5".
- A district, and whatever has few families, is shown as of whole days and grows in steps of at
  least five families: whoever looks every minute, or takes a sum apart, finds no family arriving.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cacah.areas.models import Level
from cacah.monitoring.figures import DayFigures, Figures, percent

FEW = 5
# An area that expects fewer families than this is treated like a district.
SMALL = 20_000
# What is counted in families, and the persons that are hidden with it.
PAIRS = {
    "expected_families": "expected_persons",
    "responded_families": "responded_persons",
    "complete_families": "complete_persons",
}
# What a number is made of; it is hidden where one of these is.
MADE_OF = {
    "families_percent": ("responded_families", "expected_families"),
    "complete_percent": ("complete_families", "expected_families"),
    "persons_percent": ("responded_persons", "expected_persons"),
    "projected_percent": ("responded_persons",),
    "target_reached_percent": ("responded_persons",),
    "gap": ("responded_persons",),
    "target_persons": ("expected_persons",),
}


@dataclass(frozen=True, slots=True)
class Public:
    """The figures of an area as everybody may see them."""

    figures: Figures
    # Names of `Figures` that are fewer than five families; they are 0 in `figures`.
    few: frozenset[str]
    # The last whole day that is counted; None: everything until now.
    until: date | None

    def value(self, name: str) -> float | None:
        """Return a number of `Figures` or `MADE_OF`; None where it is hidden or there is none."""
        if self.is_few(name):
            return None
        if name == "complete_percent":
            return percent(self.figures.complete_families, self.figures.expected_families)
        found: float | None = getattr(self.figures, name)
        return found

    def is_few(self, name: str) -> bool:
        """Tell whether a number is hidden because it is about fewer than five families."""
        return any(each in self.few for each in MADE_OF.get(name, (name,)))


def stepwise(siblings: Sequence[Figures], *, within_few: bool) -> frozenset[str]:
    """Return the codes of those siblings that are shown by whole days and in steps.

    Never one alone: it would be what lacks to the sum. `within_few`: the area around is one.
    """
    peopled = sorted((e for e in siblings if e.expected_families), key=_expected)
    few = [e for e in peopled if e.level >= Level.DISTRICT or e.expected_families < SMALL]
    if within_few:
        few = peopled
    elif len(few) == 1:
        few = peopled[:2]
    return frozenset(each.area for each in few)


def _expected(figures: Figures) -> int:
    return figures.expected_families


def at_once(figures: Figures) -> Public:
    """Return an area's figures of this moment."""
    return _hidden(figures, None)


def in_steps(figures: Figures, days: Iterable[DayFigures], until: date) -> Public:
    """Return what the days to `until` say of an area, in steps of five families.

    What the register expects is no secret of an answer, and is that of now.
    """
    whole = [day for day in days if day.day <= until]
    shown: dict[str, int] = {}
    for families, persons in list(PAIRS.items())[1:]:
        shown |= _steps(whole, families, persons)[-1][1]
    return _hidden(replace(figures, **shown), until)  # type: ignore[arg-type]


def _steps(
    days: Iterable[DayFigures], families: str, persons: str
) -> list[tuple[date, dict[str, int]]]:
    """Return after each day the sums as of the last step; a step is at least five families."""
    shown = {families: 0, persons: 0}
    total = dict(shown)
    after = [(date.min, shown)]
    for day in days:
        total = {name: total[name] + getattr(day, name) for name in total}
        if abs(total[families] - shown[families]) >= FEW:
            shown = total
        after.append((day.day, shown))
    return after


def course(days: Iterable[DayFigures], until: date | None) -> list[tuple[date, int]]:
    """Return how many families had responded after each day, as they may be public.

    `until`: whole days in steps, as `in_steps`; None: every day to now.
    """
    families, persons = "responded_families", PAIRS["responded_families"]
    if until is not None:
        steps = _steps((d for d in days if d.day <= until), families, persons)
        return [(day, shown[families]) for day, shown in steps[1:]]
    total, after = 0, []
    for day in days:
        total += day.responded_families
        after.append((day.day, total if total >= FEW else 0))
    return after


def begun(course: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Return a course from the last day on which nothing was to be shown yet."""
    first = next((n for n, (_, families) in enumerate(course) if families), len(course))
    return course[max(0, first - 1) :]


def _hidden(figures: Figures, until: date | None) -> Public:
    few: set[str] = set()
    for families, persons in PAIRS.items():
        count = getattr(figures, families)
        # In steps, 0 stands for anything below five; at once, none is none.
        if 0 < count < FEW or (
            count == 0 and until is not None and families != "expected_families"
        ):
            few |= {families, persons}
    return Public(replace(figures, **dict.fromkeys(few, 0)), frozenset(few), until)  # type: ignore[arg-type]
