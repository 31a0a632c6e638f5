"""Tables of souvenirs as files: the stock, a place's moves, and who had two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cacah.areas.codes import dotted
from cacah.outreach.models import HandoutDouble, Item, Place, StockMove
from cacah.outreach.queries.souvenirs import Store
from cacah.staff.tables import Column, Table


def stock(stores: Iterable[Store], items: Sequence[Item]) -> Table:
    """Return what lies where, a column for each kind."""
    kinds = tuple(Column(f"item_{item.pk}", item.kind, "count") for item in items)
    return Table(
        "souvenirs",
        (
            Column("place", _("Place")),
            Column("area", _("Area")),
            *kinds,
            Column("handed_out", _("Handed out"), "count"),
        ),
        [
            (
                store.place.name,
                dotted(store.place.area_id),
                *(store.pieces.get(item.pk, 0) for item in items),
                store.handed_out,
            )
            for store in stores
        ],
    )


def moves(place: Place, found: Iterable[StockMove]) -> Table:
    """Return what came to a place and left it."""
    return Table(
        f"souvenirs-{place.pk}",
        (
            Column("at", _("When"), "time"),
            Column("kind", _("Why")),
            Column("item", _("Souvenir")),
            Column("pieces", _("Pieces"), "count"),
            Column("other", _("Other place")),
            Column("by", _("By")),
            Column("note", _("Note")),
        ),
        (
            (
                move.at,
                str(move.get_kind_display()),
                move.item.kind,
                move.pieces,
                move.other.name if move.other else None,
                move.by.name if move.by else None,
                move.note,
            )
            for move in found
        ),
    )


def doubles(found: Iterable[HandoutDouble]) -> Table:
    """Return who had two: when, where and by whom each was handed out; never the family."""
    return Table(
        "souvenir-doubles",
        (
            Column("first_at", _("First, when"), "time"),
            Column("first_place", _("First, where")),
            Column("first_by", _("First, by")),
            Column("second_at", _("Second, when"), "time"),
            Column("second_place", _("Second, where")),
            Column("second_by", _("Second, by")),
            Column("item", _("What the second time")),
        ),
        (
            (
                each.first.handed_at,
                each.first.place.name,
                each.first.by.name if each.first.by else None,
                each.handed_at,
                each.place.name,
                each.by.name if each.by else None,
                each.item.kind,
            )
            for each in found
        ),
    )
