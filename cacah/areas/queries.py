"""What other rooms may ask about areas."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from cacah.areas import codes
from cacah.areas.models import Area, Boundary
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


def is_village(code: str) -> bool:
    """Tell whether this is the undotted code of a village of the packaged areas."""
    return packaged_index().has_village(code)


def boundaries(parent: str) -> dict[str, Boundary]:
    """Return what is drawn of the areas directly below this one ("" for the provinces), by code."""
    below = Boundary.objects.filter(area__parent=parent or None).order_by("area")
    return {each.pk: each for each in below}
