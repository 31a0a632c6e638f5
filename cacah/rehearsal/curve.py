"""When the families of an online census answer: the days, and the hours of a day.

The shape is that of the reports of 2020: a slow start, a peak when something is announced that dies
away within days, more on Mondays than on Sundays, most in the evening, and a rush at the end.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import accumulate
from random import Random

# Share of the census's days after which an announcement is made, and how much it adds.
ANNOUNCED = ((0.0, 1.1), (0.22, 1.6), (0.47, 2.0))
FADES = 0.45
SLOW_DAYS = 12
RUSH_DAYS, RUSH = 6, 2.2
# From Monday to Sunday.
WEEK = (1.4, 1.1, 1.0, 1.0, 0.8, 0.7, 0.75)
# From midnight to 23 o'clock: alone at home, and guided in an office.
ALONE_HOURS = (2, 1, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 8, 7, 5, 5, 6, 7, 9, 14, 17, 15, 9, 4)
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 8, 12, 11, 6, 2, 6, 7, 3, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Curve:
    """The moments between two others at which families open their form."""

    opens_at: datetime
    closes_at: datetime
    # Running totals of `weight` over the days of the census.
    totals: list[float] = field(init=False)

    def __post_init__(self) -> None:
        weights = [self.weight(day) for day in range(self.days)]
        object.__setattr__(self, "totals", list(accumulate(weights)))

    @property
    def days(self) -> int:
        """Return over how many days of the calendar the census runs."""
        last = self.closes_at - timedelta(microseconds=1)
        return (last.date() - self.opens_at.date()).days + 1

    def weight(self, day: int) -> float:
        """Return how many families the day (0: the first) draws, in no particular unit."""
        base = 0.35 + 0.65 * min(1.0, day / SLOW_DAYS)
        for share, peak in ANNOUNCED:
            since = day - int(share * self.days)
            if since >= 0:
                base += peak * FADES**since
        left = self.days - 1 - day
        if left < RUSH_DAYS:
            base += RUSH * (RUSH_DAYS - left) / RUSH_DAYS
        return base * WEEK[(self.opens_at + timedelta(days=day)).weekday()]

    def moment(self, rng: Random, *, guided: bool) -> datetime:
        """Draw a moment: of any day, or of an office's hours where somebody guides."""
        hours = OFFICE_HOURS if guided else ALONE_HOURS
        while True:
            day = bisect(self.totals, rng.random() * self.totals[-1])
            hour = rng.choices(range(24), hours)[0]
            midnight = datetime.combine(
                self.opens_at.date() + timedelta(days=day), time(), self.opens_at.tzinfo
            )
            drawn = midnight + timedelta(hours=hour, seconds=rng.randrange(3600))
            weekend = guided and drawn.weekday() >= 5
            if not weekend and self.opens_at <= drawn < self.closes_at:
                return drawn
