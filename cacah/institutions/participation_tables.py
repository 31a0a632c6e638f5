"""The tables of participation: their columns, orders and filters, for pages and for files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cacah.institutions.models import Kind, Standing
from cacah.institutions.outsiders import Row, added
from cacah.institutions.queries import STATES, Tally
from cacah.staff import numerals
from cacah.staff.tables import Column, Table

# By what a table may be ordered: from a row to what is compared; None comes last.
ORDERS: dict[str, Callable[[Row], Any]] = {
    "rank": lambda row: row.rank,
    "name": lambda row: row.name.casefold(),
    "kind": lambda row: kind_of(row) or None,
    "people": lambda row: row.counts and row.counts.people,
    "percent": lambda row: row.counts and row.counts.percent,
    **{
        state: (lambda row, state=state: row.counts and getattr(row.counts, state))  # type: ignore[misc]
        for state in STATES
    },
}
DEFAULT_ORDER = "rank"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a URL asks of a table; what it says wrongly is as if it were not there."""

    order: str
    descending: bool
    kind: str
    obliged: bool
    units: bool

    def keeps(self, row: Row) -> bool:
        """Tell whether the filters leave a row; several as one are no kind, and no single one."""
        if row.counts is None or row.several:
            return not self.kind and not self.obliged
        return (not self.kind or row.kind == self.kind) and (not self.obliged or row.obliged)


def wish(query: QueryDict) -> Wish:
    """Read `urut` (a minus before it turns the order), `jenis`, `wajib` and `semua`."""
    order = query.get("urut", "")
    name = order.removeprefix("-")
    return Wish(
        name if name in ORDERS else DEFAULT_ORDER,
        order.startswith("-"),
        kind if (kind := query.get("jenis", "")) in Kind.values else "",
        query.get("wajib") == "1",
        query.get("semua") == "1",
    )


def ordered(rows: Sequence[Row], wish: Wish) -> list[Row]:
    """Return the rows in the order wished for; those without a value and several as one last."""
    value = ORDERS[wish.order]
    alone = [row for row in rows if not row.several and value(row) is not None]
    rest = [row for row in rows if row.several or value(row) is None]
    return sorted(alone, key=value, reverse=wish.descending) + rest


def name_of(row: Row) -> str:
    """Return what a row is called."""
    if row.is_own:
        return _("On its own roster")
    if row.counts is None:
        words = ngettext(
            "%(n)s institution with too few people to be shown",
            "%(n)s institutions with too few people to be shown",
            row.several,
        )
        return words % {"n": numerals.count(row.several)}
    if row.several:
        words = ngettext(
            "%(n)s small one, shown as one", "%(n)s small ones, shown as one", row.several
        )
        return words % {"n": numerals.count(row.several)}
    return row.name


def kind_of(row: Row) -> str:
    return str(Kind(row.kind).label) if row.kind else ""


def headings() -> dict[str, str]:
    """Return the heading of each column, by its order's name; denominators are in them."""
    return {
        "rank": _("Rank by per cent complete"),
        "name": _("Institution"),
        "kind": _("Kind"),
        "people": _("People on the roster"),
        "complete": pgettext("of a person", "Complete"),
        "opened": _("Opened"),
        "not_yet": _("Not yet"),
        "not_found": _("Not found"),
        "exempt": _("Exempt"),
        "percent": _("Per cent complete of those not exempt"),
    }


def league_table(rows: Sequence[Row], *, name: str, title: str) -> Table:
    """Return the rows as a table for download."""
    kinds = {"rank": "count", "name": "text", "kind": "text", "percent": "percent"}
    columns = tuple(
        Column(key, heading, kinds.get(key, "count"))  # type: ignore[arg-type]
        for key, heading in headings().items()
    )
    return Table(name, columns, [_values(row) for row in rows], as_of=timezone.now(), title=title)


def _values(row: Row) -> tuple[Any, ...]:
    counts = row.counts
    if counts is None:
        return (None, name_of(row), "", *[None] * 7)
    share = None if counts.percent is None else round(counts.percent, 1)
    figures = [getattr(counts, state) for state in STATES]
    return (row.rank, name_of(row), kind_of(row), counts.people, *figures, share)


def total(rows: Sequence[Row]) -> Tally | None:
    """Return the sum of what is shown; what is too small to be shown is in no sum."""
    shown = [row.counts for row in rows if row.counts is not None]
    return added(shown) if shown else None


def state_word(state: str) -> str:
    return str(Standing(state).label)
