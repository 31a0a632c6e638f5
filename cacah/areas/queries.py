"""What other rooms may ask about areas."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from cacah.areas import codes
from cacah.areas.models import Area
from cacah.areas.packaged import packaged_areas


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


@dataclass(frozen=True, slots=True)
class Village:
    """A village that was searched for; `path` names district, regency and province."""

    code: str
    name: str
    path: str


def search_villages(text: str, *, most: int) -> list[Village]:
    """Return at most so many packaged villages that this text may mean, the likeliest first."""
    areas, words = packaged_areas(), text.casefold().split()
    found = []
    for code, name in areas.items():
        if len(code) == 10 and words and name.casefold().startswith(words[0]):
            upper = [areas[code[:length]] for length in (6, 4, 2)]
            if all(word in ", ".join([name, *upper]).casefold() for word in words):
                found.append(Village(code, name, ", ".join(upper)))
    return found[:most]


def is_village(code: str) -> bool:
    """Tell whether this is the undotted code of a village of the packaged areas."""
    return len(code) == 10 and code in packaged_areas()
