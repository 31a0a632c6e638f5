"""A week to be planned, frozen: who can go out when, where to, and how long the ways are.

Days are numbered from 0, the first of the week; times are minutes since midnight.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something lies: its area's undotted code, and its coordinates where they are known."""

    area: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_located(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    def is_near(self, other: Spot) -> bool:
        """Tell whether one of two areas lies within the other.

        An office of the province stands in a town, whose teams may go there.
        """
        return self.area.startswith(other.area) or other.area.startswith(self.area)


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as the planner sees it."""

    id: int
    # Its base; it goes to what lies within its area, or around it.
    base: Spot
    # The days on which it can go out.
    days: frozenset[int]
    starts: int
    ends: int
    # Visits that it can do in all these days, those that are agreed among them.
    capacity: int
    # On one day at most; more may be agreed.
    daily: int = 60


@dataclass(frozen=True, slots=True)
class Pin:
    """Who goes when, where that is agreed and must not be changed."""

    crew: int
    day: int
    begins: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Somewhere to go: a visit of so many minutes between opening and closing on one of its days.

    `weight` is what it costs to leave it out, in minutes of travel. One that is pinned is never
    left out, and neither opening hours nor the team's hours are asked.
    """

    id: int
    spot: Spot
    minutes: int
    opens: int
    closes: int
    days: frozenset[int]
    weight: int
    pin: Pin | None = None
    # A meeting takes time and is no visit.
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Speeds:
    """How long ways take: by coordinates, and where one is missing by the smallest common area."""

    kmh: float = 25.0
    # Roads are so many times as long as the great circle.
    road_factor: float = 1.4
    # Between any two places: parking, the gate, the stairs.
    least: int = 5
    same_village: int = 10
    same_district: int = 20
    same_regency: int = 35
    same_province: int = 180
    elsewhere: int = 480


@dataclass(frozen=True, slots=True)
class Problem:
    """A week: teams, places and ways. Ids of crews and of stops are unique."""

    crews: tuple[Crew, ...]
    stops: tuple[Stop, ...]
    speeds: Speeds = field(default=Speeds())


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop in somebody's day."""

    stop: int
    crew: int
    day: int
    begins: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned, each crew's day in its order, and the ids of what is left out.

    `cost` is in minutes of travel: the ways, what leaving out costs, and what is unfair. `by` says
    which of the ways to plan found it.
    """

    visits: tuple[Planned, ...]
    left_out: tuple[int, ...]
    cost: int
    travel: int
    by: str
