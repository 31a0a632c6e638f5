"""Finds the households of people on rosters, by NIK digest and in bulk.

A person is found in each household that the register has the NIK in, and in each whose family gave
it (docs/decisions/0023-people-on-rosters.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Count

from cacah.institutions.actions import locks
from cacah.institutions.actions.following import follow_institutions
from cacah.institutions.models import RosterEntry

# Of what stands in the temporary table `wanted` (nik_digest). The index is for plans that begin
# with people of whom the statistics know nothing yet.
FIND = """
CREATE TEMPORARY TABLE found ON COMMIT DROP AS
SELECT nik_digest, household_id, 'register' AS way
FROM wanted JOIN registry_person USING (nik_digest)
UNION ALL
SELECT nik_digest, household_id, 'submission'
FROM wanted JOIN collection_foreignnumber ON digest = nik_digest
CROSS JOIN LATERAL unnest(households) AS given (household_id);
CREATE INDEX ON found (nik_digest)
"""
# Of entries in some institutions; whoever asked not to be looked up by NIK is left alone.
KEEP_FOUND = """
INSERT INTO institutions_finding (entry_id, household_id, way)
SELECT e.id, found.household_id, found.way
FROM found JOIN institutions_rosterentry e USING (nik_digest)
WHERE e.institution_id = ANY(%s) AND NOT e.by_receipt AND e.removed_at IS NULL
ORDER BY found.way DESC
ON CONFLICT DO NOTHING
"""
_WANT = """
CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
SELECT nik_digest FROM institutions_rosterentry
WHERE institution_id = ANY(%s) AND removed_at IS NULL AND NOT by_receipt
"""
# What a newer register no longer says; where the family has answered, it was counted with them.
_FORGET_GONE = """
DELETE FROM institutions_finding f USING institutions_rosterentry e, registry_case c
WHERE e.institution_id = ANY(%s) AND f.entry_id = e.id AND f.way = 'register'
    AND c.household_id = f.household_id AND c.revision = 0
    AND NOT EXISTS (SELECT FROM found WHERE found.nik_digest = e.nik_digest
        AND found.household_id = f.household_id)
RETURNING e.id
"""
_DROP = "DROP TABLE IF EXISTS wanted, found"
# All other writers of rosters wait for so many.
_PEOPLE_AT_ONCE = 20_000


def rematch() -> int:
    """Look for everybody on every roster again, as after a register import; return how many moved.

    Some institutions after others, each batch in its own transaction. The doer is the import.
    """
    return sum(rematch_institutions(institutions=batch) for batch in _batches())


@transaction.atomic
def rematch_institutions(*, institutions: Sequence[int]) -> int:
    """Do so for these institutions' own rosters."""
    locks.hold_all_rosters()
    of = [list(institutions)]
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_WANT, of)
        cursor.execute("ANALYZE wanted")
        cursor.execute(FIND)
        cursor.execute("ANALYZE found")
        cursor.execute(KEEP_FOUND, of)
        cursor.execute(_FORGET_GONE, of)
        cursor.execute(_DROP)
    return follow_institutions(institutions=institutions)


def rematch_institution(*, institution: int) -> int:
    """Do so for one institution's own roster."""
    return rematch_institutions(institutions=[institution])


def _batches() -> Iterator[list[int]]:
    """Yield the institutions that have people, some thousand people together."""
    batch: list[int] = []
    people = 0
    sizes = RosterEntry.objects.values_list("institution").annotate(Count("pk"))
    for institution, size in sizes.order_by("institution"):
        batch.append(institution)
        people += size
        if people >= _PEOPLE_AT_ONCE:
            yield batch
            batch, people = [], 0
    if batch:
        yield batch
