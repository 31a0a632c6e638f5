"""What other rooms may ask about areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Case, Q, QuerySet, When

from cacah.areas import codes
from cacah.areas.models import Area, Boundary, Level
from cacah.areas.search import Village, packaged_index


def ancestors(code: str) -> list[Area]:
    """Return the areas from the province down to this one, itself last; one query."""
    return list(Area.objects.filter(code__in=codes.lineage(code)).order_by("level"))


def children(code: str | None) -> QuerySet[Area]:
    """Return the areas directly below this one, or the provinces for None, by code."""
    return Area.objects.filter(parent=code).order_by("code")


def full_name(code: str) -> str:
    """Return names from the smallest area up: `Tersono, Tersono, Kabupaten Batang, Jawa Tengah`.

    Empty for an area that is not loaded.
    """
    return ", ".join(area.name for area in reversed(ancestors(code)))


def village_codes() -> list[str]:
    """Return the undotted codes of every village that is loaded."""
    with connection.cursor() as cursor:
        # One text of 900 kB rather than 83,763 rows.
        cursor.execute("SELECT coalesce(string_agg(code, ','), '') FROM areas_area WHERE level = 4")
        (text,) = cursor.fetchone() or ("",)
    return text.split(",") if text else []


def prepare_search() -> None:
    """Read the index of the villages now, so that nobody who searches waits for it."""
    packaged_index()


def search_villages(text: str, *, most: int) -> list[Village]:
    """Return at most so many packaged villages that this text may mean, the likeliest first."""
    return packaged_index().search(text, most=most)


def find(text: str, *, within: Sequence[str], most: int) -> list[Area]:
    """Return at most so many areas by code, name or part of it, the largest areas first.

    Only areas under one of the undotted codes in `within` ("" is all). The SLS, a million of them
    in the nation, are looked through where `within` is a regency or less, or their code is given.
    """
    text = text.strip()
    looked_in = [Q(code__startswith=code) for code in within]
    if not text or not looked_in:
        return []
    try:
        wanted = Q(code=codes.parse(text))
    except codes.NotAnAreaCode:
        is_small = all(len(code) >= codes.LENGTHS[Level.REGENCY - 1] for code in within)
        shallow = Q() if is_small else Q(level__lt=Level.SLS)
        wanted = Q(name__icontains=text) & shallow
    found = Area.objects.filter(reduce(or_, looked_in), wanted)
    begins = Case(When(name__istartswith=text, then=0), default=1)
    return list(found.order_by("level", begins, "name", "code")[:most])


def names(found: Iterable[str]) -> dict[str, str]:
    """Return the name of each of these undotted codes that is loaded; one query."""
    return dict(Area.objects.filter(code__in=list(found)).values_list("code", "name"))


def is_village(code: str) -> bool:
    """Tell whether this is the undotted code of a village of the packaged areas."""
    return packaged_index().has_village(code)


def boundaries(parent: str) -> dict[str, Boundary]:
    """Return what is drawn of the areas directly below this one ("" for the provinces), by code."""
    below = Boundary.objects.filter(area__parent=parent or None).order_by("area")
    return {each.pk: each for each in below}
