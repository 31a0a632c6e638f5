"""Souvenirs of a rehearsal: handed out for the receipts of a session, from the stock of a place."""

from __future__ import annotations

from datetime import timedelta

from cacah.collection.models import Submission
from cacah.outreach.actions.handing import Giving, report
from cacah.outreach.models import Handout, Place, Seat, Visit
from cacah.staff.models import Officer

# From the receipt to the table with the pens.
WALK = timedelta(minutes=4)


def hand_out(
    visit: Visit, *, place: Place, kind: str, most: int, by: Officer, offline: bool = False
) -> int:
    """Let those who finished at a visit have one, `most` in their order; return how many did."""
    item = place.moves.filter(item__kind=kind).values_list("item", flat=True)[0]
    giving = Giving(by=by, place=place.pk, item=item, event=visit)
    seats = Seat.objects.filter(session__visit=visit, submitted_at__isnull=False)
    on_the_spot = seats.filter(submitted_at__date=visit.day).order_by("submitted_at", "number")
    finished = on_the_spot.values_list("household_id", "submitted_at")[:most]
    receipts = _receipts([household for household, _at in finished])
    for household, at in finished:
        report(giving, receipts[household], at + WALK)
    if not offline:
        Handout.objects.filter(event=visit).update(offline=False)
    return len(finished)


def hand_out_again(visit: Visit, *, place: Place, kind: str, by: Officer) -> None:
    """Let the first who had one at a visit have another elsewhere, without a signal, next day."""
    item = place.moves.filter(item__kind=kind).values_list("item", flat=True)[0]
    first = Handout.objects.filter(event=visit).order_by("handed_at").first()
    if first is not None:
        giving = Giving(by=by, place=place.pk, item=item)
        report(giving, bytes(first.receipt_digest), first.handed_at + timedelta(days=1))


def _receipts(households: list[int]) -> dict[int, bytes]:
    found = Submission.objects.filter(household_id__in=households, revision=1)
    return {
        household: bytes(digest)
        for household, digest in found.values_list("household_id", "receipt_digest")
    }
