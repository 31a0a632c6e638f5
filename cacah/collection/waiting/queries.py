"""What may be asked of the waiting room's tables."""

from __future__ import annotations

from dataclasses import dataclass

from cacah.collection.statements import Rows
from cacah.collection.waiting.pacing import Pace, Report

# Of a long line the frontier passes a few seconds' worth at a time.
MOST_SECONDS = 900
ARRIVALS_SINCE = """
SELECT second, places FROM collection_arrival WHERE second >= %(second)s ORDER BY second
LIMIT %(most)s
"""
REPORTS = """
SELECT load, starts, submits, sessions, refusals FROM collection_serving
WHERE abs(extract(epoch FROM clock_timestamp() - reported_at)) < 3
"""
FIND_STATE = """
SELECT stands_at, is_full, capacity, rate, speed, turnout,
    (extract(epoch FROM clock_timestamp()) * 1000000)::int8,
    (SELECT coalesce(max(second), 0) FROM collection_arrival),
    (SELECT count(*) FROM collection_serving
        WHERE abs(extract(epoch FROM clock_timestamp() - reported_at)) < 3)
FROM collection_frontier
"""


@dataclass(frozen=True, slots=True)
class State:
    """The frontier as the database has it, and the database's clock."""

    stands_at: int
    is_full: bool
    pace: Pace
    # Microseconds since 1970.
    clock: int
    # The last second in which somebody arrived, whatever the clock says; 0 if nobody waits.
    last_arrival: int
    processes: int


def arrivals_since(
    connection: Rows, *, second: int, most: int = MOST_SECONDS
) -> list[tuple[int, int]]:
    """Return (second, places given in it) in order, from `second` on."""
    rows = connection.execute(ARRIVALS_SINCE, {"second": second, "most": most}).fetchall()
    return [(row[0], row[1]) for row in rows]


def reports(connection: Rows) -> list[Report]:
    """Return what each process that serves now did in its last second."""
    return [Report(*row) for row in connection.execute(REPORTS).fetchall()]


def find_state(connection: Rows) -> State | None:
    """Return the frontier, None before the first process has set it."""
    row = connection.execute(FIND_STATE).fetchone()
    if row is None:
        return None
    return State(row[0], row[1], Pace(*row[2:6]), *row[6:])
