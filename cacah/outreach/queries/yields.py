"""What visits, events and sessions brought: people, outcomes, souvenirs and cost, as counts."""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from cacah.outreach.models import (
    GuidedSession,
    Handout,
    HandoutDouble,
    SeatReason,
    Visit,
    VisitState,
)
from cacah.outreach.queries.sessions import CLOSES_AFTER
from cacah.registry.queries import within

# Who finishes at home so long after a session has still been reached by it.
AFTERWARDS = timedelta(days=3)
_REASONS = ", ".join(
    f"count(*) FILTER (WHERE families = 0 AND reason = '{each}')" for each in SeatReason.values
)
# A shared computer's seat may have several families.
_SEATS = f"""
WITH seats AS (
    SELECT s.id, t.number, t.reason, count(c.household_id) AS families,
        count(*) FILTER (WHERE c.submitted_at <= s.ends) AS spot,
        count(*) FILTER (WHERE c.submitted_at > s.ends
            AND c.submitted_at <= s.ends + %(afterwards)s) AS later
    FROM (SELECT id, code, coalesce(closes_at, opens_at + %(closes_after)s) AS ends
        FROM outreach_guidedsession WHERE id = ANY(%(sessions)s)) AS s
    JOIN outreach_seat t ON t.session_id = s.id
    LEFT JOIN registry_case c ON c.guide = s.code || '.' || t.number AND c.revision > 0
    GROUP BY s.id, t.number, t.reason
)
SELECT id, sum(greatest(families, 1))::int, sum(spot)::int, sum(later)::int, {_REASONS}
FROM seats GROUP BY id
"""
# The operators of the index by guide: all seats of a session lie between "CODE." and "CODE/".
_FAMILIES = """
SELECT count(DISTINCT s.id), count(c.household_id), count(c.household_id) FILTER (WHERE s.of_visit)
FROM (SELECT id, code, visit_id IS NOT NULL AS of_visit
    FROM outreach_guidedsession WHERE area_id BETWEEN %s AND %s) AS s
LEFT JOIN registry_case c ON c.guide ~>=~ (s.code || '.') AND c.guide ~<~ (s.code || '/')
    AND c.revision > 0
"""
# Of more sessions nobody waits for the count.
MOST_SESSIONS = 500


@dataclass(frozen=True, slots=True)
class Yield:
    """Counts that add up; `cost` in rupiah, None where none was entered."""

    reached: int = 0
    on_the_spot: int = 0
    within_three_days: int = 0
    not_found: int = 0
    no_documents: int = 0
    no_signal: int = 0
    refused: int = 0
    other: int = 0
    souvenirs: int = 0
    cost: int | None = None

    def __add__(self, more: Yield) -> Yield:
        costs = [each for each in (self.cost, more.cost) if each is not None]
        return Yield(
            self.reached + more.reached,
            self.on_the_spot + more.on_the_spot,
            self.within_three_days + more.within_three_days,
            self.not_found + more.not_found,
            self.no_documents + more.no_documents,
            self.no_signal + more.no_signal,
            self.refused + more.refused,
            self.other + more.other,
            self.souvenirs + more.souvenirs,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Effort:
    """A session, or a visit with what belongs to it as a whole: souvenirs and cost."""

    day: date
    visit: Visit | None
    session: GuidedSession | None
    brought: Yield


@dataclass(frozen=True, slots=True)
class Guided:
    """Sessions, the families that answered in them, and those of them in sessions of visits."""

    sessions: int
    families: int
    of_visits: int


def efforts(area: str, first: date, last: date) -> list[Effort]:
    """Return what was done in an area (undotted code, "" is the nation) on these days.

    A visit counts once it has begun; a session on the day on which it opened.
    """
    return [*_sessions(area, first, last), *_visits(area, first, last)]


def guided(area: str) -> Guided | None:
    """Return what the guided sessions held in an area brought; None for none and for too many."""
    held = GuidedSession.objects.filter(area__code__startswith=area)
    if not 0 < held[: MOST_SESSIONS + 1].count() <= MOST_SESSIONS:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES, within(area))
        return Guided(*cursor.fetchone())


def visited(area: str, first: date, last: date) -> set[int]:
    """Return the institutions that a team was at, or that held a session, on these days."""
    begins, ends = moments(first, last)
    went = Visit.objects.filter(_done(area, first, last), institution__isnull=False)
    held = GuidedSession.objects.filter(
        area__code__startswith=area,
        opens_at__gte=begins,
        opens_at__lt=ends,
        institution__isnull=False,
    )
    ids = [*went.values_list("institution", flat=True), *held.values_list("institution", flat=True)]
    return {each for each in ids if each is not None}


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when the first of these days begins and the day after the last one does."""
    begins = timezone.make_aware(datetime.combine(first, time()))
    return begins, timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))


def _sessions(area: str, first: date, last: date) -> list[Effort]:
    begins, ends = moments(first, last)
    found = GuidedSession.objects.filter(
        area__code__startswith=area, opens_at__gte=begins, opens_at__lt=ends
    )
    held = list(
        found.select_related("visit__team__area", "team__area", "area").order_by("opens_at", "pk")
    )
    counted = _counted([each.pk for each in held])
    return [
        Effort(timezone.localdate(each.opens_at), each.visit, each, counted.get(each.pk, Yield()))
        for each in held
    ]


def _counted(sessions: Sequence[int]) -> dict[int, Yield]:
    values: dict[str, Any] = {
        "sessions": list(sessions),
        "afterwards": AFTERWARDS,
        "closes_after": CLOSES_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, values)
        return {pk: Yield(*counts) for pk, *counts in cursor.fetchall()}


def _visits(area: str, first: date, last: date) -> list[Effort]:
    found = Visit.objects.filter(_done(area, first, last)).select_related("team__area", "area")
    went = list(found.order_by("day", "pk"))
    souvenirs = _souvenirs([each.pk for each in went])
    return [
        Effort(each.day, each, None, Yield(souvenirs=souvenirs[each.pk], cost=each.cost))
        for each in went
        if each.day
    ]


def _done(area: str, first: date, last: date) -> Q:
    began = Q(state__in=(VisitState.UNDER_WAY, VisitState.DONE))
    return began & Q(area__code__startswith=area, day__gte=first, day__lte=last)


def _souvenirs(events: Sequence[int]) -> dict[int, int]:
    many: dict[int, int] = defaultdict(int)
    for model in (Handout, HandoutDouble):
        found = model.objects.filter(event__in=events).values_list("event")
        for event, pieces in found.annotate(n=Count("pk")).order_by():
            many[event] += pieces
    return many
