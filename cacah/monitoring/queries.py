"""What the pages of progress ask: what is folded and what waits for it, at one moment.

Each question is one statement, so it sees a fold whole or not at all; `one_moment` holds several.
No answer reads a case or a household: it costs the same however many have answered.
"""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone

from cacah.areas.codes import LENGTHS, level_of, lineage
from cacah.monitoring.figures import (
    COUNTS,
    WEEK,
    DayFigures,
    Figures,
    ModeFigures,
    Season,
    Trend,
    Waiting,
    waiting,
)
from cacah.registry.models import ProgressDelta
from cacah.registry.queries import census, within

NATION = "Indonesia"

DELTA_COUNTS = [name for name in COUNTS if name != "finished_families"]
DELTA_SUMS = ", ".join(f"sum({name}) AS {name}" for name in DELTA_COUNTS)
ADDED = ", ".join(f"coalesce(folded.{n}, 0) + coalesce(pending.{n}, 0) AS {n}" for n in COUNTS)
# The nearest area around that has a target; the areas asked for come before it.
INHERITED = """
SELECT target_percent FROM areas_area
WHERE code = ANY(%(lineage)s) AND target_percent IS NOT NULL ORDER BY level DESC LIMIT 1
"""
ONE = f"""
SELECT code, name, level, projected_population, ({INHERITED}) AS target_percent
FROM areas_area WHERE code = %(area)s
"""
# A target of the nation is what those of its provinces make together, where each has one.
THE_NATION = f"""
SELECT '' AS code, '{NATION}' AS name, 0 AS level,
    CASE WHEN count(*) = count(projected_population) THEN sum(projected_population) END
        AS projected_population,
    CASE WHEN count(*) = count(projected_population * target_percent)
        THEN sum(projected_population * target_percent) / nullif(sum(projected_population), 0) END
        AS target_percent
FROM areas_area WHERE parent IS NULL
"""
BELOW = f"""
SELECT code, name, level, projected_population,
    coalesce(target_percent, ({INHERITED})) AS target_percent
FROM areas_area WHERE parent = %(area)s
"""
PROVINCES = """
SELECT code, name, level, projected_population, target_percent FROM areas_area WHERE parent IS NULL
"""
# All counts of the areas asked for, so far; `pending` is their changes of `size` digits.
TOTALS = "SELECT * FROM monitoring_total WHERE area = ANY(ARRAY(SELECT code FROM asked))"
WAITING = f"""
SELECT left(area, %(size)s) AS area, {DELTA_SUMS}, sum(responded_families) AS finished_families
    {{more}}
FROM registry_progressdelta
WHERE area BETWEEN %(first)s AND %(last)s AND length(area) >= %(size)s GROUP BY 1
"""
FIGURES = f"""
WITH asked AS MATERIALIZED ({{asked}}), folded AS ({TOTALS}),
pending AS ({WAITING.format(more="")})
SELECT asked.*, {ADDED}
FROM asked LEFT JOIN folded ON folded.area = code LEFT JOIN pending ON pending.area = code
ORDER BY code
"""
# Whoever answers is finished on the day on which the form was opened.
BY_DAY_AND_MODE = f"""
WITH pending AS MATERIALIZED (
    SELECT day, coalesce((opened_at AT TIME ZONE %(zone)s)::date, day) AS opened_day, mode,
        {DELTA_SUMS}
    FROM registry_progressdelta WHERE area BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3
), added AS (
    SELECT day, mode, {", ".join(COUNTS)} FROM monitoring_progress WHERE area = %(area)s
    UNION ALL
    SELECT day, mode, {", ".join(DELTA_COUNTS)}, 0 FROM pending
    UNION ALL
    SELECT opened_day, mode, {"0, " * len(DELTA_COUNTS)} responded_families FROM pending
)
SELECT day, mode, {", ".join(f"sum({name})::bigint AS {name}" for name in COUNTS)}
FROM added GROUP BY day, mode ORDER BY day, mode
"""


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all questions within see the same moment: a total and its parts then agree to the unit.

    Inside a transaction that is open already that one's rules hold.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def figures(area: str) -> Figures | None:
    """Return how far an area is (undotted code, "" for the nation); None for an unknown one.

    Raises areas.codes.NotAnAreaCode for what cannot be one; so do the other questions.
    """
    found = own(FIGURES, area)
    return Figures(**found) if found else None


def own(statement: str, area: str) -> dict[str, Any] | None:
    """Return the row of one area as `below` does of those in it; None for an unknown one."""
    asked = statement.format(asked=ONE if area else THE_NATION)
    rows = _ask(asked, area, size=len(area))
    return _figures(rows[0]) if rows else None


def figures_from(area: str, days: list[DayFigures]) -> Figures | None:
    """Return the same from what each day added, which must be of the same moment."""
    rows = _ask(ONE if area else THE_NATION, area)
    counts = {name: sum(getattr(each, name) for each in days) for name in COUNTS}
    return Figures(**_figures(rows[0]), **counts) if rows else None


def children(area: str) -> list[Figures]:
    """Return how far the areas directly below are, by code: the provinces for ""."""
    return [Figures(**row) for row in below(FIGURES, area)]


def below(statement: str, area: str, **values: Any) -> list[dict[str, Any]]:
    """Return a row for each area directly below, by the names of `Figures` and what is added.

    The statement has a hole `asked` for those areas, as `FIGURES` has.
    """
    level = level_of(area) if area else 0
    if level == len(LENGTHS):
        return []
    asked = statement.format(asked=BELOW if area else PROVINCES)
    return [_figures(row) for row in _ask(asked, area, size=LENGTHS[level], **values)]


def by_day(area: str) -> list[DayFigures]:
    """Return what each day added in an area, in order; days on which nothing happened lack."""
    return by_day_and_mode(area)[0]


def by_mode(area: str) -> list[ModeFigures]:
    """Return what came in each mode in an area: "" (none yet), capi, cawi, guided, odk."""
    return by_day_and_mode(area)[1]


def by_day_and_mode(area: str) -> tuple[list[DayFigures], list[ModeFigures]]:
    """Return both for the price of one."""
    rows = _ask(BY_DAY_AND_MODE, area)
    days, modes = _summed(rows, "day"), _summed(rows, "mode")
    return (
        [DayFigures(day=day, **counts) for day, counts in days],
        [ModeFigures(mode=mode, **counts) for mode, counts in modes],
    )


def _summed(rows: list[dict[str, Any]], key: str) -> list[tuple[Any, dict[str, int]]]:
    """Return (key, counts) in order of the keys."""
    sums: dict[Any, dict[str, int]] = {}
    for row in rows:
        counts = sums.setdefault(row[key], dict.fromkeys(COUNTS, 0))
        for name in COUNTS:
            counts[name] += row[name]
    return sorted(sums.items())


def completion(area: str, *, today: date | None = None) -> list[Waiting]:
    """Return how many families opened their form and have not answered, by how long ago."""
    return waiting(by_day(area), today or timezone.localdate())


def trend(area: str, *, today: date | None = None) -> Trend | None:
    """Return an area's pace, and the one that its target asks for; None for an unknown area.

    Raises registry.queries.NoCensus before a census is set.
    """
    today = today or timezone.localdate()
    with one_moment():
        found, days = figures(area), by_day(area)
    return None if found is None else trend_of(found, days, today, season(today))


def trend_of(found: Figures, days: list[DayFigures], today: date, when: Season) -> Trend:
    """Return the same from figures that are known already."""
    persons = {each.day: each.responded_persons for each in days}
    ago = [persons.get(today - timedelta(days=n), 0) for n in range(WEEK + 1)]
    lately, needed = sum(ago[1:]), found.pace(when.left)
    return Trend(ago[0], ago[1], lately, a_day(lately, when), when.left, needed)


def a_day(lately: int, when: Season) -> float | None:
    """Return what came in the last `WEEK` days as a pace a day; None before one is over."""
    return lately / when.open if when.open else None


def last_day() -> date:
    """Return the last day on which families answer, in the census's zone; raises NoCensus."""
    return timezone.localdate(census().closes_at - timedelta(microseconds=1))


def days_left(today: date) -> int:
    """Return how many days of the census are left, today among them; raises NoCensus."""
    return season(today).left


def season(today: date) -> Season:
    """Return where a day stands in the census, by days of its zone; raises NoCensus."""
    found = census()
    first = timezone.localdate(found.opens_at)
    last = timezone.localdate(found.closes_at - timedelta(microseconds=1))
    left = (last - max(today, first)).days + 1
    return Season(max(0, left), min(WEEK, max(0, (today - first).days)))


def pending() -> tuple[int, datetime | None]:
    """Return how many changes wait to be folded, and since when the oldest of them does."""
    found = ProgressDelta.objects.aggregate(number=Count("*"), oldest=Min("at"))
    return found["number"], found["oldest"]


def _ask(statement: str, area: str, *, size: int = 0, **more: Any) -> list[dict[str, Any]]:
    first, last = within(area)
    values = more | {
        "area": area,
        "size": size,
        "first": first,
        "last": last,
        "zone": settings.TIME_ZONE,
    }
    values["lineage"] = lineage(area) if area else []
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    row["area"] = row.pop("code")
    return row
