"""Verbs of delivery: on the laptop, note what has arrived; at the centre, take its seats in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import Max, Min
from django.utils import timezone

from cacah.collection.delivered import Refused
from cacah.collection.models import Pack
from cacah.outreach.models import GuidedSession, Seat, SeatReason, SeatState, SessionPack
from cacah.outreach.models.delivered import Delivered, Kind, Outcome
from cacah.outreach.packs.numbering import first_number, numbers_of_laptop
from cacah.outreach.queries.sessions import ends
from cacah.staff.actions import trace

# What of a seat the laptop says.
SAID = ("joined_at", "state", "reason", "block", "submitted_at")


class Named(Protocol):
    """What was handed over, as far as noting it needs."""

    @property
    def key(self) -> bytes: ...

    @property
    def kind(self) -> Kind: ...


def note(
    handed: Sequence[Named], said: Iterable[dict[str, Any]], *, at: datetime
) -> Counter[Outcome]:
    """Keep what the centre said of each thing; return how many submissions had which outcome.

    Two deliveries at once may note the same: what is settled stays, a refusal may be overcome. The
    doer is the laptop.
    """
    rows = [
        Delivered(
            key=each.key,
            kind=each.kind,
            outcome=outcome_of(of_it),
            why=str(of_it.get("why") or "")[:40],
            at=at,
        )
        for each, of_it in zip(handed, said, strict=True)
    ]
    Delivered.objects.filter(
        key__in=[row.key for row in rows if row.outcome != Outcome.REFUSED],
        outcome=Outcome.REFUSED,
    ).delete()
    # In one order, so that two deliveries at once never wait for each other.
    Delivered.objects.bulk_create(
        sorted(rows, key=lambda row: bytes(row.key)), ignore_conflicts=True
    )
    return Counter(Outcome(row.outcome) for row in rows if row.kind == Kind.SUBMISSION)


def outcome_of(said: dict[str, Any]) -> Outcome:
    """Return the outcome; what this version does not know is tried again like a refusal."""
    told = said.get("outcome")
    return Outcome(told) if told in Outcome.values else Outcome.REFUSED


def take_seat_in(pack: Pack, item: dict[str, Any]) -> str:
    """Take a seat of a pack's laptop into its session; return `stored` or `again`.

    The laptop says how it stands, and says so anew when that has changed. Raises Refused where the
    pack is of no session, or nothing like this can be a seat of its laptop. The doer is the pack.
    """
    of = SessionPack.objects.filter(pk=pack.pk).first()
    if of is None:
        raise Refused("session-unknown")
    session = GuidedSession.objects.select_for_update().get(pk=of.session_id)
    first, last = numbers_of_laptop(of.serial)
    if not first <= item["number"] <= last:
        raise Refused("number-taken")
    told = told_by(pack, item)
    found = Seat.objects.filter(session=session, number=item["number"])
    if found.filter(**told).exists():
        return Outcome.AGAIN.value
    if not found.update(**told):
        Seat.objects.create(session=session, number=item["number"], **told)
    hold_when_its_people_came(session)
    return Outcome.STORED.value


def trace_delivery(pack: int, outcomes: Counter[str]) -> None:
    """Leave a line that a pack has brought something; a mere repeat leaves none."""
    if not outcomes.keys() - {Outcome.AGAIN.value}:
        return
    for of in SessionPack.objects.filter(pk=pack).select_related("session"):
        trace(
            by=None,
            verb="outreach.pack_delivered",
            subject=of.session_id,
            area=of.session.area_id,
            details={"pack": pack, **outcomes},
        )


def told_by(pack: Pack, item: dict[str, Any]) -> dict[str, Any]:
    """Return what the laptop says of a seat, its clock kept within the pack's time and now."""
    told = {name: item.get(name) for name in SAID} | {"household_id": item.get("id")}
    if told["state"] not in SeatState.values:
        raise Refused("bad-item")
    told["block"] = told["block"] or ""
    told["reason"] = told["reason"] if told["state"] == SeatState.NOT_FINISHED else None
    if told["state"] == SeatState.NOT_FINISHED and told["reason"] not in SeatReason.values:
        raise Refused("bad-item")
    now = timezone.now()
    for name in ("joined_at", "submitted_at"):
        at: datetime | None = told[name]
        told[name] = at and min(max(at, pack.made_at), now)
    return told


def hold_when_its_people_came(session: GuidedSession) -> None:
    """Let a session without a signal begin and end when its people were there.

    It was opened in the office, days before perhaps; what it brought counts on its own day.
    """
    serial = session.packs.aggregate(n=Min("serial"))["n"]
    if session.seats.filter(number__lt=first_number(serial)).exists():
        return  # it was held on the web, too
    first, last, sent = session.seats.aggregate(
        first=Min("joined_at"), last=Max("joined_at"), sent=Max("submitted_at")
    ).values()
    session.opens_at = first
    over = max(moment for moment in (last, sent) if moment) + timedelta(seconds=1)
    if session.closes_at or over > ends(session):
        session.closes_at = max(session.closes_at or over, over)
    session.save(update_fields=["opens_at", "closes_at"])
