"""Verbs of handing souvenirs out: one for each family, also where there was no signal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from cacah.collection import queries as collected
from cacah.institutions.queries import has_member
from cacah.outreach.actions.stock import hold, pieces_of
from cacah.outreach.models import (
    Handout,
    HandoutDouble,
    MoveKind,
    SouvenirRule,
    StockMove,
    Visit,
)
from cacah.staff.actions import trace
from cacah.staff.models import Officer


class NoReceipt(Exception):
    """No family holds such a receipt."""


class HadOne(Exception):
    """The family has had a souvenir: `first` says when and where."""

    def __init__(self, first: Handout) -> None:
        super().__init__()
        self.first = first


class NoneLeft(Exception):
    """By the stock nothing of it is left here."""


class NotForThem(Exception):
    """The event's rule leaves the family out; `rule` says why."""

    def __init__(self, rule: SouvenirRule) -> None:
        super().__init__()
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Giving:
    """Where something is handed out, what, at which event, by whom."""

    by: Officer
    place: int
    item: int
    event: Visit | None = None


def hand_out(giving: Giving, digest: bytes) -> Handout:
    """Hand a souvenir to the family whose receipt this is (`receipts.number_digest`).

    Raises HadOne, NoneLeft, NotForThem, NoReceipt, Place.DoesNotExist.
    """
    try:
        with transaction.atomic():
            hold(giving.place)
            holder = collected.holder_of(digest)
            if holder is None:
                raise NoReceipt
            if first := _first(digest, holder.household_id):
                raise HadOne(first)
            if giving.event:
                _keep_the_rule(giving.event, holder.household_id)
            if pieces_of(giving.place, giving.item) < 1:
                raise NoneLeft
            made = _handout(giving, digest, holder.household_id, timezone.now(), offline=False)
            made.save(force_insert=True)
            _take_from_stock(made)
            return made
    except IntegrityError:  # handed out elsewhere at the same moment
        holder = collected.holder_of(digest)
        first = _first(digest, holder.household_id if holder else None)
        if first is None:
            raise
        raise HadOne(first) from None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a report: `given`, `double` (with the one that counts), or `known`."""

    outcome: str
    handout: Handout


@transaction.atomic
def report(giving: Giving, digest: bytes, at: datetime) -> Told:
    """Note what was handed out at `at` without a signal; told twice, it is noted once.

    It has happened, so nothing refuses it: the stock may fall below 0, and of two that one family
    got the later becomes a double. A receipt that has not come in yet is waited for.
    Raises Place.DoesNotExist.
    """
    place = hold(giving.place)
    same = Q(receipt_digest=digest, place=place, handed_at=at)
    if known := Handout.objects.filter(same).first():
        return Told("known", known)
    if told := HandoutDouble.objects.filter(same).select_related("first").first():
        return Told("double", told.first)
    holder = collected.holder_of(digest)
    household = holder.household_id if holder else None
    made = _handout(giving, digest, household, at, offline=True)
    _take_from_stock(made)
    if first := _first(digest, household):
        return Told("double", _name_double(first, made))
    made.save(force_insert=True)
    return Told("given", made)


@transaction.atomic
def find_families() -> int:
    """Find the families of receipts that had not come in when they were shown; return how many.

    Where the family has had one elsewhere, the later of the two becomes a double.
    """
    found = 0
    for waiting in Handout.objects.select_for_update().filter(household_id=None).order_by("pk"):
        holder = collected.holder_of(bytes(waiting.receipt_digest))
        if holder is None:
            continue
        found += 1
        first = Handout.objects.select_for_update().filter(household_id=holder.household_id).first()
        if first is None:
            Handout.objects.filter(pk=waiting.pk).update(household_id=holder.household_id)
        else:
            HandoutDouble.objects.filter(first=waiting).update(first=first)
            Handout.objects.filter(pk=waiting.pk).delete()
            _name_double(first, waiting)
    return found


def set_rule(*, by: Officer, event: Visit, first: int | None, people_of: int | None) -> None:
    """Say who gets a souvenir at an event; with neither everybody with a receipt does."""
    with transaction.atomic():
        if first is None and people_of is None:
            SouvenirRule.objects.filter(event=event).delete()
        else:
            SouvenirRule.objects.update_or_create(
                event=event, defaults={"first": first, "people_of_id": people_of}
            )
        trace(
            by=by,
            verb="outreach.souvenir_rule_set",
            subject=event.pk,
            area=event.area_id,
            details={"first": first, "people_of": people_of},
        )


def _first(digest: bytes, household: int | None) -> Handout | None:
    theirs = Q(receipt_digest=digest)
    if household is not None:
        theirs |= Q(household_id=household)
    found = Handout.objects.filter(theirs).select_related("place", "item", "event", "by")
    return found.order_by("handed_at").first()


def _keep_the_rule(event: Visit, household: int) -> None:
    """Raise NotForThem where the event's rule leaves this family out."""
    # Held, so that of two counters at the event each knows what the other has handed out.
    rule = SouvenirRule.objects.select_for_update().filter(event=event).first()
    if rule is None:
        return
    is_full = rule.first is not None and event.handouts.count() >= rule.first
    is_stranger = rule.people_of_id is not None and not has_member(rule.people_of_id, household)
    if is_full or is_stranger:
        raise NotForThem(rule)


def _handout(
    giving: Giving, digest: bytes, household: int | None, at: datetime, *, offline: bool
) -> Handout:
    return Handout(
        place_id=giving.place,
        item_id=giving.item,
        receipt_digest=digest,
        household_id=household,
        event=giving.event,
        handed_at=at,
        by=giving.by,
        offline=offline,
    )


def _take_from_stock(handout: Handout) -> None:
    StockMove.objects.create(
        place_id=handout.place_id,
        item_id=handout.item_id,
        pieces=-1,
        kind=MoveKind.HANDED_OUT,
        by=handout.by,
        at=handout.handed_at,
    )


def _name_double(first: Handout, later: Handout) -> Handout:
    """Write down that a family had two; return the handing out that counts, the earlier one."""
    if later.handed_at < first.handed_at:
        _swap(first, later)
    HandoutDouble.objects.create(
        first=first,
        place=later.place,
        item=later.item,
        receipt_digest=later.receipt_digest,
        event=later.event,
        handed_at=later.handed_at,
        by=later.by,
    )
    return first


SWAPPED = ("place_id", "item_id", "receipt_digest", "event_id", "handed_at", "by_id", "offline")


def _swap(first: Handout, later: Handout) -> None:
    """Let the stored row tell of the earlier one; what it told goes into `later`."""
    for name in SWAPPED:
        told = getattr(first, name)
        setattr(first, name, getattr(later, name))
        setattr(later, name, told)
    first.save()
