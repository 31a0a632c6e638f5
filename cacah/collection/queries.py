"""What the door and other rooms may ask of the collection room; none of it opens a seal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from cacah.collection import numbers, receipts
from cacah.collection.guesses import NOTHING, Count
from cacah.collection.models import Guess, Submission
from cacah.collection.statements import (
    BYTEA,
    INT8,
    TIMESTAMPTZ,
    OfHousehold,
    Rows,
    read_int,
    read_moment,
)
from cacah.registry.keys import unlisted_id_of

# The household is found by its id in one partition; a wrong NIK and an unknown family give the same
# row of nulls after the same look-ups.
FIND_FAMILY = OfHousehold(
    b"door_find_family",
    """
SELECT nik.failures, nik.last_at, network.failures, network.last_at, family.*
FROM (SELECT 1) AS one
LEFT JOIN collection_guess nik
    ON nik.key = %(nik_key) AND nik.expires_at > %(now)
LEFT JOIN collection_guess network
    ON network.key = %(network_key) AND network.expires_at > %(now)
LEFT JOIN (
    SELECT c.state, c.revision, c.persons, c.submitted_at, p.position, c.area, h.record
    FROM registry_household_{part} h, registry_person_{part} p, registry_case_{part} c
    WHERE h.id = %(household_id) AND h.kk_digest = %(kk_digest)
        AND p.household_id = %(household_id) AND p.nik_digest = %(nik_digest)
        AND c.household_id = %(household_id)
) AS family ON true
""",
    {
        "household_id": INT8,
        "kk_digest": BYTEA,
        "nik_digest": BYTEA,
        "nik_key": BYTEA,
        "network_key": BYTEA,
        "now": TIMESTAMPTZ,
    },
)
FIND_UNLISTED = """
SELECT coalesce(typed.failures, 0), typed.last_at, coalesce(network.failures, 0), network.last_at,
    family.*
FROM (SELECT 1) AS one
LEFT JOIN collection_guess typed
    ON typed.key = %(typed_key)b::bytea AND typed.expires_at > %(now)s
LEFT JOIN collection_guess network
    ON network.key = %(network_key)b::bytea AND network.expires_at > %(now)s
LEFT JOIN (
    SELECT c.state, c.revision, c.persons, c.submitted_at, 0, c.area, h.record
    FROM registry_household h JOIN registry_case c ON c.household_id = h.id
    WHERE h.id = %(household_id)s::int8
) AS family ON true
"""
FIND_FIELD_REFERENCE = """
SELECT household_id FROM registry_fieldreference WHERE digest = %(digest)b::bytea
"""
WANTED = ("household_id", "nik_digest", "kk_digest", "nik_key", "network_key")
FIND_CARD = """
SELECT h.record, h.area, coalesce(tries.failures, 0), tries.expires_at
FROM registry_household h
LEFT JOIN collection_guess tries ON tries.key = %(card_key)b::bytea AND tries.expires_at > %(now)s
WHERE h.id = %(household_id)s::int8
"""
FIND_STORED = """
SELECT issued_at, persons, key_digest, to_be_verified FROM collection_submission
WHERE household_id = %(household_id)s::int8 AND revision = %(revision)s::int2
"""
FIND_DRAFT = """
SELECT registry_case.revision, coalesce(wrong.failures, 0), wrong.last_at,
    (SELECT count(*) FROM collection_draft
     WHERE household_id = %(household_id)s::int8 AND slot <= %(places)s),
    kept.version, kept.saved_at, CASE WHEN kept.version <> %(base)s THEN kept.sealed END
FROM registry_case
LEFT JOIN collection_guess wrong
    ON wrong.key = %(wrong_key)b::bytea AND wrong.expires_at > %(now)s
LEFT JOIN collection_draft kept
    ON kept.household_id = %(household_id)s::int8 AND kept.locator_digest = %(locator)b::bytea
    AND kept.revision = %(revision)s AND kept.saved_at > %(since)s
WHERE registry_case.household_id = %(household_id)s::int8
"""
HAS_RECEIPT = """
SELECT count(*) FROM collection_submission
WHERE household_id = %(household_id)s::int8 AND receipt_digest = %(receipt_digest)b::bytea
"""


@dataclass(frozen=True, slots=True)
class Family:
    """What the door needs of a household that was found; `record` is still encrypted."""

    state: str
    revision: int
    persons: int
    submitted_at: datetime | None
    # Position in the record of the person whose NIK was given.
    position: int
    area: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """The counters of wrong guesses, and the family if both numbers belong together."""

    nik: Count
    network: Count
    family: Family | None


@dataclass(frozen=True, slots=True)
class Card:
    """A household's encrypted record, its area, and the wrong answers to its question lately."""

    record: bytes
    area: str
    failures: int
    # Until when the wrong answers count; None where there are none.
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft is looked for, by whom, and the version that the device knows (0: none)."""

    household_id: int
    # The case's revision that the draft follows, and the locator's digest.
    revision: int
    locator: bytes
    base: int
    # In how many of the household's places this session may put a draft.
    places: int
    # guesses.draft_key of the household.
    wrong_key: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft; `sealed` is None where the device has this version already."""

    version: int
    saved_at: datetime
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Draw:
    """What a place holds, beside the case's revision, wrong locators lately, and places taken."""

    revision: int
    wrong: Count
    taken: int
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What a stored submission says of its receipt."""

    issued_at: datetime
    persons: int
    key_digest: bytes
    to_be_verified: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody may know of a receipt number: when, and how many people; never who."""

    number: str
    issued_at: datetime
    persons: int
    revision: int
    # The family has corrected its answers since; a newer receipt counts.
    superseded: bool
    # The register does not have the family, and no officer had been there.
    to_be_verified: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """The household whose receipt somebody holds, and how many people that submission counts."""

    household_id: int
    persons: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Two numbers as digests, and under which counters a wrong guess would count."""

    household_id: int
    nik_digest: bytes
    kk_digest: bytes
    nik_key: bytes
    network_key: bytes


def find_families(connection: Rows, *, wanted: Sequence[Wanted], now: datetime) -> list[Found]:
    """Look families up, each with both counters in one indexed query, all in one round trip."""
    rows = [{name: getattr(one, name) for name in WANTED} | {"now": now} for one in wanted]
    return [found_in(result.get_value) for result in FIND_FAMILY.run_all(connection, rows)]


def found_in(value: Callable[[int, int], bytes | None]) -> Found:
    """Return what FIND_FAMILY found, from its only row."""
    return Found(
        nik=count_of(value(0, 0), value(0, 1)),
        network=count_of(value(0, 2), value(0, 3)),
        family=family_of([value(0, column) for column in range(4, 11)]),
    )


def household_of(connection: Rows, *, reference_digest: bytes) -> int:
    """Return the id that an unlisted family of this reference number has, if there is one."""
    row = connection.execute(FIND_FIELD_REFERENCE, {"digest": reference_digest}).fetchone()
    return int(row[0]) if row else unlisted_id_of(reference_digest)


def find_unlisted(
    connection: Rows, *, household_id: int, counters: tuple[bytes, bytes], now: datetime
) -> Found:
    """Look an unlisted family up by the id that follows from its reference, with both counters."""
    values = {
        "household_id": household_id,
        "typed_key": counters[0],
        "network_key": counters[1],
        "now": now,
    }
    row = connection.execute(FIND_UNLISTED, values, binary=True).fetchone()
    if row is None:
        return Found(NOTHING, NOTHING, None)
    return Found(
        nik=Count(row[0], row[1]) if row[0] else NOTHING,
        network=Count(row[2], row[3]) if row[2] else NOTHING,
        family=Family(*row[4:]) if row[4] else None,
    )


def count_of(failures: bytes | None, last_at: bytes | None) -> Count:
    """Return a counter of wrong guesses from its two columns."""
    if failures is None or last_at is None:
        return NOTHING
    return Count(read_int(failures), read_moment(last_at))


def family_of(columns: list[bytes | None]) -> Family | None:
    """Return the family of FIND_FAMILY's last seven columns, None where they are null."""
    state, revision, persons, submitted_at, position, area, record = columns
    if not (state and revision and persons and position and area and record):
        return None
    return Family(
        state=state.decode(),
        revision=read_int(revision),
        persons=read_int(persons),
        submitted_at=None if submitted_at is None else read_moment(submitted_at),
        position=read_int(position),
        area=area.decode(),
        record=record,
    )


def find_card(
    connection: Rows, *, household_id: int, card_key: bytes, now: datetime
) -> Card | None:
    """Return what the card question needs, None for a household that is not registered."""
    row = connection.execute(
        FIND_CARD,
        {"household_id": household_id, "card_key": card_key, "now": now},
        binary=True,
    ).fetchone()
    return Card(*row) if row else None


def find_draft(connection: Rows, *, place: Place, now: datetime, since: datetime) -> Draw | None:
    """Look for a draft last saved after `since`; None for a household that is not registered."""
    values = asdict(place) | {"now": now, "since": since}
    row = connection.execute(FIND_DRAFT, values, binary=True).fetchone()
    if row is None:
        return None
    revision, failures, last_at, taken, version, saved_at, sealed = row
    return Draw(
        revision=revision,
        wrong=Count(failures, last_at) if failures else NOTHING,
        taken=taken,
        kept=None if version is None else Kept(version, saved_at, sealed),
    )


def find_stored(connection: Rows, *, household_id: int, revision: int) -> Stored | None:
    """Return the submission of that revision, if there is one."""
    row = connection.execute(
        FIND_STORED, {"household_id": household_id, "revision": revision}, binary=True
    ).fetchone()
    return Stored(*row) if row else None


def has_receipt(connection: Rows, *, household_id: int, number: str) -> bool:
    """Tell whether this receipt number, as `numbers.spell` writes it, is the household's own."""
    row = connection.execute(
        HAS_RECEIPT,
        {"household_id": household_id, "receipt_digest": receipts.number_digest(number)},
    ).fetchone()
    return row is not None and row[0] > 0


def verify(number: str) -> Verification | None:
    """Say what may be said of a receipt number typed by anybody; None if there is none.

    Raises numbers.NotANumber where it cannot be one, by its check symbol for example.
    """
    spelled = numbers.normalise(number)
    found = (
        Submission.objects.filter(receipt_digest=receipts.number_digest(spelled))
        .values_list("household_id", "revision", "issued_at", "persons", "to_be_verified")
        .first()
    )
    if found is None:
        return None
    household_id, revision, issued_at, persons, to_be_verified = found
    newer = Submission.objects.filter(household_id=household_id, revision__gt=revision)
    at, superseded = issued_at.astimezone(UTC), newer.exists()
    return Verification(spelled, at, persons, revision, superseded, to_be_verified)


def holder(number: str) -> Holder | None:
    """Return whose receipt it is, None where there is none; `number` as `numbers.spell` writes it.

    For a room that keeps the household's id to itself, and slows wrong guesses (`failures`).
    """
    return holder_of(receipts.number_digest(number))


def holder_of(digest: bytes) -> Holder | None:
    """Return whose receipt it is, None where there is none; `digest` by `receipts.number_digest`.

    The digest outlasts the number, of which a room above keeps nothing.
    """
    found = Submission.objects.filter(receipt_digest=digest)
    row = found.values_list("household_id", "persons").first()
    return Holder(*row) if row else None


def failures(key: bytes, *, now: datetime) -> Count:
    """Return what was guessed wrong lately under one of the keys of `guesses`."""
    found = Guess.objects.filter(key=key, expires_at__gt=now).values_list("failures", "last_at")
    row = found.first()
    return Count(*row) if row else NOTHING
