"""What lies where of which souvenir, what was handed out, and who had two."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from cacah.outreach.models import Handout, HandoutDouble, Item, Place, StockMove, Visit
from cacah.outreach.queries.sight import Sight


@dataclass(frozen=True, slots=True)
class Store:
    """A place with its pieces by item's id (below 0: count again), and what it has handed out."""

    place: Place
    pieces: dict[int, int]
    handed_out: int


def places_seen(sight: Sight) -> QuerySet[Place]:
    """Return the open places that the officer sees, by area and name."""
    found = sight.places().filter(closed_at=None)
    return found.select_related("area").order_by("area", "name")


def stores(places: QuerySet[Place]) -> list[Store]:
    """Return what lies at each of these places."""
    found = list(places)
    ids = [place.pk for place in found]
    moves = StockMove.objects.filter(place__in=ids).values_list("place", "item")
    there: dict[int, dict[int, int]] = {pk: {} for pk in ids}
    for place, item, pieces in moves.annotate(n=Sum("pieces")).order_by():
        there[place][item] = pieces
    handed = Handout.objects.filter(place__in=ids).values_list("place").annotate(n=Count("pk"))
    doubles = (
        HandoutDouble.objects.filter(place__in=ids).values_list("place").annotate(n=Count("pk"))
    )
    counted = dict(handed.order_by())
    for place, many in doubles.order_by():
        counted[place] = counted.get(place, 0) + many
    return [Store(place, there[place.pk], counted.get(place.pk, 0)) for place in found]


def items_at(places: QuerySet[Place]) -> QuerySet[Item]:
    """Return the kinds that ever lay at one of these places, by name."""
    used = StockMove.objects.filter(place__in=places.values("pk")).values("item")
    return Item.objects.filter(pk__in=used).order_by("kind")


def moves_of(place: Place) -> QuerySet[StockMove]:
    """Return what came to a place and left it, the newest first."""
    return place.moves.select_related("item", "other", "by").order_by("-at", "-pk")


def doubles_seen(sight: Sight) -> QuerySet[HandoutDouble]:
    """Return the families that had two, where either was handed out at a place of the officer's."""
    places = sight.places().values("pk")
    either = Q(place__in=places) | Q(first__place__in=places)
    related = ("place", "item", "by", "event")
    firsts = [f"first__{name}" for name in related]
    found = HandoutDouble.objects.filter(either).select_related(*related, *firsts)
    return found.order_by("-handed_at", "-pk")


def events_seen(sight: Sight) -> QuerySet[Visit]:
    """Return the events and visits to which souvenirs are taken, the latest first."""
    open_ones = Q(state__in=("planned", "under_way", "done"), day__isnull=False)
    return sight.events().filter(open_ones).order_by("-day", "pk")
