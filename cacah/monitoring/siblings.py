"""The areas directly below one another, side by side: their figures, today and the last week."""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from django.db import connection

from cacah.areas.codes import LENGTHS, level_of
from cacah.monitoring.figures import Figures, percent
from cacah.monitoring.queries import children
from cacah.registry.queries import within

WEEK = 7
# Folded and pending of the children that are asked for, as `queries` adds them.
ADDED = """
SELECT area, day, responded_persons FROM monitoring_progress
WHERE area = ANY(%(areas)s) AND day >= %(since)s
UNION ALL
SELECT left(area, %(size)s), day, responded_persons FROM registry_progressdelta
WHERE area BETWEEN %(first)s AND %(last)s AND length(area) >= %(size)s AND day >= %(since)s
"""
LATELY = f"""
SELECT area, coalesce(sum(responded_persons) FILTER (WHERE day = %(today)s), 0),
    coalesce(sum(responded_persons) FILTER (WHERE day < %(today)s), 0)
FROM ({ADDED}) AS added WHERE day <= %(today)s GROUP BY area
"""
DAILY = f"SELECT area, day, sum(responded_persons) FROM ({ADDED}) AS added GROUP BY 1, 2"

KNOWN = tuple(field.name for field in fields(Figures))
_known_of = attrgetter(*KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling(Figures):
    """An area among those beside it."""

    # Persons that responded today, and a day over the seven days before it.
    today: int = 0
    week: float = 0.0
    # Persons a day from now on that reach the target; None where none is set or no day is left.
    needed: int | None = None

    @property
    def complete_percent(self) -> float | None:
        """Complete families, of those expected."""
        return percent(self.complete_families, self.expected_families)

    @property
    def on_course(self) -> bool | None:
        """Tell whether the last week's pace reaches the target; None where there is none."""
        return None if self.needed is None else self.week >= self.needed


def siblings(area: str, *, today: date, left: int) -> list[Sibling]:
    """Return the areas directly below (undotted code, "" for the nation), by code.

    `left` as of `queries.days_left`. Ask within `queries.one_moment`.
    """
    found = children(area)
    lately = {row[0]: row[1:] for row in _ask(LATELY, area, found, today - timedelta(days=WEEK))}
    return [sibling(each, lately.get(each.area, (0, 0)), left) for each in found]


def sibling(figures: Figures, lately: tuple[int, int], days_left: int) -> Sibling:
    """Return figures with what came today and in the seven days before."""
    known = dict(zip(KNOWN, _known_of(figures), strict=True))
    today, week = lately
    return Sibling(**known, today=today, week=week / WEEK, needed=figures.pace(days_left))


def daily(area: str) -> dict[str, dict[date, int]]:
    """Return how many persons responded on each day in each area directly below."""
    found = children(area)
    added: dict[str, dict[date, int]] = defaultdict(dict)
    for code, day, persons in _ask(DAILY, area, found, date.min):
        added[code][day] = persons
    return {each.area: added[each.area] for each in found}


def _ask(statement: str, area: str, found: Iterable[Figures], since: date) -> list[Any]:
    codes = [each.area for each in found]
    if not codes:
        return []
    first, last = within(area)
    values = {
        "areas": codes,
        "size": LENGTHS[level_of(area) if area else 0],
        "first": first,
        "last": last,
        "since": since,
        "today": since + timedelta(days=WEEK),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
