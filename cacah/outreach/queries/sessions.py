"""What the guide of a session may see: numbers, how far each is and for how long; no answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cacah.outreach.models import GuidedSession, Seat, SeatState

# Whoever is invited for an evening may still finish on the way home.
CLOSES_AFTER = timedelta(hours=12)
# So long on one part of the form, and somebody should go and look.
STUCK_AFTER = timedelta(minutes=6)
# Four times as long as a form keeps silent.
SILENT_AFTER = timedelta(seconds=60)
# Who is still at it, who needs somebody first.
WORKING = (SeatState.STUCK, SeatState.STARTED, SeatState.JOINED)


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as the board shows it: its part of the form, since when, and what it needs."""

    seat: Seat
    state: SeatState
    # Minutes on this part of the form; None where nobody is at it any more.
    minutes: int | None
    is_silent: bool
    was_called: bool

    @property
    def urgency(self) -> int:
        """Where it stands on the board: who needs somebody first, who is done last."""
        if self.was_called:
            return 0
        return WORKING.index(self.state) + 1 if self.state in WORKING else 9


def is_open(session: GuidedSession, at: datetime) -> bool:
    """Tell whether a session takes people at this moment."""
    return session.opens_at <= at < ends(session)


def ends(session: GuidedSession) -> datetime:
    """Return when a session is over, or will be by itself."""
    return session.closes_at or session.opens_at + CLOSES_AFTER


def open_sessions() -> list[str]:
    """Return the codes of all sessions that take people now."""
    now = timezone.now()
    recent = GuidedSession.objects.filter(opens_at__gt=now - CLOSES_AFTER, opens_at__lte=now)
    return [each.code for each in recent.order_by("pk") if is_open(each, now)]


def board(session: GuidedSession, at: datetime) -> list[Place]:
    """Return the seats of a session: who needs somebody first, then by number."""
    places = [place_of(seat, at) for seat in session.seats.order_by("number")]
    return in_order(places)


def in_order(places: list[Place]) -> list[Place]:
    """Return places as the board has them: who needs somebody first, then by number."""
    return sorted(places, key=lambda place: (place.urgency, place.seat.number))


def place_of(seat: Seat, at: datetime) -> Place:
    """Return how a seat stands at a moment."""
    since = seat.block_since or seat.joined_at
    on_it = max(at - since, timedelta())
    state = SeatState(seat.state)
    called = state == SeatState.STUCK
    if state in (SeatState.JOINED, SeatState.STARTED) and on_it > STUCK_AFTER:
        state = SeatState.STUCK
    working = state in (SeatState.STARTED, SeatState.STUCK)
    # A form without a script is open at some part, and never heard of in between.
    speaks = seat.heard_at is not None or not seat.block
    silent = working and speaks and at - (seat.heard_at or seat.joined_at) > SILENT_AFTER
    minutes = int(on_it.total_seconds() // 60) if state in WORKING else None
    return Place(seat, state, minutes, silent, called)


def tally(places: list[Place]) -> dict[SeatState, int]:
    """Return how many seats are in each state."""
    counted = Counter(place.state for place in places)
    return {state: counted.get(state, 0) for state in SeatState}


def sessions_of(areas: QuerySet[GuidedSession]) -> QuerySet[GuidedSession]:
    """Return sessions with what a list shows of them, the latest first."""
    return areas.select_related("area", "team", "institution", "visit").order_by("-opens_at", "-pk")
