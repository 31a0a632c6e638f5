"""A team's day in order: each visit its place, and when it begins; the caller holds the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cacah.outreach.models import Team, Visit, VisitState
from cacah.outreach.queries.problems import times_of
from cacah.outreach.queries.weeks import day_of


def order_of(team: Team, day: date) -> list[Visit]:
    """Return a day's visits in their order, without cancelled ones."""
    return list(day_of(team, day).exclude(state=VisitState.CANCELLED))


def settle(team: Team, day: date, order: Sequence[Visit] | None = None) -> None:
    """Number a day's visits in this order (None: as they are) and reckon when each begins.

    A visit's version stays: only whoever changes it itself makes a new one.
    """
    visits = order_of(team, day) if order is None else list(order)
    if not visits:
        return
    for place, (visit, begins) in enumerate(
        zip(visits, times_of(team, day, visits), strict=True), 1
    ):
        visit.position, visit.starts_at = place, begins
    Visit.objects.bulk_update(visits, ["position", "starts_at"])
