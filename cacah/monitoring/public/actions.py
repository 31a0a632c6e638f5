"""The only writer of what everybody sees: it goes on where it stood, by steps of five families."""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.utils import timezone

from cacah.monitoring.models import Published, PublishedDay
from cacah.monitoring.public.disclosure import DIGITS, NAMES, NOTHING, Numbers, step, summed

# Whoever publishes takes this lock until the transaction ends.
PUBLISHING = 33_001
SUMS = ", ".join(f"sum({name}) AS {name}" for name in NAMES)
# What every district holds at this moment, folded and pending.
NOW = f"""
SELECT code, {", ".join(f"coalesce(folded.{n}, 0) + coalesce(pending.{n}, 0)" for n in NAMES)}
FROM areas_area LEFT JOIN monitoring_total AS folded ON folded.area = code LEFT JOIN (
    SELECT left(area, {DIGITS}) AS area, {SUMS} FROM registry_progressdelta GROUP BY 1
) AS pending ON pending.area = code
WHERE level = 3 AND (folded.area IS NOT NULL OR pending.area IS NOT NULL)
"""
# What each day before added to each district, the first day first.
PAST = f"""
SELECT day, area, {", ".join(f"sum({name})" for name in NAMES)} FROM (
    SELECT day, area, {", ".join(NAMES)} FROM monitoring_progress
    WHERE length(area) = {DIGITS} AND day < %(today)s
    UNION ALL
    SELECT day, left(area, {DIGITS}), {", ".join(NAMES)} FROM registry_progressdelta
    WHERE length(area) >= {DIGITS} AND day < %(today)s
) AS added GROUP BY day, area ORDER BY day
"""
PUT = f"""
WITH put AS (
    INSERT INTO monitoring_published AS shown (area, at, {", ".join(NAMES)})
    SELECT area, %s, {", ".join(NAMES)}
    FROM unnest(%s::text[], {", ".join("%s::integer[]" for _ in NAMES)})
        AS new (area, {", ".join(NAMES)})
    ON CONFLICT (area) DO UPDATE SET
        at = excluded.at, {", ".join(f"{name} = excluded.{name}" for name in NAMES)}
    RETURNING area, responded_families
)
INSERT INTO monitoring_publishedday (area, day, responded_families)
SELECT area, %s, responded_families FROM put WHERE responded_families > 0
ON CONFLICT (area, day) DO UPDATE SET responded_families = excluded.responded_families
"""


def publish(*, at: datetime) -> int:
    """Bring what everybody sees up to this moment; return how many areas changed.

    The doer is the site itself, once a minute. The first time the days before are gone through one
    by one, so that the course does not begin today.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])
        today = timezone.localdate(at)
        if not Published.objects.exists():
            for day, held in _past(today):
                _go_on(held, at, day)
        return _go_on(_held(), at, today)


def publish_anew(*, at: datetime) -> int:
    """Forget what was published and publish again, day by day; only for what is rehearsed.

    In a census it would show steps beside those that everybody has seen, and the difference of the
    two can be a single family.
    """
    with transaction.atomic():
        Published.objects.all().delete()
        PublishedDay.objects.all().delete()
        return publish(at=at)


def _held() -> dict[str, Numbers]:
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        return {code: tuple(map(int, numbers)) for code, *numbers in cursor.fetchall()}


def _past(today: date) -> Iterator[tuple[date, dict[str, Numbers]]]:
    """Yield each day before today and what the districts held at its end."""
    held: dict[str, Numbers] = {}
    with connection.cursor() as cursor:
        cursor.execute(PAST, {"today": today})
        rows = cursor.fetchall()
    for day, added in groupby(rows, itemgetter(0)):
        for _day, area, *numbers in added:
            before = held.get(area, NOTHING)
            held[area] = tuple(a + int(b) for a, b in zip(before, numbers, strict=True))
        yield day, held


def _go_on(held: Mapping[str, Numbers], at: datetime, day: date) -> int:
    """Let each district that has come far enough take its step, and sum them up."""
    rows = Published.objects.values_list("area", *NAMES)
    before: dict[str, Numbers] = {area: tuple(numbers) for area, *numbers in rows}
    districts = {code: each for code, each in before.items() if len(code) == DIGITS}
    districts |= {code: step(districts.get(code, NOTHING), now) for code, now in held.items()}
    shown = districts | summed(districts)
    changed = {area: each for area, each in shown.items() if before.get(area, NOTHING) != each}
    # The nation's row says when everything was counted last.
    changed[""] = shown.get("", NOTHING)
    columns = zip(*changed.values(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(PUT, [at, list(changed), *map(list, columns), day])
    return len(changed) - (before.get("", NOTHING) == changed[""])
