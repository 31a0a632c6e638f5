"""The only writer of monitoring: folds changes of progress into the counts of every area."""
# ruff: noqa: S608 (the statement is put together from constants of this module only)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from cacah.monitoring.figures import COUNTS
from cacah.registry.actions import Delta, take_deltas

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


def fold(*, most: int = 20_000) -> int:
    """Add the oldest changes of progress, so many at most, to the counts of all levels.

    Returns how many it took; fewer than `most` when none is left. Taken and added in one
    transaction: at every moment the counts and what waits for them add up to the same. The doer is
    the site itself. Several at once take turns.
    """
    with transaction.atomic():
        taken = take_deltas(most=most)
        if taken:
            columns = list(zip(*rows_of(taken), strict=True))
            with connection.cursor() as cursor:
                cursor.execute(FOLD, [*map(list, columns), SIZES])
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
