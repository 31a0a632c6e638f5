"""Receipts that people hand in instead of being looked up by NIK: typed, scanned or pasted."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from cacah.collection import actions as collecting
from cacah.collection import guesses, numbers
from cacah.collection import queries as collected
from cacah.collection import receipts as proofs
from cacah.institutions.actions.receipts import HandedIn, ReceiptTaken, bind_receipt
from cacah.staff.models import Officer

# What a QR code holds is about 200 characters.
LONGEST = 500


class Refused(Exception):
    """A receipt is not taken; `code` says why, `wait` for how many seconds nothing is tried."""

    def __init__(self, code: str, wait: int = 0) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait


def hand_in(*, by: Officer, institution: int, entry: int, given: str) -> None:
    """Bind the receipt that a person hands in to his or her entry on the roster.

    Raises Refused: `slow` while wrong guesses are being slowed, `number` for what is no receipt
    number, `signature` for a forged or damaged code, `unknown` where there is no such receipt,
    `used` where it was handed in before; RosterEntry.DoesNotExist.
    """
    now = datetime.now(UTC)
    key = guesses.handed_in_key(by.pk)
    wait = collected.failures(key, now=now).wait(guesses.HANDED_IN, now)
    if wait:
        raise Refused("slow", wait)
    number = read(given)
    holder = collected.holder(number)
    if holder is None:
        count_wrong(key, now)
        raise Refused("unknown")
    receipt = HandedIn(proofs.number_digest(number), holder)
    try:
        bind_receipt(by=by, institution=institution, entry=entry, receipt=receipt)
    except ReceiptTaken:
        raise Refused("used") from None


def read(given: str) -> str:
    """Return the number of a receipt, from itself or from what its QR code holds.

    Raises Refused; neither a slip of the pen nor a broken signature counts as a guess.
    """
    text = given.strip()[:LONGEST].rstrip("/")
    try:
        return numbers.normalise(text.rsplit("/", 1)[-1])
    except numbers.NotANumber:
        if len(text) < proofs.SIGNATURE_CHARACTERS:
            raise Refused("number") from None
    try:
        return proofs.verify(text).number
    except proofs.NotAReceipt:
        raise Refused("signature") from None


def count_wrong(key: bytes, now: datetime) -> None:
    """Count a wrong guess at once, outside of any transaction that might be undone."""
    connection.ensure_connection()
    keys = {key: guesses.HANDED_IN.forgotten_after}
    collecting.count_failures(connection.connection, keys=keys, at=now)
