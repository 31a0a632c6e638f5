"""Everything that a public page of an area shows, at one moment."""
# ruff: noqa: S608 (the statement is put together from constants of this module only)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from cacah.areas.codes import LENGTHS, level_of, lineage
from cacah.areas.models import Level
from cacah.areas.queries import ancestors
from cacah.monitoring import queries
from cacah.monitoring.figures import DayFigures, Figures
from cacah.monitoring.public import disclosure
from cacah.monitoring.public.disclosure import PAIRS, Public
from cacah.registry.queries import within

# What is walked through in steps; the register's own numbers are not.
COUNTED = [name for pair in list(PAIRS.items())[1:] for name in pair]
DAYS = f"""
SELECT area, day, {", ".join(f"sum({name})" for name in COUNTED)} FROM (
    SELECT area, day, {", ".join(COUNTED)} FROM monitoring_progress
    WHERE area = ANY(%(areas)s) AND day <= %(until)s
    UNION ALL
    SELECT left(area, %(size)s), day, {", ".join(COUNTED)} FROM registry_progressdelta
    WHERE area BETWEEN %(first)s AND %(last)s AND length(area) >= %(size)s AND day <= %(until)s
) AS added GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """An area, the way down to it, what is directly below it, and its course."""

    own: Public
    # (undotted code, name) from the province down, itself last.
    way: list[tuple[str, str]]
    below: list[Public]
    # Families that had responded after each day on which something happened.
    course: list[tuple[date, int]]
    as_of: datetime
    # The last whole day; what is shown in steps is counted until its end.
    until: date


def progress(area: str) -> Progress | None:
    """Return what is public of an area (undotted code, "" for the nation).

    None for an unknown one, and for all below districts.
    """
    if area and level_of(area) > Level.DISTRICT:
        return None
    with queries.one_moment():
        as_of = timezone.now()
        until = timezone.localdate(as_of) - timedelta(days=1)
        found = queries.figures(area)
        if found is None:
            return None
        in_steps = is_stepwise(area)
        days = queries.by_day(area)
        own = disclosure.in_steps(found, days, until) if in_steps else disclosure.at_once(found)
        return Progress(
            own,
            [(each.code, each.name) for each in ancestors(area)] if area else [],
            _below(area, until, within_few=in_steps),
            disclosure.begun(disclosure.course(days, own.until)),
            as_of,
            until,
        )


def is_stepwise(area: str) -> bool:
    """Tell whether an area is shown by whole days: the same on its own page and in each table."""
    nation = queries.figures("")
    assert nation is not None
    few = 0 < nation.expected_families < disclosure.SMALL
    above = ""
    for code in lineage(area) if area else []:
        few = code in disclosure.stepwise(queries.children(above), within_few=few)
        above = code
    return few


def _below(area: str, until: date, *, within_few: bool) -> list[Public]:
    if area and level_of(area) >= Level.DISTRICT:
        return []
    children = queries.children(area)
    few = disclosure.stepwise(children, within_few=within_few)
    days = _days(area, few, until)
    return [_public(each, few, days[each.area], until) for each in children]


def _public(figures: Figures, few: Collection[str], days: list[DayFigures], until: date) -> Public:
    if figures.area not in few:
        return disclosure.at_once(figures)
    return disclosure.in_steps(figures, days, until)


def _days(area: str, few: Collection[str], until: date) -> dict[str, list[DayFigures]]:
    """Return what each whole day added in those areas directly below this one."""
    days: dict[str, list[DayFigures]] = defaultdict(list)
    if not few:
        return days
    first, last = within(area)
    values: dict[str, Any] = {
        "areas": list(few),
        "until": until,
        "size": LENGTHS[level_of(area) if area else 0],
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(DAYS, values)
        for code, day, *counts in cursor.fetchall():
            days[code].append(DayFigures(day=day, **dict(zip(COUNTED, counts, strict=True))))
    return days
