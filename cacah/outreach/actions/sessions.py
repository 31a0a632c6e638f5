"""Verbs of guided sessions: open and close one, take a seat, tell where it is, help it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.collection import guide, numbers
from cacah.outreach.actions.plan import follow_up
from cacah.outreach.models import GuidedSession, Seat, SeatReason, SeatState, Visit
from cacah.outreach.packs.numbering import next_number
from cacah.outreach.queries.sessions import is_open
from cacah.outreach.queries.teams import only_team_of
from cacah.staff.actions import trace
from cacah.staff.models import Officer

SYMBOLS = 6
# Of a shared device's families the one that sent last stands for its seat.
SETTLE = """
UPDATE outreach_seat AS seat
SET household_id = told.household_id, submitted_at = told.submitted_at,
    state = 'finished', reason = NULL
FROM (
    SELECT DISTINCT ON (guide) guide, household_id, submitted_at FROM registry_case
    WHERE guide LIKE %(code)s || '.%%' AND submitted_at IS NOT NULL
    ORDER BY guide, submitted_at DESC, household_id
) AS told
WHERE seat.session_id = %(session)s AND told.guide = %(code)s || '.' || seat.number
    AND (seat.household_id, seat.submitted_at)
        IS DISTINCT FROM (told.household_id, told.submitted_at)
"""


class Closed(Exception):
    """The session does not take anybody: it is over, or not open yet."""


class Full(Exception):
    """The session has as many seats as one can have."""


@transaction.atomic
def open_session(*, by: Officer, new: GuidedSession) -> GuidedSession:
    """Open a session now, with a code that people type; raises ValidationError.

    Where it belongs to a visit, team, institution and area are the visit's; else the team is the
    doer's own, where he or she is a member of one.
    """
    new.opened_by = by
    if new.visit is not None:
        new.team, new.institution = new.visit.team, new.visit.institution
        new.area = new.visit.area
    elif new.team is None:
        new.team = only_team_of(by)
    new.title = " ".join(new.title.split())[:150]
    if not new.title:
        raise ValidationError({"title": _("Give the session a name.")})
    new.opens_at = timezone.now()
    _with_a_code(new)
    _trace(by, "session_opened", new, title=new.title)
    return new


def _with_a_code(new: GuidedSession) -> None:
    while True:
        new.code = code_of(secrets.randbelow(32**SYMBOLS))
        try:
            with transaction.atomic():
                new.save(force_insert=True)
            return
        except IntegrityError:  # one in a thousand million, or a chair with no area
            if not GuidedSession.objects.filter(code=new.code).exists():
                raise


def code_of(value: int) -> str:
    """Return the code of 0 <= value < 32**6: six symbols and a check, letters and digits only."""
    symbols = "".join(numbers.ALPHABET[value >> shift & 31] for shift in range(25, -1, -5))
    return symbols + numbers.ALPHABET[sum((n + 2) * ord(s) for n, s in enumerate(symbols)) % 31]


@transaction.atomic
def close_session(*, by: Officer, session: int) -> None:
    """End a session; who is still filling in goes on alone, and stays the session's."""
    held = _held(session)
    if held.closes_at is None or held.closes_at > timezone.now():
        held.closes_at = timezone.now()
        held.save(update_fields=["closes_at"])
        _trace(by, "session_closed", held)


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that somebody has taken, and the token that proves it."""

    number: int
    token: str


def take_seat(code: str) -> Taken:
    """Give somebody who has the code the next number.

    Raises GuidedSession.DoesNotExist, Closed, Full.
    """
    with transaction.atomic():
        session = GuidedSession.objects.select_for_update().get(code=code)
        if not is_open(session, timezone.now()):
            raise Closed
        number = next_number(session)
        if number is None:
            raise Full
        token = guide.token(f"{session.code}.{number}")
        Seat.objects.create(
            session=session,
            number=number,
            joined_at=timezone.now(),
        )
    return Taken(number, token)


def tell(*, seat: str, block: str, wanted: bool, at: datetime, by_script: bool = True) -> Seat:
    """Note which part of the form a seat has open, and whether the guide is called.

    `seat` as `guide.seat_of` gives it; a form without a script is heard of page by page only.
    Raises Seat.DoesNotExist, Closed.
    """
    code, _dot, number = seat.rpartition(".")
    there = Seat.objects.filter(session__code=code, number=int(number))
    found = there.select_related("session").get()
    if not is_open(found.session, at):
        raise Closed
    heard: dict[str, Any] = {"heard_at": at if by_script else None}
    moved = found.block != block
    if moved:
        heard |= {"block": block, "block_since": at}
    there.update(**heard)
    state = SeatState.STUCK if wanted else SeatState.STARTED
    if wanted or moved or found.state in (SeatState.JOINED, SeatState.NOT_FINISHED):
        # What the case has said, perhaps at this moment, nothing that a device tells undoes.
        there.exclude(state=SeatState.FINISHED).update(state=state, reason=None)
    return found


@transaction.atomic
def hint(*, by: Officer, session: int, number: int, text: str) -> None:
    """Send a sentence to a seat; an empty one takes the last away. Raises Seat.DoesNotExist."""
    words = " ".join(text.split())[:300]
    at = timezone.now() if words else None
    if not Seat.objects.filter(session=session, number=number).update(
        hint=words or None, hint_at=at
    ):
        raise Seat.DoesNotExist


@transaction.atomic
def could_not_finish(
    *, by: Officer, session: int, number: int, reason: SeatReason, visit_again: bool = False
) -> Visit | None:
    """Note why somebody could not finish; return the follow-up visit where one is booked.

    Raises Seat.DoesNotExist, ValidationError where the session belongs to no visit.
    """
    found = Seat.objects.select_for_update(of=("self",)).select_related("session__visit")
    seat = found.get(session=session, number=number)
    seat.state, seat.reason = SeatState.NOT_FINISHED, reason
    seat.save(update_fields=["state", "reason"])
    if not visit_again:
        return None
    if seat.session.visit is None:
        raise ValidationError(_("This session belongs to no visit, so none can follow it."))
    return follow_up(by=by, visit=seat.session.visit)


def settle(session: GuidedSession) -> int:
    """Note which seats hold a receipt by now; return how many were new.

    It is the case that says so, so nothing that a device claims can finish a seat.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"session": session.pk, "code": session.code})
        done: int = cursor.rowcount
    return done


def _held(session: int) -> GuidedSession:
    return GuidedSession.objects.select_for_update().get(pk=session)


def _trace(by: Officer, verb: str, session: GuidedSession, **details: object) -> None:
    trace(
        by=by,
        verb=f"outreach.{verb}",
        subject=session.pk,
        area=session.area_id,
        details=details,
    )
