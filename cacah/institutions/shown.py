"""What the pages of participation show: rows as words, links of filters, orders and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cacah.institutions.models import Exemption, Institution, Kind, Standing
from cacah.institutions.outsiders import Row
from cacah.institutions.participation_tables import Wish, headings, kind_of, name_of
from cacah.institutions.people import Listed
from cacah.institutions.queries import Tally
from cacah.institutions.seats import whole_number
from cacah.staff import numerals

# The class by which a state gets its shape and colour.
SHAPES = {
    "complete": "done",
    "opened": "begun",
    "not_yet": "none",
    "not_found": "missing",
    "exempt": "exempt",
}
TEXT_COLUMNS = {"name", "kind"}


@dataclass(frozen=True, slots=True)
class Link:
    """A choice of a filter, an order or a page; `url` is "" for the one that is chosen."""

    label: str
    url: str
    is_chosen: bool = False
    # ascending, descending: what a heading says of its column.
    order: str = ""
    is_text: bool = False
    count: str = ""
    key: str = ""


def figures(counts: Tally | None) -> dict[str, str]:
    """Return each number as it is written; a dash where there are too few to be shown."""
    names = ("people", "asked", "complete", "opened", "not_yet", "not_found", "exempt")
    if counts is None:
        return dict.fromkeys([*names, "percent"], numerals.NONE)
    written = {name: numerals.count(getattr(counts, name)) for name in names}
    return {**written, "percent": numerals.percent(counts.percent)}


def row(each: Row, *, linked: bool = True) -> dict[str, Any]:
    """Return a line of a table of institutions."""
    url = reverse("institution", args=[each.institution]) if each.institution and linked else ""
    return {
        "rank": numerals.count(each.rank) if each.rank else "",
        "name": name_of(each),
        "url": url,
        "kind": kind_of(each),
        "several": each.several,
        **figures(each.counts),
    }


def column_links(request: HttpRequest, wish: Wish) -> Iterator[Link]:
    """Yield the headings; a click orders by that column, another one turns the order."""
    for key, label in headings().items():
        here = key == wish.order
        turned = "-" if here and not wish.descending else ""
        # Of figures the largest first, of names and ranks the first.
        if not here and key not in {"rank", "name", "kind"}:
            turned = "-"
        order = ("descending" if wish.descending else "ascending") if here else ""
        yield Link(
            label,
            with_query(request, urut=turned + key, hal=None),
            order=order,
            is_text=key in TEXT_COLUMNS,
        )


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """Return this page with other filters, as a link on it; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def person(each: Listed, units: dict[int, Institution]) -> dict[str, Any]:
    """Return a person as a line of the list."""
    return {
        "entry": each.entry,
        "name": each.name,
        "nik": f"…{each.nik}" if each.nik else numerals.NONE,
        "number": each.number or numerals.NONE,
        "unit": units[each.institution].name,
        **state(each),
    }


def state(each: Listed) -> dict[str, str]:
    """Return how far a person is: word, and the class of its shape and colour; and why exempt."""
    why = str(Exemption(each.exempt_reason).label) if each.exempt_reason else ""
    if each.by_receipt:
        why = why or (_("by receipt") if each.has_receipt else _("receipt awaited"))
    return {
        "state": str(Standing(each.state).label),
        "shape": SHAPES[each.state],
        "why": why,
    }


def state_links(request: HttpRequest, counts: Tally, chosen: str) -> list[Link]:
    """Return the filter by state, each with its number."""
    left = counts.asked - counts.complete
    choices = [
        ("", _("Everybody"), counts.people),
        ("left", _("Still to take part"), left),
        *((s.value, str(s.label), getattr(counts, s.value)) for s in Standing),
    ]
    return [
        Link(
            label,
            with_query(request, keadaan=key, hal=None),
            key == chosen,
            count=numerals.count(number),
            key=key,
        )
        for key, label, number in choices
    ]


def pages(request: HttpRequest, page: int, *, last: int) -> dict[str, Any]:
    """Return the way to the page before and after, and where one is."""
    words = _("Page %(page)s of %(last)s")
    return {
        "before": with_query(request, hal=str(page - 1)) if page > 1 else "",
        "after": with_query(request, hal=str(page + 1)) if page < last else "",
        "here": words % {"page": numerals.count(page), "last": numerals.count(last)},
        "many": last > 1,
    }


def page_number(request: HttpRequest, *, last: int) -> int:
    """Return which page is asked for, from 1; what is no page is the first or the last one."""
    number = whole_number(request.GET.get("hal", "")) or 1
    return min(number, max(last, 1))


def kinds() -> list[tuple[str, str]]:
    return [(each.value, str(each.label)) for each in Kind]


def crumbs(above: Sequence[Institution], *, seen: Iterable[int]) -> list[dict[str, str]]:
    """Return the way down to an institution; who may not see one above has no link to it."""
    visible = set(seen)
    return [
        {"name": each.name, "url": reverse("institution", args=[each.pk])}
        if each.pk in visible
        else {"name": each.name, "url": ""}
        for each in above
    ]
