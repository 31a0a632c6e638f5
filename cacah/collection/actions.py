"""The only writer of the collection room: submit, reopen, mark as opened, count a wrong guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import errors

from cacah.collection import noticing
from cacah.collection.models import Ruling, SharedNumber
from cacah.collection.statements import (
    BYTEA,
    BYTEAS,
    DATE,
    INT2,
    INT4,
    INT8,
    TEXT,
    TEXTS,
    TIMESTAMPTZ,
    OfHousehold,
    Rows,
    Statement,
    read_int,
)
from cacah.registry import cases
from cacah.registry.keys import is_unlisted

# One statement, so one round trip and one commit: the case moves only from the revision that the
# session began with, and nothing else is written unless it moved. It names the partitions.
SUBMIT = OfHousehold(
    b"door_submit",
    """
WITH moved AS (
    UPDATE registry_case_{part}
    SET state = %(target), mode = %(mode), persons = %(persons), revision = %(revision),
        submitted_at = %(at), opened_at = coalesce(opened_at, %(at)),
        guide = coalesce(nullif(%(guide), ''), guide),
        invitation = coalesce(nullif(%(invitation), ''), invitation)
    WHERE household_id = %(household_id) AND revision = %(revision) - 1
        AND state = ANY(%(sources))
    RETURNING area, opened_at, (opened_at = submitted_at)::int AS opened
), counted AS (
    INSERT INTO registry_progressdelta (area, day, mode, expected_families, expected_persons,
        opened_families, responded_families, responded_persons,
        complete_families, complete_persons, household_id, opened_at)
    SELECT area, %(day), %(mode), 0, 0, opened, %(families), %(more_persons),
        %(families), %(more_persons), %(household_id), opened_at
    FROM moved
)
INSERT INTO collection_submission_{part} (household_id, revision, issued_at, mode, persons,
    instrument, key_digest, receipt_digest, nik_digests, sealed)
SELECT %(household_id), %(revision), %(issued_at), %(mode), %(persons), %(instrument),
    %(key_digest), %(receipt_digest), %(nik_digests), %(sealed)
FROM moved
RETURNING revision
""",
    {
        "household_id": INT8,
        "revision": INT2,
        "target": TEXT,
        "sources": TEXTS,
        "mode": TEXT,
        "guide": TEXT,
        "invitation": TEXT,
        "persons": INT2,
        "at": TIMESTAMPTZ,
        "issued_at": TIMESTAMPTZ,
        "day": DATE,
        "families": INT4,
        "more_persons": INT4,
        "instrument": TEXT,
        "key_digest": BYTEA,
        "receipt_digest": BYTEA,
        "nik_digests": BYTEAS,
        "sealed": BYTEA,
    },
)
SUBMIT_NOTICING = Statement(
    b"door_submit_noticing", noticing.SUBMIT_NOTICING, {**SUBMIT.types, "foreign": BYTEAS}
)
REOPEN = """
UPDATE registry_case SET state = %(target)s
WHERE household_id = %(household_id)s AND revision = %(revision)s AND state = ANY(%(sources)s)
"""
# Joined: `= ANY(...)` compares each id with each row where a partition is read whole, 20 ms a
# second instead of 6 on a site of 8,000 families. Two servers that mark the same families take
# them in the order of one and the same plan, so that they cannot deadlock.
MARK_OPENED = """
WITH opened AS (
    UPDATE registry_case SET state = %(target)s, opened_at = %(at)s
    FROM unnest(%(household_ids)s::int8[]) AS seen (id)
    WHERE household_id = seen.id AND state = ANY(%(sources)s)
    RETURNING area, household_id
)
INSERT INTO registry_progressdelta (area, day, mode, expected_families, expected_persons,
    opened_families, responded_families, responded_persons, complete_families, complete_persons,
    household_id)
SELECT area, %(day)s, %(mode)s, 0, 0, 1, 0, 0, 0, 0, household_id FROM opened
"""
COUNT_FAILURES = """
INSERT INTO collection_guess (key, failures, last_at, expires_at)
SELECT key, 1, %(at)s, expires_at
FROM unnest(%(keys)b::bytea[], %(expires)s::timestamptz[]) AS new (key, expires_at),
    set_config('synchronous_commit', 'off', true)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN collection_guess.expires_at <= excluded.last_at THEN 1
        ELSE least(collection_guess.failures + 1, 1000000) END,
    last_at = excluded.last_at, expires_at = excluded.expires_at
RETURNING failures
"""
SPEND = """
INSERT INTO collection_guess (key, failures, last_at, expires_at)
VALUES (%(key)b, 1, %(at)s, %(expires_at)s) ON CONFLICT (key) DO NOTHING
"""


# What concerns one of the families that are stored together, so the others go without it.
ONE_SPOILS_ALL = (
    errors.IntegrityError,
    errors.DataError,
    errors.LockNotAvailable,
    errors.DeadlockDetected,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A submission that has passed every rule, sealed, ready to be stored as `revision`."""

    household_id: int
    revision: int
    # People counted now, and by the revision before (0 for the first).
    persons: int
    persons_before: int
    mode: str
    instrument: str
    key_digest: bytes
    receipt_digest: bytes
    nik_digests: list[bytes]
    sealed: bytes
    # Those of `nik_digests` that the register does not have for this household.
    foreign: list[bytes]
    # Its seat in a guided session, and the invitation's code; empty where there was none.
    guide: str = ""
    invitation: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A submission is in the database; an officer has yet to verify an unlisted family."""

    to_be_verified: bool = False


Outcome = Stored | psycopg.Error | None


def submit(
    connection: Rows, *, checked: Sequence[Checked], at: datetime, day: date
) -> list[Outcome]:
    """Store each, move its case and count, all or nothing for each of them, durably.

    Returns for each whether it is stored, None where another revision was first, and an error
    where this one cannot be stored now. Raises psycopg.Error where the database cannot be asked.
    `day` is the census's own day of `at`. The doer is the family itself.
    """
    usual = [one for one in checked if not (one.foreign or is_unlisted(one.household_id))]
    stored = dict(zip(map(id, usual), submit_usual(connection, usual, at, day), strict=True))
    return [
        stored[id(one)] if id(one) in stored else submit_noticing(connection, one, at, day)
        for one in checked
    ]


def submit_usual(
    connection: Rows, checked: Sequence[Checked], at: datetime, day: date
) -> list[Outcome]:
    """Store families whose NIKs are all their own: together, or one by one where one hinders."""
    if not checked:
        return []
    # In the order of their ids, so that two servers that store the same families cannot deadlock.
    order = sorted(range(len(checked)), key=lambda n: checked[n].household_id)
    try:
        done = SUBMIT.run_all(connection, [values_of(checked[n], at, day) for n in order])
    except ONE_SPOILS_ALL as error:
        if len(checked) == 1:
            return [error]
        return [submit_usual(connection, [one], at, day)[0] for one in checked]
    stored = dict(zip(order, (result.ntuples == 1 for result in done), strict=True))
    return [Stored() if stored[n] else None for n in range(len(checked))]


def submit_noticing(connection: Rows, checked: Checked, at: datetime, day: date) -> Outcome:
    """Do so for a family with other NIKs or none registered: shared ones go on the review list."""
    values = values_of(checked, at, day) | {"foreign": sorted(set(checked.foreign))}
    values["sources"] = [*values["sources"], *cases.sources("answer unlisted")]
    try:
        done = SUBMIT_NOTICING.run(connection, values)
    except ONE_SPOILS_ALL as error:
        return error
    return Stored(bool(read_int(done.get_value(0, 0) or b""))) if done.ntuples else None


def notice(connection: Rows, *, household_id: int, digests: list[bytes], at: datetime) -> None:
    """Put the household on the review list with whoever else has or gave one of these numbers."""
    if digests:
        given = {"household_id": household_id, "at": at, "foreign": sorted(set(digests))}
        noticing.NOTICE.run(connection, given)


def settle(*, lower_id: int, higher_id: int, ruling: Ruling, at: datetime) -> int:
    """Take a pair of households off the review list; return how many numbers they shared.

    The doer is whoever has looked at both. Should they share another number later, they are back.
    """
    found = SharedNumber.objects.filter(lower_id=lower_id, higher_id=higher_id, settled_at=None)
    return found.update(settled_at=at, ruling=ruling)


def gather_shared_numbers(connection: Rows, *, at: datetime) -> int:
    """Put on the review list what no submission could notice; return how many numbers.

    A NIK that the register has in two households, or that came into the register after another
    household had given it. Reads all registered persons once.
    """
    with connection.transaction():
        # No family waits for it, and of a whole nation it takes longer than a family may.
        connection.execute("SET LOCAL statement_timeout = 0")
        return connection.execute(noticing.GATHER, {"at": at}).rowcount


def values_of(checked: Checked, at: datetime, day: date) -> dict[str, Any]:
    """Return what SUBMIT takes."""
    first = checked.revision == 1
    verb = "submit" if first else "resubmit"
    return {
        "target": cases.target(verb),
        "sources": cases.sources(verb),
        "household_id": checked.household_id,
        "revision": checked.revision,
        "persons": checked.persons,
        "families": int(first),
        "more_persons": checked.persons - checked.persons_before,
        "mode": checked.mode,
        "guide": checked.guide,
        "invitation": checked.invitation,
        "at": at,
        "issued_at": at.replace(microsecond=0),
        "day": day,
        "instrument": checked.instrument,
        "key_digest": checked.key_digest,
        "receipt_digest": checked.receipt_digest,
        "nik_digests": checked.nik_digests,
        "sealed": checked.sealed,
    }


def reopen(connection: Rows, *, household_id: int, revision: int) -> bool:
    """Let the family that holds the receipt answer anew; False if the case has moved meanwhile."""
    done = connection.execute(
        REOPEN,
        {
            "household_id": household_id,
            "revision": revision,
            "target": cases.target("reopen"),
            "sources": cases.sources("reopen"),
        },
    )
    return done.rowcount == 1


def mark_opened(
    connection: Rows, *, household_ids: Sequence[int], at: datetime, day: date, mode: str
) -> None:
    """Move those still expected to opened and count them, in one statement."""
    connection.execute(
        MARK_OPENED,
        {
            "household_ids": sorted(household_ids),
            "at": at,
            "day": day,
            "mode": mode,
            "target": cases.target("open"),
            "sources": cases.sources("open"),
        },
    )


def count_failures(connection: Rows, *, keys: dict[bytes, timedelta], at: datetime) -> list[int]:
    """Add one failure to each key, to be forgotten after its time; return the new counts.

    A crash may forget the last second of them: it is not worth a flush of the disk.
    """
    ordered = sorted(keys)
    counts = connection.execute(
        COUNT_FAILURES,
        {"keys": ordered, "expires": [at + keys[key] for key in ordered], "at": at},
    )
    return [row[0] for row in counts]


def spend_proof(connection: Rows, *, key: bytes, at: datetime, expires_at: datetime) -> bool:
    """Use up a proof of work; False if it has been used before."""
    done = connection.execute(SPEND, {"key": key, "at": at, "expires_at": expires_at})
    return done.rowcount == 1


def forget_guesses(connection: Rows, *, at: datetime) -> int:
    """Remove the counters whose time is over; return how many."""
    return connection.execute(
        "DELETE FROM collection_guess WHERE expires_at <= %(at)s", {"at": at}
    ).rowcount
