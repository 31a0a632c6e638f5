"""Takes in what session packs deliver: each item once, however it is repeated or broken off.

A pack is a laptop that took answers where there was no signal. It signs each delivery; an item that
cannot be taken is named, and the others go on.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DataError, IntegrityError, transaction

from cacah.collection import bodies, forgetting, intake, receipts
from cacah.collection.models import Pack
from cacah.collection.packs import actions, queries, shapes
from cacah.collection.packs.shapes import Answers, Wish, Word
from cacah.collection.packs.shapes import Refused as Refused
from cacah.collection.problems import Problem
from cacah.collection.receipts import Receipt
from cacah.registry.queries import census

# Given a pack and a seat, as docs/door.md has it with moments read, stores the seat: "stored" or
# "again"; raises Refused. It runs in the item's own transaction.
SeatTaker = Callable[[Pack, dict[str, Any]], str]
_seat_takers: list[SeatTaker] = []
# Given a pack's number and how many of its items had which outcome, writes the trail.
Listener = Callable[[int, Counter[str]], None]
_listeners: list[Listener] = []


def take_seats_with(taker: SeatTaker) -> None:
    """Let the room that keeps seats take those that packs deliver; it says so when it starts."""
    _seat_takers[:] = [taker]


def tell_of_deliveries(listener: Listener) -> None:
    """Let the room that prepares packs hear of each delivery; it says so when it starts."""
    _listeners[:] = [listener]


def take(raw: bytes, signature: str) -> dict[str, Any]:
    """Return what became of each item of a delivery, in its order, as docs/door.md has it.

    Raises Problem for a delivery that is not a pack's own, or that cannot be read.
    """
    body = bodies.parse(raw)
    if wrong := bodies.what_is_wrong(shapes.DELIVERY, body):
        raise Problem("bad-request", problems=wrong)
    check_signature(body["pack"], raw, signature)
    now = datetime.now(UTC)
    outcomes = [outcome_of(body["pack"], item, now) for item in body["items"]]
    for listener in _listeners:
        listener(body["pack"], Counter(each["outcome"] for each in outcomes))
    return {"outcomes": outcomes}


def check_signature(pack: int, raw: bytes, signature: str) -> None:
    """Raise Problem(pack-unknown) unless the pack has signed these very bytes."""
    key = queries.pack_public_key(pack)
    try:
        if key is None or queries.revoked_at(pack):
            raise Problem("pack-unknown")
        Ed25519PublicKey.from_public_bytes(key).verify(urlsafe_b64decode(signature + "=="), raw)
    except (InvalidSignature, ValueError):
        raise Problem("pack-unknown") from None


def outcome_of(pack_id: int, item: Any, now: datetime) -> dict[str, Any]:
    """Take one item and return its outcome; raises Problem(pack-unknown) for a revoked pack."""
    try:
        read = shapes.read(item)
        with transaction.atomic():
            outcome = take_item(actions.hold(pack_id=pack_id), read, now)
    except Refused as refusal:
        return {"outcome": "refused", "why": refusal.why} | refusal.more
    except (DataError, IntegrityError):
        return {"outcome": "refused", "why": "not-storable"}
    if not isinstance(read, Answers) or outcome == "beside":
        return {"outcome": outcome}
    forgetting.answered(read.household_id)
    return {"outcome": outcome, "signed": signed(read.number)}


def take_item(pack: Pack, item: Answers | Word | Wish | dict[str, Any], now: datetime) -> str:
    """Store an item in the transaction that the caller holds; raises Refused."""
    if isinstance(item, Answers):
        return actions.take_answers(pack=pack, answers=item, at=now)
    if isinstance(item, Word):
        return actions.take_word(pack=pack, word=item, at=now)
    if isinstance(item, Wish):
        return actions.take_wish(pack=pack, wish=item, at=now)
    if not _seat_takers:
        raise Refused("seats-unknown")
    return _seat_takers[0](pack, item)


def signed(number: str) -> str:
    """Return the centre's own receipt of delivered answers, which replaces the provisional one."""
    said = queries.counted(receipts.number_digest(number))
    receipt = Receipt(
        census().code, number, said.issued_at, said.persons, said.revision, said.to_be_verified
    )
    return intake.signed(receipt).text
