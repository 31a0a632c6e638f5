"""Moves the people on rosters as far as their households have come."""
# ruff: noqa: S608 (statements are put together from constants of the room only)

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from cacah.institutions import standing
from cacah.institutions.actions import locks

# Joined to what collection has written down since the last time; whoever asked not to be looked up
# by NIK is left alone.
_FIND_NAMED = """
WITH taken AS (
    DELETE FROM collection_newnumber RETURNING digest, household_id
)
INSERT INTO institutions_finding (entry_id, household_id, way)
SELECT DISTINCT e.id, taken.household_id, 'submission'
FROM taken JOIN institutions_rosterentry e ON e.nik_digest = taken.digest AND NOT e.by_receipt
ON CONFLICT DO NOTHING
RETURNING entry_id
"""
_MOVE = f"""
WITH stood AS (
    SELECT e.id, e.institution_id, e.state AS before, {standing.DERIVED} AS after
    FROM institutions_rosterentry e WHERE e.removed_at IS NULL AND {{which}}
), moved AS (
    UPDATE institutions_rosterentry e SET state = stood.after
    FROM stood WHERE e.id = stood.id AND stood.before <> stood.after
    RETURNING e.institution_id, stood.before, stood.after
)
"""
_SETTLE = f"{_MOVE} SELECT count(*) FROM moved"
_FOLLOW = f"{_MOVE}, counted AS ({standing.COUNT_MOVED}) SELECT count(*) FROM moved"
_IN_HOUSEHOLDS = (
    "e.id = ANY(ARRAY(SELECT entry_id FROM institutions_finding WHERE household_id = ANY(%s)))"
)


@transaction.atomic
def follow(*, households: Sequence[int]) -> None:
    """Move everybody found in these households, and whom families have named since, and count it.

    Belongs into the transaction that takes the households' changes off the pending ones. The doer
    is the fold.
    """
    locks.hold_all_rosters()
    with connection.cursor() as cursor:
        cursor.execute(_FIND_NAMED)
        named = [entry for (entry,) in cursor.fetchall()]
    if households:
        _move(_FOLLOW, _IN_HOUSEHOLDS, households)
    if named:
        _move(_FOLLOW, "e.id = ANY(%s)", named)


def settle(*, entries: Sequence[int]) -> int:
    """Store where these entries stand now; return how many moved.

    The caller holds the locks, and counts afterwards: counters may not fit what is stored yet.
    """
    return _move(_SETTLE, "e.id = ANY(%s)", entries)


def follow_institutions(*, institutions: Sequence[int]) -> int:
    """Move and count all on these institutions' own rosters; return how many moved."""
    return _move(_FOLLOW, "e.institution_id = ANY(%s)", institutions)


def _move(statement: str, which: str, ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(which=which), [list(ids)])
        (moved,) = cursor.fetchone()
    return int(moved)
