"""What the templates of progress are given: cells that are written already, links, standings.

Django's localised formatting of a cell costs 20 µs; these pages have up to two thousand of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cacah.monitoring import tabled
from cacah.monitoring.figures import Ranked, percent
from cacah.monitoring.measures import FILTER_CHOICES, MEASURES, SET_CHOICES, Choice, Wish
from cacah.monitoring.moment import Moment
from cacah.monitoring.parts import PART, Part
from cacah.monitoring.parts import parts as parts_of
from cacah.monitoring.places import NATION_IN_URLS, page_of
from cacah.monitoring.siblings import Sibling, Standing
from cacah.outreach.queries import yields
from cacah.staff.numerals import count, row_writer, written
from cacah.staff.tables import Table, downloads

DAYS_SHOWN = 14
# Parameters of the page that a link which changes one of them leaves alone.
KEPT = ("kolom", "urut", "hanya", PART)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the areas' table, with the link that sorts by it."""

    label: str
    url: str
    # For `aria-sort`: ascending, descending, or empty.
    order: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A choice in the URL."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Small:
    """A table without links: headings, rows as HTML, and where to download it."""

    title: str
    headings: Sequence[str]
    rows: SafeString
    downloads: Sequence[tuple[str, str]]


def headings(table: Table, asked: Wish, query: QueryDict) -> Iterator[Heading]:
    """Yield the headings; a number sorts from the highest first, the other way the second time.

    An area's code has no heading: it stands beside the name.
    """
    for column in table.columns:
        if column.key == "code":
            continue
        sortable = column.key in MEASURES or column.key == "area"
        is_here = sortable and asked.sort == column.key
        descending = not asked.descending if is_here else column.key in MEASURES
        order = ("descending" if asked.descending else "ascending") if is_here else ""
        url = _with(query, urut=f"{'-' * descending}{column.key}") if sortable else ""
        yield Heading(column.heading, url, order, column.kind == "text")


def area_rows(places: Sequence[Ranked], table: Table) -> SafeString:
    """Return the rows of the areas' table as HTML, those of `places`."""
    cells = _cells_writer(table)
    # One address is looked up, the others differ by the code alone.
    before, after = page_of("").split(NATION_IN_URLS)
    rows = (
        f'<tr><th scope="row"><a href="{before}{row[1]}{after}">{escape(row[0])}</a>'
        f" <small>{row[1]}</small></th>{cells(row[2:], each.figures)}</tr>"
        for each, row in zip(places, table.rows, strict=True)
    )
    return mark_safe("".join(rows))  # noqa: S308 (the name is escaped, the rest is our own)


def whole_row(found: Moment, asked: Wish, table: Table) -> SafeString:
    """Return the cells of the area itself as HTML, without its name."""
    cells = _cells_writer(table)(tabled.whole(found, asked)[2:], found.figures)
    return mark_safe(cells)  # noqa: S308 (numbers and words of our own)


def _cells_writer(table: Table) -> Callable[[Sequence[Any], Any], str]:
    """Return what writes the cells beside an area's name and code."""
    kinds = [column.kind for column in table.columns[2:]]
    has_standing = kinds[-1] == "text"
    write = row_writer(kinds)
    standings = {key: _state(key) for key in tabled.STANDINGS}

    def cells(row: Sequence[Any], each: Any) -> str:
        texts = write(row)
        told = f'<td class="text">{standings[each.standing]}</td>' if has_standing else ""
        numbers = texts[:-1] if has_standing else texts
        return f"<td>{'</td><td>'.join(numbers)}</td>{told}"

    return cells


def state(each: Sibling) -> SafeString:
    """Return the word and the shape that say whether an area's pace is enough."""
    return _state(each.standing)


def _state(found: Standing) -> SafeString:
    # What cannot be judged has the shape of what has not begun.
    shape = "none" if found in ("early", "empty") else found
    return format_html('<span class="state state-{}">{}</span>', shape, tabled.STANDINGS[found])


def small(found: Moment, table: Table, name: str, request: HttpRequest) -> Small:
    """Return a table as the page shows it below the others."""
    kinds = [column.kind for column in table.columns]
    rows = "".join(
        f'<tr><th scope="row">{first}</th><td>{"</td><td>".join(others)}</td></tr>\n'
        for first, *others in (map(escape, row) for row in map(row_writer(kinds), table.rows))
    )
    told = mark_safe(rows)  # noqa: S308 (every cell is escaped)
    headings = [column.heading for column in table.columns]
    return Small(table.title, headings, told, links(found, name, request))


def links(found: Moment, name: str, request: HttpRequest) -> list[tuple[str, str]]:
    """Return (label, URL) of a table's downloads, with the filters and the order of the page."""
    base = reverse("progress-download", args=[found.figures.area, name])
    return [(label, base + query) for label, query in downloads(request)]


def sets(asked: Wish, query: QueryDict) -> list[Link]:
    return _choices(SET_CHOICES, "kolom", asked.columns, query)


def filters(asked: Wish, query: QueryDict) -> list[Link]:
    return _choices(FILTER_CHOICES, "hanya", asked.only, query)


def parts(now: Part, areas: int, query: QueryDict) -> list[Link]:
    """Return links to the parts of the small charts; none where one part is all."""
    found = parts_of(areas)
    return [
        Link(
            f"{count(each.first)}–{count(each.last)}",
            _with(query, **{PART: str(each.number)}),
            each == now,
        )
        for each in found
        if len(found) > 1
    ]


def part_shown(now: Part, areas: int) -> str:
    """Say which of the areas have a small chart here."""
    return _("Areas %(first)s to %(last)s of %(areas)s, by code.") % {
        "first": count(now.first),
        "last": count(now.last),
        "areas": count(areas),
    }


def summary(found: Moment) -> dict[str, str]:
    """Return the area's own figures, written."""
    own, trend = found.figures, found.trend
    kinds = {key: measure.kind for key, measure in MEASURES.items()}
    numbers = {key: written(getattr(own, key), kind) for key, kind in kinds.items()}
    return numbers | {
        "complete_persons_percent": written(
            percent(own.complete_persons, own.expected_persons), "percent"
        ),
        "yesterday": count(trend.yesterday),
        "days_left": count(trend.days_left),
        "target_percent": written(
            None if own.target_percent is None else float(own.target_percent), "percent"
        ),
        "standing": state(own),
        "rank": count(found.rank.rank) if found.rank and found.rank.value is not None else "",
        "beside": count(found.beside),
    }


def guided(area: str) -> str:
    """Say how many families came by guided sessions held in an area; empty where there are none."""
    found = yields.guided(area)
    if found is None:
        return ""
    words = _(
        "Families that answered in guided sessions held here: %(families)s, of them at visits and "
        "events: %(of_visits)s. Sessions: %(sessions)s."
    )
    return words % {
        "families": count(found.families),
        "of_visits": count(found.of_visits),
        "sessions": count(found.sessions),
    }


def _choices(choices: Iterable[Choice], name: str, now: str, query: QueryDict) -> list[Link]:
    return [Link(str(c.label), _with(query, **{name: c.value}), c.value == now) for c in choices]


def _with(query: QueryDict, **changed: str) -> str:
    """Return the query of this page with one parameter changed, nothing unknown kept."""
    kept = {key: query[key] for key in KEPT if query.get(key)} | changed
    return "?" + urlencode({key: value for key, value in kept.items() if value})
