"""Verbs of receipts that people hand in instead of being looked up by their NIK."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from cacah.collection.queries import Holder
from cacah.institutions import sealing
from cacah.institutions.actions import locks, matching
from cacah.institutions.actions.people import held_entry, stand, trace_entry
from cacah.institutions.actions.roster import count
from cacah.institutions.models import Finding, Institution, RosterEntry, Standing, Way
from cacah.registry.keys import DIGEST_BYTES
from cacah.registry.models import Case
from cacah.staff.models import Officer


class ReceiptTaken(Exception):
    """Somebody has handed in this receipt already, or as many of its family as it counts people."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A receipt that was found: the digest of its number, and whose it is."""

    digest: bytes
    holder: Holder


@transaction.atomic
def add_by_name(*, by: Officer, institution: int, name: str, number: str = "") -> RosterEntry:
    """Put a person without a NIK on a roster, to be followed by receipt; `number`: staff number.

    Raises Institution.DoesNotExist, also for a closed one.
    """
    where = Institution.objects.get(pk=institution, closed_at=None)
    locks.hold_rosters([institution])
    # Nobody's: no NIK has this digest, so that nothing is found by it.
    digest = os.urandom(DIGEST_BYTES)
    words: sealing.Words = {"name": " ".join(name.split()), "nik": "", "number": number.strip()}
    entry = RosterEntry.objects.create(
        institution=where,
        nik_digest=digest,
        sealed=sealing.seal(digest, words),
        state=Standing.NOT_YET,
        by_receipt=True,
    )
    count(institutions=[institution])
    trace_entry(by, "person_added_by_name", entry)
    return entry


@transaction.atomic
def wait_for_receipt(*, by: Officer, institution: int, entry: int) -> None:
    """Look a person up by NIK no more: until a receipt is handed in, nothing is known.

    Raises RosterEntry.DoesNotExist.
    """
    found = held_entry(institution=institution, entry=entry)
    if not found.by_receipt:
        _forget_findings(found)
        trace_entry(by, "receipt_awaited", found)


def look_up_again(*, by: Officer, institution: int, entry: int) -> None:
    """Undo `wait_for_receipt` and `bind_receipt`: who has a NIK is found by it again.

    Raises RosterEntry.DoesNotExist.
    """
    with transaction.atomic():
        found = held_entry(institution=institution, entry=entry)
        if not found.by_receipt:
            return
        named = bool(sealing.opened(bytes(found.nik_digest), bytes(found.sealed))["nik"])
        Finding.objects.filter(entry=found).delete()
        RosterEntry.objects.filter(pk=entry).update(receipt_digest=None, by_receipt=not named)
        stand(found)
        trace_entry(by, "receipt_given_back", found)
    if named:  # it locks all rosters, which must not come after one
        matching.rematch_institution(institution=found.institution_id)


def bind_receipt(*, by: Officer, institution: int, entry: int, receipt: HandedIn) -> None:
    """Let a receipt say that a person has taken part, and nothing else any more.

    It stays with this one entry, until that person leaves the roster. Raises ReceiptTaken,
    RosterEntry.DoesNotExist.
    """
    try:
        with transaction.atomic():
            found = held_entry(institution=institution, entry=entry)
            _free(receipt)
            if _is_spent(receipt):
                raise ReceiptTaken
            _forget_findings(found)
            Finding.objects.create(
                entry=found, household_id=receipt.holder.household_id, way=Way.RECEIPT
            )
            RosterEntry.objects.filter(pk=entry).update(receipt_digest=receipt.digest)
            stand(found)
            trace_entry(by, "receipt_handed_in", found)
    except IntegrityError:  # handed in elsewhere at the same moment
        raise ReceiptTaken from None


def _forget_findings(entry: RosterEntry) -> None:
    """Let nothing but a receipt speak for a person, who is asked again if he or she was exempt."""
    Finding.objects.filter(entry=entry).delete()
    RosterEntry.objects.filter(pk=entry.pk).update(
        by_receipt=True, receipt_digest=None, exempt_reason="", state=Standing.NOT_YET
    )
    stand(entry)


def _free(receipt: HandedIn) -> None:
    """Take the receipt off somebody who has left the roster since."""
    gone = RosterEntry.objects.filter(
        Q(receipt_digest=receipt.digest) | Q(findings__household_id=receipt.holder.household_id),
        receipt_digest__isnull=False,
        removed_at__isnull=False,
    )
    ids = list(gone.values_list("pk", flat=True))
    Finding.objects.filter(entry__in=ids, way=Way.RECEIPT).delete()
    RosterEntry.objects.filter(pk__in=ids).update(receipt_digest=None)


def _is_spent(receipt: HandedIn) -> bool:
    """Tell whether it is bound, or its family's receipts have found as many as it counts people."""
    # One receipt of a family after the other.
    list(Case.objects.select_for_update().filter(pk=receipt.holder.household_id).values_list("pk"))
    if RosterEntry.objects.filter(receipt_digest=receipt.digest).exists():
        return True
    family = Finding.objects.filter(household_id=receipt.holder.household_id, way=Way.RECEIPT)
    return family.count() >= receipt.holder.persons
