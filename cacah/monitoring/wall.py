"""What a wall shows at one moment: large figures, the last hour, the best and the last areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

from django.db import connection
from django.utils import timezone
from django.utils.safestring import SafeString

from cacah.areas.codes import LENGTHS
from cacah.areas.models import Level
from cacah.monitoring import queries, showing
from cacah.monitoring.figures import Ranked, Trend, ranked
from cacah.monitoring.measures import RANKED_BY
from cacah.monitoring.siblings import Sibling, sibling
from cacah.staff.numerals import count, decimal, percent

MINUTES = 60
NAMED = 5
# Digits down to which there are samples.
SAMPLED = LENGTHS[Level.REGENCY - 1]
SAMPLES = """
SELECT at, responded_families FROM monitoring_sample
WHERE area = %s AND at >= %s ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Families that responded a minute, the last `MINUTES` of them; None where nobody sampled."""

    minutes: tuple[float | None, ...]

    @property
    def now(self) -> float | None:
        """The last minute that is known, if it is not long ago."""
        known = [each for each in self.minutes[-3:] if each is not None]
        return known[-1] if known else None

    @property
    def hour(self) -> float | None:
        """The mean of those known."""
        known = [each for each in self.minutes if each is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Named:
    """An area and its figure, written."""

    name: str
    share: str


@dataclass(frozen=True, slots=True)
class Wall:
    """The figures of a wall."""

    as_of: datetime
    today_is: date
    figures: Sibling
    trend: Trend
    pace: Pace
    best: tuple[Named, ...]
    last: tuple[Named, ...]

    @property
    def version(self) -> str:
        """Return a digest of all that is shown but the time."""
        told = (self.today_is, self.figures, self.trend, self.pace, self.best, self.last)
        return blake2b(repr(told).encode(), digest_size=8).hexdigest()

    @property
    def persons(self) -> str:
        return count(self.figures.responded_persons)

    @property
    def expected(self) -> str:
        return count(self.figures.expected_persons)

    @property
    def share(self) -> str:
        return percent(self.figures.persons_percent)

    @property
    def today(self) -> str:
        return count(self.trend.today)

    @property
    def needed(self) -> str:
        return count(self.trend.needed)

    @property
    def target(self) -> str:
        return count(self.figures.target_persons)

    @property
    def gap(self) -> str:
        return count(self.figures.gap)

    @property
    def now(self) -> str:
        return decimal(self.pace.now)

    @property
    def hour(self) -> str:
        return decimal(self.pace.hour)

    @property
    def standing(self) -> SafeString:
        return showing.state(self.figures)

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """Return (x, y, height) of each minute's bar in a picture of 600 by 100."""
        most = max((each or 0 for each in self.pace.minutes), default=0) or 1
        heights = [round(100 * (each or 0) / most) for each in self.pace.minutes]
        return [(10 * n, 100 - height, height) for n, height in enumerate(heights)]


def wall_of(area: str) -> Wall | None:
    """Return the wall of an area (undotted, "" the nation); None for one that is unknown.

    Raises registry.queries.NoCensus.
    """
    today = timezone.localdate()
    with queries.one_moment():
        as_of = timezone.now()
        found = queries.figures(area)
        if found is None:
            return None
        when, days = queries.season(today), queries.by_day(area)
        trend = queries.trend_of(found, days, today, when)
        places = [
            each for each in ranked(queries.children(area), RANKED_BY) if each.value is not None
        ]
        pace = pace_of(area, as_of)
    own = sibling(found, (trend.today, trend.lately), when)
    named = [_named(each) for each in places]
    half = min(NAMED, len(named) // 2)
    best, last = named[: half or len(named)], named[len(named) - half :]
    ends = (tuple(best), tuple(reversed(last)) if half else ())
    return Wall(as_of, today, own, trend, pace, *ends)


def _named(place: Ranked) -> Named:
    return Named(place.figures.name, percent(place.value))


def pace_of(area: str, now: datetime) -> Pace:
    """Return the families a minute of the last hour; a gap's families are spread over it."""
    minute = now.replace(second=0, microsecond=0)
    first = minute - timedelta(minutes=MINUTES)
    paces: list[float | None] = [None] * MINUTES
    if len(area) > SAMPLED:
        return Pace(tuple(paces))
    with connection.cursor() as cursor:
        cursor.execute(SAMPLES, [area, first])
        samples = cursor.fetchall()
    for (begin, before), (end, after) in pairwise(samples):
        minutes = max(1, round((end - begin).total_seconds() / 60))
        last = round((end - first).total_seconds() / 60)
        for n in range(max(0, last - minutes), min(last, MINUTES)):
            paces[n] = max(0, after - before) / minutes
    return Pace(tuple(paces))
