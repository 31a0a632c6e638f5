"""Verbs of the stock of souvenirs: places, what comes in, goes to another place, is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.areas.models import Area
from cacah.outreach.models import Item, MoveKind, Place, StockMove, Team
from cacah.staff.actions import trace
from cacah.staff.models import Officer

MOST_PIECES = 1_000_000


def add_place(*, by: Officer, name: str, area: Area) -> Place:
    """Add a place where souvenirs are kept; raises ValidationError."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give the place a name.")})
    try:
        with transaction.atomic():
            made = Place.objects.create(name=name[:100], area=area)
            _trace(by, "place_added", made, name=made.name)
    except IntegrityError:
        raise ValidationError({"name": _("There is a place of this name already.")}) from None
    return made


@transaction.atomic
def set_teams(*, by: Officer, place: int, teams: Sequence[Team]) -> None:
    """Say which teams hand out from a place; raises Place.DoesNotExist."""
    held = hold(place)
    held.teams.set(teams)
    _trace(by, "place_teams_set", held, teams=sorted(team.pk for team in teams))


@transaction.atomic
def close_place(*, by: Officer, place: int) -> None:
    """Keep souvenirs there no more; raises ValidationError while some are left."""
    held = hold(place)
    left = StockMove.objects.filter(place=held).values("item").annotate(n=Sum("pieces"))
    if left.exclude(n=0).exists():
        raise ValidationError(_("Move what is left to another place first, or count it as 0."))
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    _trace(by, "place_closed", held)


@transaction.atomic
def receive(*, by: Officer, place: int, kind: str, pieces: int, note: str = "") -> StockMove:
    """Take in pieces of a kind, which is made where it is new; raises ValidationError."""
    _check(pieces)
    return _move(by, hold(place), item_of(kind), pieces, MoveKind.RECEIVED, note=note)


@transaction.atomic
def transfer(
    *, by: Officer, place: int, to: int, item: int, pieces: int, note: str = ""
) -> StockMove:
    """Take pieces to another place; raises ValidationError where there are not as many."""
    _check(pieces)
    if place == to:
        raise ValidationError({"to": _("Choose another place.")})
    # In the order of their ids, so that two transfers cannot wait for each other.
    held = {pk: hold(pk) for pk in sorted((place, to))}
    kind = Item.objects.get(pk=item)
    there = pieces_of(place, item)
    if there < pieces:
        told = {"there": there, "item": kind.kind}
        raise ValidationError({"pieces": _("There are only %(there)d of “%(item)s” here.") % told})
    _move(by, held[to], kind, pieces, MoveKind.TRANSFER, other=held[place], note=note)
    return _move(by, held[place], kind, -pieces, MoveKind.TRANSFER, other=held[to], note=note)


@transaction.atomic
def count(*, by: Officer, place: int, item: int, pieces: int, note: str = "") -> StockMove:
    """Note how many really lie there; what was thought is put right by the difference.

    Raises ValidationError.
    """
    if not 0 <= pieces <= MOST_PIECES:
        raise ValidationError({"pieces": _("A number from 0 to 1,000,000.")})
    held = hold(place)
    difference = pieces - pieces_of(place, item)
    return _move(by, held, Item.objects.get(pk=item), difference, MoveKind.COUNTED, note=note)


def hold(place: int) -> Place:
    """Lock an open place's stock until this transaction ends; raises Place.DoesNotExist."""
    return Place.objects.select_for_update().get(pk=place, closed_at=None)


def item_of(kind: str) -> Item:
    """Return a kind of souvenir by its name, made where it is new; raises ValidationError."""
    words = " ".join(kind.split())[:60]
    if not words:
        raise ValidationError({"kind": _("Say what it is, as: pens.")})
    known = Item.objects.filter(kind__iexact=words).first()
    return known or Item.objects.get_or_create(kind=words)[0]


def pieces_of(place: int, item: int) -> int:
    """Return how many there should be; below 0 where more were handed out without a signal."""
    found = StockMove.objects.filter(place=place, item=item).aggregate(n=Sum("pieces"))
    return int(found["n"] or 0)


def _check(pieces: int) -> None:
    if not 1 <= pieces <= MOST_PIECES:
        raise ValidationError({"pieces": _("A number from 1 to 1,000,000.")})


def _move(
    by: Officer, place: Place, item: Item, pieces: int, kind: MoveKind, **more: Any
) -> StockMove:
    more["note"] = more.get("note", "")[:200]
    made = StockMove.objects.create(place=place, item=item, pieces=pieces, kind=kind, by=by, **more)
    told = {"item": item.kind, "pieces": pieces}
    if kind != MoveKind.TRANSFER or pieces < 0:  # a transfer is told once, by the giving side
        _trace(by, f"stock_{kind.value}", place, **told)
    return made


def _trace(by: Officer, verb: str, place: Place, **details: Any) -> None:
    trace(
        by=by,
        verb=f"outreach.{verb}",
        subject=place.pk,
        area=place.area_id,
        details={"place": place.name} | details,
    )
