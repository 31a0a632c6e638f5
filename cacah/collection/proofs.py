"""What a proof of completion is worth, whether this site gave it or a laptop without a signal."""

from __future__ import annotations

from typing import Any

from cacah.collection import intake, numbers, queries, receipts
from cacah.collection.packs.queries import bringer_of, place_of, revoked_at
from cacah.collection.receipts import Receipt
from cacah.registry.keys import server_keys


def checked(code: str) -> dict[str, Any]:
    """Return the `outcome` for a number or a signed text, and what anybody may know of it.

    `found` says number, time and people where something may be said, `final` is this site's signed
    text for a laptop's proof. Outcomes: `found`; `provisional`, the answers are still on a laptop;
    `beside`, kept but not counted; `withdrawn`, with the laptop; `unknown`; `mistyped`; `forged`.
    """
    try:
        receipt = receipts.verify(code) if "." in code else None
        found = queries.verify(receipt.number if receipt else code)
    except numbers.NotANumber:
        return {"outcome": "mistyped"}
    except receipts.NotAReceipt:
        return {"outcome": "forged"}
    if found is None:
        number = receipt.number if receipt else numbers.normalise(code)
        return not_counted(number, receipt if receipt and receipt.pack else None)
    if receipt and is_anothers(receipt):
        return {"outcome": "forged"}
    if server_keys().pack:
        return {"outcome": "provisional", "found": found, "is_signed": receipt is not None}
    return {"outcome": "found", "found": found, "final": final(receipt) if receipt else ""}


def not_counted(number: str, given: Receipt | None) -> dict[str, Any]:
    """Return the outcome for a number that is not counted; `given` is a laptop's proof of it."""
    if place_of(receipts.number_digest(number)):
        return {"outcome": "beside"}
    if given is None:
        return {"outcome": "unknown"}
    if revoked_at(given.pack):
        return {"outcome": "withdrawn"}
    return {"outcome": "provisional", "found": given, "is_signed": True}


def is_anothers(receipt: Receipt) -> bool:
    """Tell whether a laptop has signed for counted answers that it has not delivered.

    A lost one can sign whatever number it has seen; it gets no signature of the centre for that.
    """
    if not receipt.pack or server_keys().pack or not queries.verify(receipt.number):
        return False
    return bringer_of(receipts.number_digest(receipt.number)) != receipt.pack


def final(receipt: Receipt) -> str:
    """Return this site's own signed text for a laptop's proof whose answers have arrived, else "".

    `receipt` as `receipts.verify` gives it: only whoever holds a signature gets another one.
    """
    found = queries.verify(receipt.number) if receipt.pack and not server_keys().pack else None
    if found is None:
        return ""
    said = (found.issued_at, found.persons, found.revision, found.to_be_verified)
    return intake.signed(Receipt(receipt.census, found.number, *said)).text
