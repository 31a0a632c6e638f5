"""Verbs of rosters: put people on them and take them off."""
# ruff: noqa: S608 (statements are put together from constants of the room only)

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Now

from cacah.institutions import queries, sealing, standing
from cacah.institutions.actions import locks, matching, turnover
from cacah.institutions.actions.following import settle
from cacah.institutions.models import Institution, RosterEntry
from cacah.registry.keys import server_keys
from cacah.staff.actions import trace
from cacah.staff.models import Officer

# Is told how many have been stored.
Told = Callable[[int], None]
# Stored together, so that whoever waits sees how far it is.
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be put on a roster; `unit` is an institution below it, None the roster's own."""

    nik: str
    name: str
    number: str = ""
    unit: int | None = None


class Row(NamedTuple):
    """A person ready to be stored; without an institution, stays where he or she is already."""

    institution: int | None
    nik_digest: bytes
    # sealing.seal
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of people given: new on the roster, there already, taken off it."""

    added: int
    kept: int
    removed: int


_INCOMING = """
CREATE TEMPORARY TABLE incoming (institution_id bigint, nik_digest bytea, sealed bytea)
ON COMMIT DROP
"""
# Who stands in another unit of the same roster moves to the one that is named; the others stay.
_PLACE = """
CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT i.nik_digest, i.sealed, coalesce(i.institution_id, held.institution_id, %(top)s) AS target,
    held.id AS entry_id
FROM incoming i
LEFT JOIN LATERAL (
    SELECT e.id, e.institution_id FROM institutions_rosterentry e
    WHERE e.nik_digest = i.nik_digest AND e.institution_id = ANY(%(units)s)
    ORDER BY e.institution_id IS DISTINCT FROM i.institution_id, e.removed_at IS NOT NULL, e.id
    LIMIT 1
) AS held ON true
"""
_KEEP = """
UPDATE institutions_rosterentry e
SET institution_id = placed.target, sealed = placed.sealed, removed_at = NULL,
    added_at = CASE WHEN e.removed_at IS NULL THEN e.added_at ELSE now() END
FROM placed WHERE e.id = placed.entry_id
RETURNING e.id
"""
# Off the units that somebody has left for another one that had held him or her before.
_LEAVE = """
UPDATE institutions_rosterentry e SET removed_at = now()
FROM incoming i JOIN placed USING (nik_digest)
WHERE i.institution_id IS NOT NULL AND e.nik_digest = i.nik_digest AND e.removed_at IS NULL
    AND e.institution_id = ANY(%s) AND e.id <> placed.entry_id
"""
_ADD = f"""
WITH far AS (
    SELECT nik_digest, max(coalesce((SELECT {standing.RANK_OF_CASE} FROM registry_case
        WHERE registry_case.household_id = found.household_id), 1)) AS rank,
        CASE WHEN count(DISTINCT household_id) = 1 THEN min(household_id) END AS household_id
    FROM found GROUP BY nik_digest
)
INSERT INTO institutions_rosterentry
    (institution_id, nik_digest, sealed, state, exempt_reason, household_id)
SELECT placed.target, placed.nik_digest, placed.sealed,
    {standing.STATE_OF_RANK.format("far.rank")}, '', far.household_id
FROM placed LEFT JOIN far USING (nik_digest) WHERE placed.entry_id IS NULL
"""
_REMOVE_OTHERS = """
UPDATE institutions_rosterentry e SET removed_at = now()
WHERE e.institution_id = ANY(%s) AND e.removed_at IS NULL
    AND NOT EXISTS (SELECT FROM staying WHERE staying.nik_digest = e.nik_digest)
"""
_STAYING = "CREATE TEMPORARY TABLE staying (nik_digest bytea) ON COMMIT DROP"
_STAY = "INSERT INTO staying SELECT nik_digest FROM incoming"
_WANT = "CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS SELECT DISTINCT nik_digest FROM incoming"
_DROP = "DROP TABLE IF EXISTS incoming, placed, wanted, found"
_COUNT = f"""
UPDATE institutions_participation p SET
    {", ".join(f"{state} = coalesce(own.{state}, 0)" for state in standing.COUNTED)}
FROM unnest(%s::bigint[]) AS asked (id) LEFT JOIN (
    SELECT institution_id,
        {", ".join(f"count(*) FILTER (WHERE state = '{s}') AS {s}" for s in standing.COUNTED)}
    FROM institutions_rosterentry WHERE institution_id = ANY(%s) AND removed_at IS NULL
    GROUP BY institution_id
) AS own ON own.institution_id = asked.id
WHERE p.institution_id = asked.id
"""


def add_entries(
    *, by: Officer | None, institution: int, people: Sequence[Person], replace: bool = False
) -> Stored:
    """Put people on an institution's roster or its units'; with `replace` all others leave it.

    Somebody who is on it already is not added twice: a unit that is named is moved to. NIKs must
    be 16 digits and come once. Raises Institution.DoesNotExist, also where a unit is not below,
    and turnover.TooManyLeave.
    """
    keys = server_keys()
    digests = keys.nik_digests(person.nik.encode() for person in people)
    rows = [
        Row(
            person.unit,
            digest,
            sealing.seal(
                digest, {"name": person.name, "nik": person.nik[-4:], "number": person.number}
            ),
        )
        for person, digest in zip(people, digests, strict=True)
    ]
    with turnover.bounded(by=by, institution=institution):
        stored = store(institution=institution, rows=rows, replace=replace)
        found = Institution.objects.get(pk=institution)
        _trace(by, "people_added", found, **asdict(stored))
    return stored


def store(
    *, institution: int, rows: Iterable[Row], replace: bool, told: Told = lambda stored: None
) -> Stored:
    """Do so with rows that are sealed already, in the caller's transaction and without a trace."""
    units = hold(institution)
    rows = list(rows)
    if not {row.institution for row in rows if row.institution is not None} <= set(units):
        raise Institution.DoesNotExist
    kept: list[int] = []
    added = removed = 0
    with connection.cursor() as cursor:
        cursor.execute(f"{_DROP}, staying")
        cursor.execute(_STAYING)
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            added += _place(cursor, institution, units, some, kept)
            told(start + len(some))
        if replace:
            cursor.execute("ANALYZE staying")
            cursor.execute(_REMOVE_OTHERS, [units])
            removed = cursor.rowcount
        cursor.execute("DROP TABLE staying")
    settle(entries=kept)
    count(institutions=units)
    return Stored(added, len(kept), removed)


def _place(
    cursor: Any, institution: int, units: list[int], rows: Sequence[Row], kept: list[int]
) -> int:
    """Store some of the rows; add to `kept` who was there already, return how many were not."""
    cursor.execute(_INCOMING)
    with cursor.copy("COPY incoming FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(_WANT)
    cursor.execute("ANALYZE incoming, wanted")
    cursor.execute(matching.FIND)
    cursor.execute(_PLACE, {"top": institution, "units": units})
    cursor.execute("CREATE INDEX ON placed (nik_digest); ANALYZE found, placed")
    cursor.execute(_KEEP)
    kept += [entry for (entry,) in cursor.fetchall()]
    cursor.execute(_LEAVE, [units])
    cursor.execute(_ADD)
    added = int(cursor.rowcount)
    cursor.execute(matching.KEEP_FOUND, [units])
    cursor.execute(_STAY)
    cursor.execute(_DROP)
    return added


def remove_entries(*, by: Officer | None, institution: int, entries: Collection[int]) -> int:
    """Take people off the rosters of an institution and its units; return how many were on them.

    Their words are forgotten some days later (`forget_removed`); who is added again before comes
    back as he or she was. Raises turnover.TooManyLeave where too many of them had only just come.
    """
    with turnover.bounded(by=by, institution=institution):
        units = hold(institution)
        on_it = RosterEntry.objects.filter(
            pk__in=entries, institution__in=units, removed_at=None
        ).update(removed_at=Now())
        count(institutions=units)
        found = Institution.objects.get(pk=institution)
        _trace(by, "people_removed", found, removed=on_it, entries=sorted(entries)[:1000])
    return on_it


@transaction.atomic
def forget_removed(*, since: datetime) -> int:
    """Delete who was taken off before that moment; return how many rows. The doer is the site."""
    locks.hold_all_rosters()
    many, _ = RosterEntry.objects.filter(removed_at__lt=since).delete()
    return many


def hold(institution: int) -> list[int]:
    """Lock the rosters of an institution and all below it; return their ids.

    Raises Institution.DoesNotExist, also for a closed one.
    """
    units = list(queries.subtree(institution).values_list("pk", flat=True))
    if not units:
        raise Institution.DoesNotExist
    locks.hold_rosters(units)
    return units


def count(*, institutions: Sequence[int]) -> None:
    """Count these institutions' own rosters anew; the caller holds their locks."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(institutions), list(institutions)])


def _trace(by: Officer | None, verb: str, institution: Institution, **details: object) -> None:
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=str(institution.pk),
        area=institution.area_id or "",
        details=details,
    )
