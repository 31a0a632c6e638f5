"""The only writer of the census, of unlisted families and of requests for a visit.

Changes of progress are taken away here too, by whoever counts them. The life of a case is told by
`cases`; the register has its import.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection as django_connection
from django.db import transaction
from psycopg import Connection

from cacah.registry.models import Census, State

# A connection of psycopg's own, as the door has it: nothing of it is Django's.
Rows = Connection[tuple[Any, ...]]

ADD_UNLISTED = """
WITH household AS (
    INSERT INTO registry_household
        (id, kk_digest, area, persons, record, content_digest, source_id)
    VALUES (%(household_id)s, %(reference_digest)b, %(area)s, %(persons)s, %(record)b,
        %(content_digest)b, 0)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, area, persons
), opened AS (
    INSERT INTO registry_case (household_id, area, state, persons, revision, opened_at)
    SELECT id, area, %(state)s, 0, 0, %(at)s FROM household
), listed AS (
    INSERT INTO registry_unlisted (household_id, area, at, visit)
    SELECT id, area, %(at)s, %(visit)s FROM household
), counted AS (
    INSERT INTO registry_progressdelta (area, day, mode, expected_families, expected_persons,
        opened_families, responded_families, responded_persons,
        complete_families, complete_persons, unlisted_families, unlisted_persons, household_id)
    SELECT area, %(day)s, '', 0, 0, 0, 0, 0, 0, 0, 1, persons, id FROM household
)
SELECT count(*) FROM household
"""
KEEP_REFERENCE = """
INSERT INTO registry_fieldreference (digest, household_id)
VALUES (%(digest)b, %(household_id)s) ON CONFLICT DO NOTHING
"""
ASK_FOR_A_VISIT = """
INSERT INTO registry_visitrequest (household_id, area, at, reason, sealed)
SELECT household_id, area, %(at)s, %(reason)s, %(sealed)b
FROM registry_case WHERE household_id = %(household_id)s
ON CONFLICT (household_id) DO UPDATE SET reason = excluded.reason, sealed = excluded.sealed
RETURNING at
"""
# Any number that nobody else locks: one at a time takes deltas.
TAKING = 4_201_701
TAKE_DELTAS = """
DELETE FROM registry_progressdelta WHERE id = ANY(ARRAY(
    SELECT id FROM registry_progressdelta ORDER BY id LIMIT %(most)s
))
RETURNING area, day, mode, household_id,
    coalesce((opened_at AT TIME ZONE %(zone)s)::date, day),
    expected_families, expected_persons, opened_families, responded_families, responded_persons,
    complete_families, complete_persons, unlisted_families, unlisted_persons,
    unverified_families, unverified_persons
"""


class CensusChanges(TypedDict, total=False):
    """What may be set of the census; what is left out stays."""

    code: str
    name: str
    reference_date: date
    opens_at: datetime
    closes_at: datetime
    help_phone: str
    help_hours: str
    help_email: str


# Until somebody says otherwise: the census of 2020, on its historical dates (Jakarta time).
FIRST = CensusChanges(
    code="sp2020",
    name="Sensus Penduduk 2020",
    reference_date=date(2020, 2, 15),
    opens_at=datetime(2020, 2, 14, 17, tzinfo=UTC),
    closes_at=datetime(2020, 5, 29, 17, tzinfo=UTC),
)


def set_census(**changes: Unpack[CensusChanges]) -> Census:
    """Make or change the census; raises ValidationError naming the field, changing nothing."""
    with transaction.atomic():
        census = Census.objects.select_for_update().first() or Census(**FIRST)
        for name, value in changes.items():
            setattr(census, name, value)
        if not re.fullmatch(r"[a-z0-9-]+", census.code):
            # It stands in every receipt and its address.
            raise ValidationError({"code": "small letters, digits and hyphens only"})
        if census.closes_at <= census.opens_at:
            raise ValidationError({"closes_at": "the census must close after it opens"})
        census.full_clean(validate_constraints=False)
        census.save()
    return census


@dataclass(frozen=True, slots=True)
class UnlistedFamily:
    """What an unlisted family left, ready to be stored."""

    household_id: int
    # ServerKeys.reference_digest, from which the id follows.
    reference_digest: bytes
    # A village.
    area: str
    # As it says: 1 to 60.
    persons: int
    # ServerKeys.seal_record and content_digest of its words.
    record: bytes
    content_digest: bytes
    visit: bool


def add_unlisted(connection: Rows, *, family: UnlistedFamily, at: datetime, day: date) -> bool:
    """Store an unlisted family with its case and count it, all or nothing; False on a repeat.

    `day` is the census's own day of `at`. The doer is the family itself.
    """
    values = asdict(family) | {"at": at, "day": day, "state": State.UNLISTED.value}
    row = connection.execute(ADD_UNLISTED, values).fetchone()
    return row is not None and row[0] == 1


def keep_reference(connection: Rows, *, digest: bytes, household_id: int) -> bool:
    """Let a reference number given in the field lead to its family; False if either has another.

    `digest` is ServerKeys.reference_digest. Repeated, it changes nothing.
    """
    connection.execute(KEEP_REFERENCE, {"digest": digest, "household_id": household_id})
    row = connection.execute(
        "SELECT household_id FROM registry_fieldreference WHERE digest = %(digest)b",
        {"digest": digest},
    ).fetchone()
    return row == (household_id,)


def ask_for_a_visit(
    connection: Rows, *, household_id: int, reason: str, sealed: bytes, at: datetime
) -> datetime | None:
    """Note that a family wants to be visited; return when it asked first, None without a case.

    Asked again, reason and words are replaced. `sealed` is ServerKeys.seal_record of them.
    """
    values = {"household_id": household_id, "reason": reason, "sealed": sealed, "at": at}
    row = connection.execute(ASK_FOR_A_VISIT, values).fetchone()
    return row[0] if row else None


class Delta(NamedTuple):
    """One change of progress, as ProgressDelta has it."""

    area: str
    day: date
    mode: str
    household_id: int | None
    # The census's own day on which the family opened its form, `day` where that is not known.
    opened_day: date
    expected_families: int
    expected_persons: int
    opened_families: int
    responded_families: int
    responded_persons: int
    complete_families: int
    complete_persons: int
    unlisted_families: int
    unlisted_persons: int
    unverified_families: int
    unverified_persons: int


def take_one_by_one() -> None:
    """Let nobody else take deltas until the caller's transaction ends; waits for who does now."""
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKING])


def take_deltas(*, most: int = 20_000) -> list[Delta]:
    """Remove the oldest changes of progress, so many at most, and return them.

    They are gone when the caller's transaction commits, and there again when it does not: whoever
    takes them counts them in the same transaction.
    """
    take_one_by_one()
    with django_connection.cursor() as cursor:
        cursor.execute(TAKE_DELTAS, {"most": most, "zone": settings.TIME_ZONE})
        return [Delta(*row) for row in cursor.fetchall()]
