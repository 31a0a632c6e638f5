"""What a session's board has to show anew, since the version of it that a page has.

A version is a snapshot of the database (PostgreSQL's `pg_snapshot`: which transactions it sees)
and a moment. A seat is new to it where a transaction that it does not see has changed the seat, or
where the clock alone has since made it stuck or silent. So nothing is missed however late a
transaction commits, nothing is kept for an open page, and whoever was away catches up in one
answer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.db import connection
from django.db.models import BooleanField, Case, Count, Func, Q, Value, When
from django.db.models.functions import Coalesce

from cacah.outreach.models import GuidedSession, Seat, SeatState
from cacah.outreach.queries.sessions import (
    SILENT_AFTER,
    STUCK_AFTER,
    Place,
    in_order,
    is_open,
    place_of,
)

# Transactions under way at one moment are as many as there are connections.
LONGEST = 4000
TEXT = re.compile(r"(\d{1,18}):(\d{1,18}):((?:\d{1,18},)*\d{1,18})?@(\d{1,13})([+-])", re.ASCII)
WAITING = (SeatState.JOINED, SeatState.STARTED)


@dataclass(frozen=True, slots=True)
class Version:
    """What a board shows: all that a snapshot sees, at a moment; `text` as the page keeps it."""

    snapshot: str
    newest: int
    at: datetime
    is_open: bool

    @property
    def text(self) -> str:
        milliseconds = int(self.at.timestamp() * 1000)
        return f"{self.snapshot}@{milliseconds}{'+' if self.is_open else '-'}"


def version_of(session: GuidedSession) -> Version:
    """Return the version that holds what is asked from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        snapshot = cursor.fetchone()[0]
    now = datetime.now(UTC)
    return Version(snapshot, int(snapshot.split(":")[1]), now, is_open(session, now))


def read_version(text: str) -> Version | None:
    """Return the version that a page has; None for what is none."""
    found = TEXT.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    oldest, newest, under_way, moment, openness = found.groups()
    between = [int(each) for each in under_way.split(",")] if under_way else []
    steps = [int(oldest), *between, int(newest)]
    in_steps = all(a <= b for a, b in pairwise(steps)) and int(oldest) > 0
    if not in_steps or (between and between[-1] == int(newest)):
        return None
    at = datetime.fromtimestamp(int(moment) / 1000, UTC)
    return Version(text.rpartition("@")[0], int(newest), at, openness == "+")


def changed(session: GuidedSession, since: Version, now: Version) -> list[Place] | None:
    """Return the seats that a page of `since` does not show as they are `now`, in order.

    None where that version cannot be of this database, so that the page needs the whole board.
    """
    if since.newest > now.newest:
        return None
    unseen = Q(_Unseen("changed_in", Value(since.snapshot)))
    on_it_since = Coalesce("block_since", "joined_at")
    stuck = Q(state__in=WAITING) & _passed(
        "on_it_since", since.at - STUCK_AFTER, now.at - STUCK_AFTER
    )
    span = since.at - SILENT_AFTER, now.at - SILENT_AFTER
    silent = Q(state__in=(SeatState.STARTED, SeatState.STUCK)) & (
        _passed("heard_at", *span) | (Q(heard_at=None, block="") & _passed("joined_at", *span))
    )
    seats = session.seats.alias(on_it_since=on_it_since).filter(unseen | stuck | silent)
    return in_order([place_of(seat, now.at) for seat in seats])


def tally_at(session: GuidedSession, at: datetime) -> dict[SeatState, int]:
    """Return how many seats are in each state at a moment, as `place_of` says it."""
    late = When(
        Q(state__in=WAITING) & Q(on_it_since__lt=at - STUCK_AFTER), then=Value(SeatState.STUCK)
    )
    seats = Seat.objects.filter(session=session).alias(
        on_it_since=Coalesce("block_since", "joined_at")
    )
    shown = seats.annotate(shown=Case(late, default="state")).values_list("shown")
    counted = Counter(dict(shown.annotate(n=Count("pk")).order_by()))
    return {state: counted[state.value] for state in SeatState}


class _Unseen(Func):
    """True where a snapshot, the second, does not see the transaction of a number, the first."""

    template = "NOT pg_visible_in_snapshot(%(expressions)s::pg_snapshot)"
    arg_joiner = "::text::xid8, "
    output_field = BooleanField()


def _passed(field: str, before: datetime, now: datetime) -> Q:
    """Return the condition that a moment has come to lie before a line since."""
    return Q(**{f"{field}__gte": before, f"{field}__lt": now})
