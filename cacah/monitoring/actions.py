"""The only writer of monitoring: folds changes of progress into all areas, and samples them."""
# ruff: noqa: S608 (the statement is put together from constants of this module only)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cacah.institutions.actions import follow
from cacah.monitoring.figures import COUNTS
from cacah.registry.actions import Delta, take_deltas
from cacah.staff.work.actions import begin

# Digits of the nation, province, regency, district, village, SLS.
SIZES = [0, 2, 4, 6, 10, 16]
KEY = ("area", "day", "mode")
COLUMNS = (*KEY, *COUNTS)
TYPES = ("text[]", "date[]", "text[]", *("integer[]" for _ in COUNTS))
# Every fold goes through the areas in one order, so that no two can wait for each other.
FOLD = f"""
INSERT INTO monitoring_progress AS progress ({", ".join(COLUMNS)})
SELECT left(area, size), day, mode, {", ".join(f"sum({name})" for name in COUNTS)}
FROM unnest({", ".join(f"%s::{kind}" for kind in TYPES)}) AS change ({", ".join(COLUMNS)})
JOIN unnest(%s::integer[]) AS size ON size <= length(area)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (area, day, mode) DO UPDATE SET
    {", ".join(f"{name} = progress.{name} + excluded.{name}" for name in COUNTS)}
"""
FOLD_TOTALS = f"""
INSERT INTO monitoring_total AS total (area, {", ".join(COUNTS)})
SELECT left(area, size), {", ".join(f"sum({name})" for name in COUNTS)}
FROM unnest({", ".join(f"%s::{kind}" for kind in TYPES)}) AS change ({", ".join(COLUMNS)})
JOIN unnest(%s::integer[]) AS size ON size <= length(area)
GROUP BY 1 ORDER BY 1
ON CONFLICT (area) DO UPDATE SET
    {", ".join(f"{name} = total.{name} + excluded.{name}" for name in COUNTS)}
"""

HOURS_OF_SAMPLES = 3
SAMPLE = """
WITH sampled AS (SELECT '' AS code UNION ALL SELECT code FROM areas_area WHERE level <= 2),
folded AS (
    SELECT area, responded_families AS families FROM monitoring_total
    WHERE area = ANY(ARRAY(SELECT code FROM sampled))
), pending AS (
    SELECT left(area, size) AS area, sum(responded_families) AS families
    FROM registry_progressdelta, unnest(ARRAY[0, 2, 4]) AS size GROUP BY 1
)
INSERT INTO monitoring_sample (area, at, responded_families)
SELECT code, %(at)s, coalesce(folded.families, 0) + coalesce(pending.families, 0)
FROM sampled LEFT JOIN folded ON folded.area = code LEFT JOIN pending ON pending.area = code
WHERE folded.families IS NOT NULL OR pending.families IS NOT NULL
ON CONFLICT (area, at) DO NOTHING
"""


def sample(*, at: datetime) -> None:
    """Note how many families have responded by now, for walls; forget what is hours old.

    The doer is the site itself, once a minute; exact whether folding keeps up or not.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAMPLE, {"at": at})
        forgotten = at - timedelta(hours=HOURS_OF_SAMPLES)
        cursor.execute("DELETE FROM monitoring_sample WHERE at < %s", [forgotten])


def fold(*, most: int = 20_000) -> int:
    """Add the oldest changes of progress, so many at most, to the counts of all levels.

    Returns how many it took; fewer than `most` when none is left. Taken and added in one
    transaction: at every moment the counts and what waits for them add up to the same. Rosters
    follow in it too; after an import, which changes whole areas, they are matched anew by a job.
    The doer is the site itself. Several at once take turns.
    """
    with transaction.atomic():
        taken = take_deltas(most=most)
        if taken:
            columns = list(zip(*rows_of(taken), strict=True))
            with connection.cursor() as cursor:
                cursor.execute(FOLD, [*map(list, columns), SIZES])
                cursor.execute(FOLD_TOTALS, [*map(list, columns), SIZES])
            whose = {delta.household_id for delta in taken}
            follow(households=sorted(each for each in whose if each is not None))
            if None in whose:
                begin("monitoring.rematch")
    return len(taken)


def fold_all(*, most: int = 20_000) -> int:
    """Fold until nothing is left, a transaction for each `most`; return how many changes."""
    folded = last = fold(most=most)
    while last == most:
        last = fold(most=most)
        folded += last
    return folded


def rows_of(taken: Iterable[Delta]) -> Iterable[Sequence[Any]]:
    """Yield what each change adds: on its own day, and on the day that the form was opened."""
    for delta in taken:
        area, day, mode, _, opened_day, *counts = delta
        finished = delta.responded_families
        if finished and opened_day != day:
            yield (area, day, mode, *counts, 0)
            yield (area, opened_day, mode, *NOTHING, finished)
        else:
            yield (area, day, mode, *counts, finished)


NOTHING = (0,) * (len(COUNTS) - 1)
