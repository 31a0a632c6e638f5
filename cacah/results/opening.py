"""Opens sealed submissions with the statistics office's private key; no other room can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cacah.collection import numbers, receipts
from cacah.collection.models import Beside, Brought, Submission
from cacah.collection.sealing import OfficePrivateKey


class NoSubmission(LookupError):
    """Nothing is stored for that receipt or household."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One family's answers as they were checked and sealed."""

    household_id: int
    revision: int
    issued_at: datetime
    mode: str
    persons: int
    instrument: str
    answers: dict[str, Any]
    remarks: dict[str, str]


def by_receipt(number: str, key: OfficePrivateKey) -> Opened:
    """Open the submission of a receipt number.

    Raises numbers.NotANumber, NoSubmission, or sealing.CannotOpen for another key.
    """
    digest = receipts.number_digest(numbers.normalise(number))
    return opened(Submission.objects.filter(receipt_digest=digest).first(), key)


def by_household(household_id: int, key: OfficePrivateKey) -> list[Opened]:
    """Open every revision of a household, the oldest first; raises as `by_receipt`."""
    found = list(Submission.objects.filter(household_id=household_id).order_by("revision"))
    return [opened(each, key) for each in found or [None]]


def beside(key: OfficePrivateKey) -> Iterator[tuple[Beside, Opened]]:
    """Open what session packs delivered beside the answers that count, in order of delivery.

    A revision of it is another one than the counted revision of that number. Raises as `opened`.
    """
    for each in Beside.objects.order_by("delivered_at", "household_id", "revision").iterator(500):
        yield each, opened(each, key)


def delivered(pack: int, key: OfficePrivateKey) -> Iterator[Opened]:
    """Open the counted answers that a session pack delivered, in order of delivery.

    Whatever the laptop said of seats: so those of a lost one are found. Raises as `opened`.
    """
    told = Brought.objects.filter(pack=pack).order_by("delivered_at", "receipt_digest")
    for digest in told.values_list("pk", flat=True).iterator(500):
        yield opened(Submission.objects.filter(receipt_digest=digest).first(), key)


def opened(submission: Submission | Beside | None, key: OfficePrivateKey) -> Opened:
    """Return what is under the seal; raises NoSubmission or sealing.CannotOpen."""
    if submission is None:
        raise NoSubmission("no submission is stored for it")
    sealed = bytes(submission.sealed)
    inside = key.open(submission.household_id, submission.revision, sealed)
    return Opened(
        household_id=submission.household_id,
        revision=submission.revision,
        issued_at=submission.issued_at,
        mode=submission.mode,
        persons=submission.persons,
        instrument=submission.instrument,
        answers=inside["answers"],
        remarks=inside["remarks"],
    )
