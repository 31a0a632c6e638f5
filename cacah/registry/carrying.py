"""Takes registered households along to a laptop without a signal, and puts them into its register.

What is carried is opened with the servers' keys, and sealed again under the laptop's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone
from psycopg import Cursor

from cacah.registry.keys import server_keys
from cacah.registry.models import RegisterImport
from cacah.registry.queries import within

AT_ONCE = 500
_IN_AREA = """
SELECT household_id FROM registry_case
WHERE area BETWEEN %s AND %s AND household_id >= 0 ORDER BY household_id LIMIT %s
"""
_THOSE_IN = """
SELECT household_id FROM registry_case WHERE household_id = ANY(%s) AND area LIKE ANY(%s)
"""
_READ = """
SELECT h.id, h.kk_digest, c.area, h.persons, h.record, c.state, c.mode, c.persons, c.revision,
    c.opened_at, c.submitted_at,
    ARRAY(SELECT nik_digest FROM registry_person p WHERE p.household_id = h.id ORDER BY position)
FROM registry_household h JOIN registry_case c ON c.household_id = h.id
WHERE h.id = ANY(%s) AND h.id >= 0 ORDER BY h.id
"""
_HOUSEHOLDS = """
COPY registry_household (id, kk_digest, area, persons, record, content_digest, source_id)
FROM STDIN
"""
_PERSONS = "COPY registry_person (household_id, position, nik_digest) FROM STDIN"
_CASES = """
COPY registry_case (household_id, area, state, mode, persons, revision, opened_at, submitted_at)
FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """A registered household with its case; digests are the servers' own, as hex digits."""

    id: int
    kk_digest: str
    area: str
    # People on the card.
    expected: int
    # The register's record, opened; with the KK number as `kk`, or it could not be found again.
    record: dict[str, Any]
    # Of each person, in the order of the record.
    niks: list[str]
    state: str
    mode: str | None
    # People counted by the last answers, and how many revisions there were.
    persons: int
    revision: int
    opened_at: datetime | None
    submitted_at: datetime | None

    def as_line(self) -> bytes:
        """Return it as one line of JSON."""
        return orjson.dumps(self)

    @classmethod
    def of_line(cls, line: bytes) -> Carried:
        """Undo `as_line`."""
        values = orjson.loads(line)
        for name in ("opened_at", "submitted_at"):
            values[name] = values[name] and datetime.fromisoformat(values[name])
        return cls(**values)


def ids_in(area: str, *, most: int) -> list[int]:
    """Return the registered households of an area (undotted code), so many at most."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_AREA, [*within(area), most])
        return [row[0] for row in cursor.fetchall()]


def those_in(household_ids: Sequence[int], areas: Sequence[str]) -> list[int]:
    """Return those of these households that live in one of these areas; "" is the nation."""
    with connection.cursor() as cursor:
        cursor.execute(_THOSE_IN, [list(household_ids), [f"{area}%" for area in areas]])
        return [row[0] for row in cursor.fetchall()]


def carried(household_ids: Sequence[int]) -> Iterator[Carried | None]:
    """Yield these households opened, some hundred at a time; None for one without its KK number.

    Such a one came into the register before that was kept. Whoever asks keeps the trace.
    """
    keys = server_keys()
    for at in range(0, len(household_ids), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_READ, [list(household_ids[at : at + AT_ONCE])])
            rows = cursor.fetchall()
        for row in rows:
            pk, digest, area, expected, sealed, state, mode, persons, revision, *rest = row
            opened_at, submitted_at, niks = rest
            record = keys.open_record(pk, bytes(sealed))
            if keys.kk_digest(record.get("kk") or "") != bytes(digest):
                yield None
                continue
            yield Carried(
                id=pk,
                kk_digest=bytes(digest).hex(),
                area=area,
                expected=expected,
                record=record,
                niks=[bytes(nik).hex() for nik in niks],
                state=state,
                mode=mode,
                persons=persons,
                revision=revision,
                opened_at=opened_at,
                submitted_at=submitted_at,
            )


@transaction.atomic
def put(households: Iterable[Carried]) -> int:
    """Put carried households into an empty register, all or nothing; return how many.

    The doer is whoever loads the pack.
    """
    now = timezone.now()
    source = RegisterImport.objects.create(
        as_of=now.date(), finished_at=now, families_new=0, families_updated=0, persons=0,
        families_unchanged=0, families_kept=0, families_rejected=0, rows_rejected=0,
    )  # fmt: skip
    many = people = 0
    chunk: list[Carried] = []
    for each in households:
        chunk.append(each)
        many, people = many + 1, people + each.expected
        if len(chunk) == AT_ONCE:
            _copy(chunk, source.pk)
            chunk = []
    _copy(chunk, source.pk)
    RegisterImport.objects.filter(pk=source.pk).update(families_new=many, persons=people)
    return many


def _copy(households: Sequence[Carried], source: int) -> None:
    keys = server_keys()
    with connection.cursor() as wrapped:
        cursor: Cursor[tuple[object, ...]] = wrapped.cursor
        with cursor.copy(_HOUSEHOLDS) as copy:
            for each in households:
                record, plain = keys.seal_record(each.id, each.record), orjson.dumps(each.record)
                digests = bytes.fromhex(each.kk_digest), keys.content_digest(plain)
                row = (each.id, digests[0], each.area, each.expected, record, digests[1], source)
                copy.write_row(row)
        with cursor.copy(_PERSONS) as copy:
            for each in households:
                for position, nik in enumerate(each.niks, start=1):
                    copy.write_row((each.id, position, bytes.fromhex(nik)))
        with cursor.copy(_CASES) as copy:
            for each in households:
                counted = (each.mode, each.persons, each.revision)
                moments = (each.opened_at, each.submitted_at)
                copy.write_row((each.id, each.area, each.state, *counted, *moments))
