"""What a pack's laptop has for the centre, and each of it as delivery's JSON.

The stored rows are the outbox: with the pack's key their digests open to what the centre needs.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from cacah.collection.models import Submission
from cacah.collection.moments import utc
from cacah.outreach.models import Seat
from cacah.outreach.models.delivered import Delivered, Kind, Outcome
from cacah.registry.field_keys import FieldKeys
from cacah.registry.models import Case, Household, Mode, Unlisted, VisitRequest

KINDS = list(Kind)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that the centre has not got, as far as is known here."""

    at: datetime
    kind: Kind
    # Delivered.key
    key: bytes
    # The household; of a seat its number.
    id: int
    # Of a submission; 0 for everything else.
    revision: int = 0

    @property
    def place(self) -> tuple[int, int, datetime, int]:
        """Return where it stands: what another thing needs comes before it, whatever the clock."""
        return KINDS.index(self.kind), self.revision, self.at, self.id


def waiting() -> list[Waiting]:
    """Return what the centre has not got, in the order in which it must be given.

    What was refused is among it: the centre may have learnt something since.
    """
    settled = Delivered.objects.exclude(outcome=Outcome.REFUSED).values_list("key", flat=True)
    known = {bytes(key) for key in settled}
    return sorted(
        (each for each in everything() if each.key not in known), key=lambda each: each.place
    )


def everything() -> Iterator[Waiting]:
    """Yield all that this laptop has taken, delivered or not, in no order."""
    # Families leave word meanwhile: what is read after them has all of them.
    said = list(Unlisted.objects.values_list("pk", "at"))
    references = Household.objects.filter(pk__lt=0).values_list("pk", "kk_digest")
    digests = {pk: bytes(digest) for pk, digest in references}
    for pk, at in said:
        yield Waiting(at, Kind.UNLISTED, digests[pk], pk)
    stored = Submission.objects.values_list(
        "issued_at", "receipt_digest", "household_id", "revision"
    )
    for at, digest, household, revision in stored.iterator():
        yield Waiting(at, Kind.SUBMISSION, bytes(digest), household, revision)
    for visit in VisitRequest.objects.iterator():
        yield Waiting(visit.at, Kind.VISIT, named(bytes(visit.sealed)), visit.pk)
    for seat in Seat.objects.iterator():
        yield Waiting(seat.joined_at, Kind.SEAT, named(orjson.dumps(_seat(seat))), seat.number)


def named(content: bytes) -> bytes:
    """Return 16 bytes that tell one state of something from another."""
    return blake2b(content, person=b"cacah item", digest_size=16).digest()


def as_json(batch: Sequence[Waiting], keys: FieldKeys) -> list[dict[str, Any]]:
    """Return each as delivery writes it, in the same order."""
    of_kind = {
        Kind.UNLISTED: _unlisted_families,
        Kind.SUBMISSION: _submissions,
        Kind.VISIT: _visits,
        Kind.SEAT: _seats,
    }
    made: dict[tuple[Kind, int, int], dict[str, Any]] = {}
    for kind, make in of_kind.items():
        wanted = [each for each in batch if each.kind == kind]
        made |= {(kind, *of): item for of, item in make(wanted, keys)} if wanted else {}
    return [{"kind": each.kind.value} | made[each.kind, each.id, each.revision] for each in batch]


Made = Iterable[tuple[tuple[int, int], dict[str, Any]]]


def _unlisted_families(wanted: Sequence[Waiting], keys: FieldKeys) -> Made:
    ids = [each.id for each in wanted]
    households = Household.objects.in_bulk(ids)
    for said in Unlisted.objects.filter(pk__in=ids):
        household = households[said.pk]
        yield (
            (said.pk, 0),
            {
                "id": said.pk,
                "reference": keys.opened_reference(bytes(household.kk_digest)),
                "area": said.area,
                "persons": household.persons,
                "record": keys.open_record(said.pk, bytes(household.record)),
                "visit": said.visit,
                "at": exact(said.at),
            },
        )


def _submissions(wanted: Sequence[Waiting], keys: FieldKeys) -> Made:
    ids = [each.id for each in wanted]
    rows = {
        (row.household_id, row.revision): row
        for row in Submission.objects.filter(household_id__in=ids)
    }
    cases = Case.objects.in_bulk(ids)
    for each in wanted:
        row = rows[each.id, each.revision]
        before = rows.get((each.id, each.revision - 1))
        yield (each.id, each.revision), _submission(row, before, cases[each.id], keys)


def _submission(
    row: Submission, before: Submission | None, case: Case, keys: FieldKeys
) -> dict[str, Any]:
    return {
        "id": row.household_id,
        "revision": row.revision,
        "issued_at": utc(row.issued_at),
        "mode": row.mode,
        "persons": row.persons,
        "instrument": row.instrument,
        "number": receipt_of(row, keys),
        "corrects": receipt_of(before, keys) if before else None,
        "key": text(keys.opened_key(bytes(row.key_digest))),
        "niks": [keys.opened_nik(bytes(digest)) for digest in row.nik_digests],
        "sealed": text(bytes(row.sealed)),
        "guide": case.guide if row.mode == Mode.GUIDED else None,
        "opened_at": exact(case.opened_at),
    }


def receipt_of(row: Submission, keys: FieldKeys) -> str:
    """Return a submission's receipt number, as people have it."""
    return keys.opened_number(bytes(row.receipt_digest))


def _visits(wanted: Sequence[Waiting], keys: FieldKeys) -> Made:
    for visit in VisitRequest.objects.filter(pk__in=[each.id for each in wanted]):
        words = keys.open_record(visit.pk, bytes(visit.sealed))
        said = {"id": visit.pk, "reason": visit.reason, "words": words, "at": exact(visit.at)}
        yield (visit.pk, 0), said


def _seats(wanted: Sequence[Waiting], _keys: FieldKeys) -> Made:
    for seat in Seat.objects.filter(number__in=[each.id for each in wanted]):
        yield (seat.number, 0), _seat(seat)


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "number": seat.number,
        "joined_at": exact(seat.joined_at),
        "state": seat.state,
        "reason": seat.reason,
        "block": seat.block,
        "id": seat.household_id,
        "submitted_at": exact(seat.submitted_at),
    }


def exact(at: datetime | None) -> str | None:
    """Return a moment in UTC to the microsecond."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" if at else None


def text(content: bytes) -> str:
    """Return bytes as base64."""
    return b64encode(content).decode()
