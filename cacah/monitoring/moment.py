"""All that an area's page shows, at one moment, and a digest that tells two moments apart."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import blake2b
from operator import attrgetter

from django.utils import timezone

from cacah.monitoring import queries
from cacah.monitoring.figures import COUNTS, DayFigures, ModeFigures, Ranked, Trend, ranked
from cacah.monitoring.measures import RANKED_BY
from cacah.monitoring.siblings import Sibling, sibling, siblings

# Ten times as fast as the repr of each.
_figures = attrgetter(*(field.name for field in fields(Sibling)))
_counts = attrgetter(*COUNTS)


@dataclass(frozen=True, slots=True)
class Moment:
    """An area, what is directly below it, its days in order and its modes, at `as_of`."""

    as_of: datetime
    today: date
    figures: Sibling
    trend: Trend
    below: list[Sibling]
    days: list[DayFigures]
    modes: list[ModeFigures]
    # The area among those beside it; None for the nation and where that is not to be seen.
    rank: Ranked | None
    beside: int

    @property
    def version(self) -> str:
        """Return a digest of every figure of the page, not of the time."""
        told = (
            # Days ago and days left count from it.
            self.today,
            [_figures(each) for each in (self.figures, *self.below)],
            [_counts(each) for each in (*self.days, *self.modes)],
            [each.day for each in self.days],
            self.trend,
            self.rank and self.rank.rank,
            self.beside,
        )
        return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def moment(area: str, *, parent: str | None = None) -> Moment | None:
    """Return the figures of an area (undotted code, "" for the nation); None for an unknown one.

    With a `parent` the area's rank among that one's children is in it. Raises
    registry.queries.NoCensus before a census is set.
    """
    today = timezone.localdate()
    with queries.one_moment():
        as_of = timezone.now()
        days, modes = queries.by_day_and_mode(area)
        if parent is None:
            beside, found = [], queries.figures_from(area, days)
        else:
            beside = queries.children(parent)
            found = next((each for each in beside if each.area == area), None)
        if found is None:
            return None
        when = queries.season(today)
        trend = queries.trend_of(found, days, today, when)
        places = ranked(beside, RANKED_BY)
        return Moment(
            as_of,
            today,
            sibling(found, (trend.today, trend.lately), when),
            trend,
            siblings(area, today=today, when=when),
            days,
            modes,
            next((each for each in places if each.figures.area == area), None),
            len(places),
        )
