"""The figures of an area's progress, and what follows from them; plain Python.

Families and persons are those the register expects, unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Families and persons, counted to the unit."""

    expected_families: int = 0
    expected_persons: int = 0
    # Families that saw their form; all that responded are among them.
    opened_families: int = 0
    responded_families: int = 0
    responded_persons: int = 0
    complete_families: int = 0
    complete_persons: int = 0
    # Families that said the register does not have them, and the people they spoke of.
    unlisted_families: int = 0
    unlisted_persons: int = 0
    # Those of them who have answered, to be verified; not among the responded.
    unverified_families: int = 0
    unverified_persons: int = 0
    # Of the families that opened their form (on this day): those that have answered (on any day).
    finished_families: int = 0

    @property
    def unfinished_families(self) -> int:
        """Families that opened their form and have not answered."""
        return self.opened_families - self.finished_families


COUNTS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Counts):
    """How far an area is. Percentages are None where there is nothing to divide by."""

    # Undotted; "" is the nation.
    area: str
    name: str
    # 0 for the nation, 1 for a province … 5 for an SLS.
    level: int
    # Persons, as the statistics office projected them for the reference date.
    projected_population: int | None = None
    # Of the area, or of the nearest area around it that has one.
    target_percent: Decimal | None = None

    @property
    def families_percent(self) -> float | None:
        """Responded families, of those expected."""
        return percent(self.responded_families, self.expected_families)

    @property
    def persons_percent(self) -> float | None:
        """Responded persons, of those expected."""
        return percent(self.responded_persons, self.expected_persons)

    @property
    def projected_percent(self) -> float | None:
        """Responded persons, of the projected population."""
        return percent(self.responded_persons, self.projected_population)

    @property
    def finished_percent(self) -> float | None:
        """Families that answered, of those that opened their form."""
        return percent(self.finished_families, self.opened_families)

    @property
    def target_is_of_projection(self) -> bool:
        """Tell whether the target is a part of the projected population or of those expected."""
        return self.projected_population is not None

    @property
    def target_persons(self) -> int | None:
        """Persons that are to respond; None where no target is set."""
        if self.target_percent is None:
            return None
        of = self.projected_population if self.target_is_of_projection else self.expected_persons
        return ceil(self.target_percent * (of or 0) / 100)

    @property
    def target_reached_percent(self) -> float | None:
        """Responded persons, of the target."""
        return percent(self.responded_persons, self.target_persons)

    @property
    def gap(self) -> int | None:
        """Persons that still lack to the target, 0 once it is reached; None without a target."""
        target = self.target_persons
        return None if target is None else max(0, target - self.responded_persons)

    @property
    def is_empty(self) -> bool:
        """Tell whether the register expects nobody here, so that nobody can respond."""
        return not self.expected_persons and not self.responded_persons

    def pace(self, days_left: int) -> int | None:
        """Return the persons a day that reach the target in so many days; None where none can."""
        gap = self.gap
        if gap == 0:
            return 0
        return None if gap is None or days_left < 1 else ceil(gap / days_left)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures(Counts):
    """What one day added; `finished_families` are those who opened on it."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeFigures(Counts):
    """What came in one mode; "" is what has none: expected and unlisted families."""

    mode: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Families that opened their form `since` to `until` days ago and have not answered."""

    since: int
    # None: or longer ago.
    until: int | None
    families: int


# Days ago, first and last: today, yesterday, this week, this fortnight, longer.
AGES: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 6), (7, 13), (14, None))


WEEK = 7


@dataclass(frozen=True, slots=True)
class Season:
    """Where a day stands in the census."""

    # Days of the census that are left, the day itself among them; 0 when it is over.
    left: int
    # Of the `WEEK` days before, those on which it was open; none on the first day and before it.
    open: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Persons that responded lately, and what the target asks for."""

    today: int
    yesterday: int
    # In the seven days before today together.
    lately: int
    # A day, over those of them on which the census was open; None where it was on none.
    week: float | None
    # Days of the census that are left, today among them; 0 when it is over.
    days_left: int
    # Persons a day from now on; None without a target, or when no day is left.
    needed: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """An area among its siblings; equals share a rank."""

    rank: int
    figures: Figures
    value: float | None


def percent(part: int, of: int | None) -> float | None:
    """Return the part in per cent, None of nothing."""
    return 100 * part / of if of else None


def ranked(siblings: Iterable[Figures], by: str) -> list[Ranked]:
    """Return areas by any number that Figures have, the highest first, those without one last.

    Equals stand by code. Raises AttributeError where Figures have no such number.
    """
    found = [(getattr(each, by), each) for each in siblings]
    found.sort(key=lambda pair: (pair[0] is None, -(pair[0] or 0), pair[1].area))
    places: list[Ranked] = []
    for place, (value, each) in enumerate(found, start=1):
        same = places and places[-1].value == value
        places.append(Ranked(places[-1].rank if same else place, each, value))
    return places


def waiting(days: Sequence[DayFigures], today: date) -> list[Waiting]:
    """Return how many families have not finished, by how long ago they opened their form."""
    ages = [((today - each.day).days, each.unfinished_families) for each in days]
    return [
        Waiting(
            since,
            until,
            sum(n for age, n in ages if age >= since and (until is None or age <= until)),
        )
        for since, until in AGES
    ]
