"""What may be asked of session packs: their keys, and where a number that they gave has come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cacah.collection.models import Beside, Brought, Pack, Submission

Outcome = Literal["stored", "again", "beside"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answers of a receipt number lie: counted (`again`), or beside those that are."""

    outcome: Outcome
    # The household's id and the revision that they are or were to be.
    revision: tuple[int, int]


def pack_public_key(number: int) -> bytes | None:
    """Return the 32 bytes of a pack's Ed25519 key, also of one that was revoked; else None."""
    found = Pack.objects.filter(pk=number).values_list("public_key", flat=True).first()
    return None if found is None else bytes(found)


def revoked_at(number: int) -> datetime | None:
    """Return since when a pack is withdrawn; None where it is not."""
    return Pack.objects.filter(pk=number).values_list("revoked_at", flat=True).first()


def place_of(receipt_digest: bytes) -> Place | None:
    """Return where the answers of a receipt lie, None where they have not come."""
    counted = Submission.objects.filter(receipt_digest=receipt_digest)
    if found := counted.values_list("household_id", "revision").first():
        return Place("again", found)
    beside = Beside.objects.filter(pk=receipt_digest)
    if found := beside.values_list("household_id", "revision").first():
        return Place("beside", found)
    return None


def bringer_of(receipt_digest: bytes) -> int | None:
    """Return the number of the pack that delivered counted answers; None where none did."""
    return Brought.objects.filter(pk=receipt_digest).values_list("pack_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Counted:
    """What the receipt of a counted submission says of it."""

    issued_at: datetime
    persons: int
    revision: int
    to_be_verified: bool


def counted(receipt_digest: bytes) -> Counted:
    """Return what the centre's receipt of a submission says; raises Submission.DoesNotExist."""
    found = Submission.objects.values_list("issued_at", "persons", "revision", "to_be_verified")
    issued_at, persons, revision, to_be_verified = found.get(receipt_digest=receipt_digest)
    return Counted(issued_at.astimezone(UTC), persons, revision, to_be_verified)
