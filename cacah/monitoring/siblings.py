"""The areas directly below one another, side by side: their figures, today and the last week."""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Literal

from django.db import connection

from cacah.areas.codes import LENGTHS, level_of
from cacah.monitoring.figures import WEEK, Figures, Season, percent
from cacah.monitoring.queries import ADDED, TOTALS, WAITING, a_day, below, children
from cacah.registry.queries import within

LATELY = """
    sum(responded_persons) FILTER (WHERE day = %(today)s) AS today,
    sum(responded_persons) FILTER (WHERE day >= %(since)s AND day < %(today)s) AS week
"""
# The figures of `queries`, with the last days out of the same reading of what waits.
SIBLINGS = f"""
WITH asked AS MATERIALIZED ({{asked}}), folded AS ({TOTALS}),
pending AS ({WAITING.format(more=", " + LATELY)}),
recent AS (
    SELECT area, {LATELY} FROM monitoring_progress
    WHERE area = ANY(ARRAY(SELECT code FROM asked)) AND day >= %(since)s GROUP BY area
)
SELECT asked.*, {ADDED}, coalesce(recent.today, 0) + coalesce(pending.today, 0) AS today,
    coalesce(recent.week, 0) + coalesce(pending.week, 0) AS week
FROM asked LEFT JOIN folded ON folded.area = code LEFT JOIN pending ON pending.area = code
LEFT JOIN recent ON recent.area = code
ORDER BY code
"""
# Folded and pending of the children that are asked for, as `queries` adds them.
DAILY = """
SELECT area, day, sum(responded_persons) FROM (
    SELECT area, day, responded_persons FROM monitoring_progress WHERE area = ANY(%(areas)s)
    UNION ALL
    SELECT left(area, %(size)s), day, responded_persons FROM registry_progressdelta
    WHERE area BETWEEN %(first)s AND %(last)s AND length(area) >= %(size)s
) AS added GROUP BY 1, 2
"""

Standing = Literal["empty", "none", "done", "early", "begun", "missing"]
KNOWN = tuple(field.name for field in fields(Figures))
_known_of = attrgetter(*KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling(Figures):
    """An area among those beside it."""

    # Persons that responded today, and a day as `Trend.week`.
    today: int = 0
    week: float | None = None
    # Persons a day from now on that reach the target; None where none is set or no day is left.
    needed: int | None = None

    @property
    def complete_percent(self) -> float | None:
        """Complete families, of those expected."""
        return percent(self.complete_families, self.expected_families)

    @property
    def standing(self) -> Standing:
        """Tell how an area stands against its target; short of it when time is up: `missing`.

        `empty`: nobody is expected. `early`: no day of the census is over yet, so that there is no
        pace to judge by. `begun`: the last week's pace reaches the target.
        """
        if self.is_empty:
            return "empty"
        if self.gap is None:
            return "none"
        if self.gap == 0:
            return "done"
        if self.needed is None:
            return "missing"
        if self.week is None:
            return "early"
        return "begun" if self.week >= self.needed else "missing"


def siblings(area: str, *, today: date, when: Season) -> list[Sibling]:
    """Return the areas directly below (undotted code, "" for the nation), by code.

    `when` as of `queries.season`. Ask within `queries.one_moment`.
    """
    rows = below(SIBLINGS, area, today=today, since=today - timedelta(days=WEEK))
    came = [(row.pop("today"), row.pop("week")) for row in rows]
    return [sibling(Figures(**row), last, when) for row, last in zip(rows, came, strict=True)]


def sibling(figures: Figures, lately: tuple[int, int], when: Season) -> Sibling:
    """Return figures with what came today and in the seven days before."""
    known = dict(zip(KNOWN, _known_of(figures), strict=True))
    today, week = lately
    return Sibling(**known, today=today, week=a_day(week, when), needed=figures.pace(when.left))


def daily(area: str) -> dict[str, dict[date, int]]:
    """Return how many persons responded on each day in each area directly below."""
    found = children(area)
    added: dict[str, dict[date, int]] = defaultdict(dict)
    for code, day, persons in _ask(DAILY, area, found):
        added[code][day] = persons
    return {each.area: added[each.area] for each in found}


def _ask(statement: str, area: str, found: Iterable[Figures]) -> list[Any]:
    codes = [each.area for each in found]
    if not codes:
        return []
    first, last = within(area)
    values: dict[str, Any] = {
        "areas": codes,
        "size": LENGTHS[level_of(area) if area else 0],
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
