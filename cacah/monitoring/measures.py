"""What a column of the areas may show: heading with its denominator, kind, and who chose which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cacah.monitoring.figures import Ranked, ranked
from cacah.monitoring.siblings import Sibling
from cacah.staff.tables import Kind

NAME = "area"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a `Sibling`; `key` is its attribute and what the URL calls it."""

    key: str
    heading: Promise
    kind: Kind = "count"


MEASURES = {
    each.key: each
    for each in (
        Measure("expected_families", _("Families in the register")),
        Measure("opened_families", _("Families that opened the form")),
        Measure("responded_families", _("Families responded")),
        Measure(
            "families_percent", _("Per cent of the families in the register responded"), "percent"
        ),
        Measure("complete_families", _("Families complete")),
        Measure(
            "complete_percent", _("Per cent of the families in the register complete"), "percent"
        ),
        Measure("unfinished_families", _("Families that opened and have not finished")),
        Measure("finished_percent", _("Per cent of the families that opened finished"), "percent"),
        Measure("unlisted_families", _("Unlisted families (not in the register)")),
        Measure("unverified_families", _("Unlisted families that answered, to be verified")),
        Measure("expected_persons", _("Persons in the register")),
        Measure("responded_persons", _("Persons responded")),
        Measure(
            "persons_percent", _("Per cent of the persons in the register responded"), "percent"
        ),
        Measure("complete_persons", _("Persons complete")),
        Measure("unlisted_persons", _("Persons in unlisted families")),
        Measure("unverified_persons", _("Persons in families to be verified")),
        Measure("projected_population", _("Projected population")),
        Measure(
            "projected_percent", _("Per cent of the projected population responded"), "percent"
        ),
        Measure("target_persons", _("Target (persons)")),
        Measure("target_reached_percent", _("Per cent of the target responded"), "percent"),
        Measure("gap", _("Persons lacking to the target")),
        Measure("needed", _("Needed a day until the last day (persons)")),
        Measure("week", _("A day in the last 7 days (persons)"), "decimal"),
        Measure("today", _("Today (persons)")),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a parameter and what a link to it says."""

    value: str
    label: Promise


# What the URL calls it → columns; the first is shown where nothing is chosen.
SETS: dict[str, tuple[str, ...]] = {
    "target": (
        "persons_percent",
        "responded_persons",
        "expected_persons",
        "target_persons",
        "gap",
        "needed",
        "week",
        "today",
    ),
    "keluarga": (
        "expected_families",
        "opened_families",
        "responded_families",
        "families_percent",
        "complete_families",
        "complete_percent",
        "unfinished_families",
        "finished_percent",
        "unlisted_families",
        "unverified_families",
    ),
    "penduduk": (
        "expected_persons",
        "responded_persons",
        "persons_percent",
        "complete_persons",
        "unlisted_persons",
        "unverified_persons",
        "projected_population",
        "projected_percent",
    ),
    "semua": tuple(MEASURES),
}
SET_CHOICES = (
    Choice("target", _("Target and pace")),
    Choice("keluarga", _("Families")),
    Choice("penduduk", _("Persons")),
    Choice("semua", _("All columns")),
)
FILTER_CHOICES = (
    Choice("", _("All areas")),
    Choice("tertinggal", _("Behind the pace needed")),
    Choice("kosong", _("Nobody has responded yet")),
)
RANKED_BY = "persons_percent"


@dataclass(frozen=True, slots=True)
class Wish:
    """How the areas are to be shown: what a URL says, or what is usual where it says nonsense."""

    columns: str = "target"
    sort: str = NAME
    descending: bool = False
    only: str = ""

    @property
    def measures(self) -> list[Measure]:
        return [MEASURES[key] for key in SETS[self.columns]]

    @property
    def ranked_by(self) -> Measure:
        """The measure that the rank goes by: the one that is sorted by, if it has a number."""
        return MEASURES.get(self.sort, MEASURES[RANKED_BY])


def wish(query: QueryDict) -> Wish:
    """Return what `kolom`, `urut` (`-` for the highest first) and `hanya` of a URL ask for."""
    columns = query.get("kolom", "")
    sort = query.get("urut", "")
    only = query.get("hanya", "")
    key = sort.removeprefix("-")
    known = key in MEASURES or key == NAME
    return Wish(
        columns if columns in SETS else "target",
        key if known else NAME,
        known and sort.startswith("-"),
        only if only in {each.value for each in FILTER_CHOICES} else "",
    )


def shown(found: Sequence[Sibling], asked: Wish) -> list[Ranked]:
    """Return the areas that were asked for, in the order asked for, each with its rank among all.

    The rank counts from the highest value whatever the order; areas without a value come last.
    """
    places = [each for each in ranked(found, asked.ranked_by.key) if _is_wanted(each, asked.only)]
    if asked.sort == NAME:
        return sorted(places, key=lambda each: each.figures.name, reverse=asked.descending)
    if asked.descending:
        return places
    valued = [each for each in places if each.value is not None]
    return sorted(valued, key=lambda each: (each.value, each.figures.area)) + places[len(valued) :]


def _is_wanted(place: Ranked, only: str) -> bool:
    if only == "tertinggal":
        return isinstance(place.figures, Sibling) and place.figures.standing == "missing"
    return only != "kosong" or place.figures.responded_persons == 0
