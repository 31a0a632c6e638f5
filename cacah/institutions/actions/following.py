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
_SETTLE = f"""
WITH stood AS (
    SELECT e.id, e.institution_id, e.state AS before, {standing.DERIVED} AS after
    FROM institutions_rosterentry e WHERE e.removed_at IS NULL AND {{which}}
), moved AS (
    UPDATE institutions_rosterentry e SET state = stood.after
    FROM stood WHERE e.id = stood.id AND stood.before <> stood.after
    RETURNING e.institution_id, stood.before, stood.after
), counted AS (
    {standing.COUNT_MOVED}
)
SELECT count(*) FROM moved
"""
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
        _settle(_IN_HOUSEHOLDS, households)
    if named:
        settle(entries=named)


def settle(*, entries: Sequence[int]) -> int:
    """Store where these entries stand now; return how many moved. The caller holds the locks."""
    return _settle("e.id = ANY(%s)", entries)


def settle_institutions(*, institutions: Sequence[int]) -> int:
    """Do so for all on these institutions' own rosters."""
    return _settle("e.institution_id = ANY(%s)", institutions)


def _settle(which: str, ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE.format(which=which), [list(ids)])
        (moved,) = cursor.fetchone()
    return int(moved)
