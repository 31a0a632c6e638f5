"""Hears how far a seat is whose form has no script: page by page, because nothing else speaks."""

from __future__ import annotations

from django.utils import timezone

from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import Seat


def hear(seat: str, block: str, wanted: bool) -> str:
    """Note the part of the form that a seat has open; return the guide's hint.

    A session that is over, or a seat that is none, hears nothing and says nothing.
    """
    try:
        found = verbs.tell(
            seat=seat, block=block, wanted=wanted, at=timezone.now(), by_script=False
        )
    except (Seat.DoesNotExist, verbs.Closed):
        return ""
    return found.hint or ""
