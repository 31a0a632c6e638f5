"""The public table of an area and what is directly below it, for the page and for files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cacah.areas.codes import dotted
from cacah.areas.models import Level
from cacah.monitoring.measures import MEASURES
from cacah.monitoring.places import NATION_IN_URLS
from cacah.monitoring.public.asking import Progress
from cacah.monitoring.public.disclosure import Public
from cacah.registry.models import Census
from cacah.staff.numerals import written
from cacah.staff.tables import Column, Table

# Columns of a file; the page shows those in `SHOWN`, which fit a telephone turned sideways.
MEASURED = (
    "expected_families",
    "responded_families",
    "families_percent",
    "complete_families",
    "complete_percent",
    "expected_persons",
    "responded_persons",
    "persons_percent",
    "projected_population",
    "projected_percent",
    "target_persons",
    "target_reached_percent",
)
SHOWN: dict[str, Promise] = {
    "families_percent": gettext_lazy("Responded, per cent of families in the register"),
    "responded_families": gettext_lazy("Families responded"),
    "expected_families": gettext_lazy("Families in the register"),
    "responded_persons": gettext_lazy("Persons responded"),
    "target_reached_percent": gettext_lazy("Persons, per cent of the target"),
}
FEW = "< 5"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page's table; `url` is empty for the area itself and below districts."""

    name: str
    code: str
    cells: list[str]


def source(census: Census | None) -> str:
    """Return how the figures are cited, and under which licence."""
    name = census.name if census else _("Population census")
    return f"{name}, {settings.CACAH_PUBLIC_URL} · {settings.CACAH_FIGURES_LICENCE}"


def table(found: Progress, census: Census | None) -> Table:
    """Return the area itself and those directly below it, with times and how to cite them."""
    columns = (
        Column("area", _("Area")),
        Column("code", _("Code")),
        *(Column(key, str(MEASURES[key].heading), MEASURES[key].kind) for key in MEASURED),
        Column("too_few", _("Hidden: too few families")),
        Column("source", _("Source and licence")),
    )
    cited = source(census)
    rows = [(*_cells(each, MEASURED), cited) for each in (found.own, *found.below)]
    name = f"sensus-{dotted(found.own.figures.area) or NATION_IN_URLS}"
    return Table(name, columns, rows, found.as_of, found.own.figures.name)


def _cells(each: Public, keys: tuple[str, ...]) -> Iterator[Any]:
    yield each.figures.name
    yield dotted(each.figures.area)
    yield from (each.value(key) for key in keys)
    yield ", ".join(key for key in keys if each.is_few(key))


def headings() -> list[str]:
    """Return the headings of the page's table, after that of the area."""
    return [str(heading) for heading in SHOWN.values()]


def rows(found: Progress) -> list[Row]:
    """Return the page's table: what is directly below, written as people read it."""
    return [
        Row(each.figures.name, each.figures.area, [said(each, key) for key in SHOWN])
        for each in found.below
    ]


def said(each: Public, key: str) -> str:
    """Return one number as it is written, `< 5` where a district has fewer than five families."""
    if each.is_few(key):
        is_told = key == "responded_families" and each.figures.level == Level.DISTRICT
        return FEW if is_told and not each.is_few("expected_families") else "–"
    return written(each.value(key), MEASURES[key].kind)
