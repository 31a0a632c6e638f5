"""The only writer of the waiting room: count arrivals, report, move the frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from cacah.collection.statements import Rows
from cacah.collection.waiting import queries
from cacah.collection.waiting.line import SECOND, SETTLING
from cacah.collection.waiting.pacing import Moment, Pace, Report, move

COUNT_ARRIVALS = """
INSERT INTO collection_arrival (second, places)
SELECT * FROM unnest(%(seconds)s::int8[], %(places)s::int4[])
ON CONFLICT (second) DO UPDATE SET places = collection_arrival.places + excluded.places
"""
REPORT = """
INSERT INTO collection_serving
    (process, reported_at, load, starts, submits, sessions, refusals)
VALUES (%(process)s, clock_timestamp(), %(load)s, %(starts)s, %(submits)s, %(sessions)s,
    %(refusals)s)
ON CONFLICT (process) DO UPDATE SET reported_at = excluded.reported_at,
    load = excluded.load, starts = excluded.starts, submits = excluded.submits,
    sessions = excluded.sessions, refusals = excluded.refusals
"""
FIRST_FRONTIER = """
INSERT INTO collection_frontier
    (id, stands_at, is_full, moved_at, capacity, rate, speed, turnout)
VALUES (1, %(at)s, false, clock_timestamp() - interval '1 second',
    %(capacity)s, %(rate)s, %(speed)s, %(turnout)s)
ON CONFLICT DO NOTHING
"""
# One process a second moves it, whichever comes first; abs() lets it go on when the clock of the
# database has jumped back.
TAKE_FRONTIER = """
SELECT stands_at, is_full, capacity, rate, speed, turnout,
    extract(epoch FROM clock_timestamp() - moved_at)::float8
FROM collection_frontier
WHERE abs(extract(epoch FROM clock_timestamp() - moved_at)) >= 0.95
FOR UPDATE SKIP LOCKED
"""
MOVE_FRONTIER = """
UPDATE collection_frontier SET stands_at = %(stands_at)s, is_full = %(is_full)s,
    moved_at = clock_timestamp(), capacity = %(capacity)s, rate = %(rate)s, speed = %(speed)s,
    turnout = %(turnout)s
"""
FORGET_ARRIVALS = """
WITH gone AS (DELETE FROM collection_arrival WHERE second < %(second)s)
DELETE FROM collection_serving WHERE reported_at < clock_timestamp() - interval '1 minute'
"""


def report(connection: Rows, *, process: str, report: Report, given: Mapping[int, int]) -> None:
    """Count the places given in each second, and say what this process did lately."""
    seconds = sorted(given)
    if seconds:
        places = [given[second] for second in seconds]
        connection.execute(COUNT_ARRIVALS, {"seconds": seconds, "places": places})
    connection.execute(REPORT, {"process": process, **asdict(report)})


def move_frontier(connection: Rows, *, at: int, limit: float) -> bool:
    """Let the next ones in, once a second whoever asks; False if another process does it.

    `at` is the site's clock in microseconds, `limit` the starts a second at most, 0 for no limit.
    Must run in a transaction. The doer is the server itself.
    """
    taken = connection.execute(TAKE_FRONTIER).fetchone()
    if taken is None:
        connection.execute(FIRST_FRONTIER, {"at": at - SETTLING, **asdict(Pace())})
        return False
    stands_at, was_full, capacity, rate, speed, turnout, seconds = taken
    moved = move(
        Pace(capacity, rate, speed, turnout),
        stands_at,
        queries.arrivals_since(connection, second=stands_at // SECOND),
        queries.reports(connection),
        Moment(at=at, seconds=min(max(seconds, 0.5), 2.0), limit=limit, was_full=was_full),
    )
    connection.execute(
        MOVE_FRONTIER,
        {
            "stands_at": moved.stands_at,
            "is_full": moved.is_full,
            **asdict(moved.pace),
        },
    )
    if at // SECOND % 60 == 0:
        connection.execute(FORGET_ARRIVALS, {"second": moved.stands_at // SECOND})
    return True
