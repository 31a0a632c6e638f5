"""When the census is open, remembered for some seconds so that no request asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings

from cacah.collection import pool
from cacah.collection.moments import utc
from cacah.collection.problems import Problem

REMEMBERED_SECONDS = 5.0
FIND = "SELECT code, opens_at, closes_at FROM registry_census"


@dataclass(frozen=True, slots=True)
class Window:
    """The census's code and the two moments between which families answer."""

    census: str
    opens_at: datetime
    closes_at: datetime

    def check(self, now: datetime, begun: datetime | None = None) -> None:
        """Raise Problem(not-open or closed); a session begun in time has a while to send."""
        if now < self.opens_at:
            raise Problem("not-open", **self.dates())
        last = self.closes_at
        if begun is not None and begun < self.closes_at:
            last += timedelta(minutes=settings.CACAH_GRACE_MINUTES)
        if now >= last:
            raise Problem("closed", **self.dates())

    def dates(self) -> dict[str, Any]:
        """Return both moments as a problem's JSON object says them."""
        return {"opens_at": utc(self.opens_at), "closes_at": utc(self.closes_at)}


_remembered: list[tuple[float, Window]] = []


def current() -> Window:
    """Return the census's window, at most some seconds old; raises Problem(not-open) without one.

    Raises pool.DatabaseUnreachable.
    """
    if _remembered and monotonic() - _remembered[0][0] < REMEMBERED_SECONDS:
        return _remembered[0][1]
    row = pool.run(lambda connection: connection.execute(FIND).fetchone())
    if row is None:
        raise Problem("not-open")
    window = Window(*row)
    _remembered[:] = [(monotonic(), window)]
    return window


def forget() -> None:
    """Ask the database again at the next request."""
    _remembered.clear()
