"""Everything that a public page of an area shows: what was published of it last."""
# ruff: noqa: S608 (the statement is put together from constants of this module only)

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cacah.areas.codes import level_of
from cacah.areas.models import Level
from cacah.areas.queries import ancestors
from cacah.monitoring import queries
from cacah.monitoring.figures import Figures
from cacah.monitoring.models import Published, PublishedDay
from cacah.monitoring.public.disclosure import NAMES, Public, public

SHOWN = f"""
WITH asked AS MATERIALIZED ({{asked}})
SELECT asked.*, {", ".join(f"coalesce(shown.{name}, 0) AS {name}" for name in NAMES)}
FROM asked LEFT JOIN monitoring_published AS shown ON shown.area = code ORDER BY code
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """An area, the way down to it, what is directly below it, and its course."""

    own: Public
    # (undotted code, name) from the province down, itself last.
    way: list[tuple[str, str]]
    below: list[Public]
    # Families that had responded after each day on which more were shown.
    course: list[tuple[date, int]]
    # When everything was counted last; None before the first time.
    as_of: datetime | None


def progress(area: str) -> Progress | None:
    """Return what is public of an area (undotted code, "" for the nation).

    None for an unknown one, and for all below districts.
    """
    if area and level_of(area) > Level.DISTRICT:
        return None
    with queries.one_moment():
        found = queries.own(SHOWN, area)
        if found is None:
            return None
        has_below = not area or level_of(area) < Level.DISTRICT
        days = PublishedDay.objects.filter(area=area).order_by("day")
        return Progress(
            public(Figures(**found)),
            [(each.code, each.name) for each in ancestors(area)] if area else [],
            [public(Figures(**row)) for row in queries.below(SHOWN, area)] if has_below else [],
            list(days.values_list("day", "responded_families")),
            Published.objects.filter(area="").values_list("at", flat=True).first(),
        )
