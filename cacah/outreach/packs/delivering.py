"""Hands over to the centre what a pack's laptop has taken; may be broken off and begun again.

The centre takes each thing once, so whatever is not known to have arrived is simply sent again.
"""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cacah.collection.moments import utc
from cacah.outreach.actions.delivered import note
from cacah.outreach.models.delivered import Outcome
from cacah.outreach.packs.centre import Indigestible, Unheard
from cacah.outreach.packs.items import Waiting, as_json, waiting
from cacah.registry.field_keys import FieldKeys

MOST_ITEMS = 50
MOST_BYTES = 400_000
# Waits after tries in vain that follow each other, in seconds; after the last one it is given up.
PATIENCE = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0)


class Intake(Protocol):
    """What delivery needs of the centre (`centre.Centre`)."""

    def hand_over(self, body: bytes, signature: str) -> list[dict[str, Any]]: ...


class BrokenOff(Exception):
    """There is no signal (any more); the message says what the last try met."""


@dataclass
class Delivery:
    """One run: to whom, with which keys, and what has become of what so far."""

    centre: Intake
    pack: int
    keys: FieldKeys
    pause: Callable[[float], None] = time.sleep
    tell: Callable[[int, int], None] = lambda done, of: None
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def run(self) -> None:
        """Hand over all that waits; raises BrokenOff, and centre.TurnedAway."""
        there = waiting()
        done = 0
        self.tell(done, len(there))
        for batch, items in batches(there, self.keys):
            self.hand_over(batch, items)
            done += len(batch)
            self.tell(done, len(there))

    def hand_over(self, batch: Sequence[Waiting], items: Sequence[bytes]) -> None:
        """Hand over a batch, and apart where something in it cannot be read."""
        try:
            outcomes = self.until_heard(items)
        except Indigestible as problem:
            if len(batch) > 1:
                half = len(batch) // 2
                self.hand_over(batch[:half], items[:half])
                self.hand_over(batch[half:], items[half:])
                return
            outcomes = [{"outcome": Outcome.REFUSED.value, "why": problem.code}]
        self.outcomes += note(batch, outcomes, at=datetime.now(UTC))

    def until_heard(self, items: Sequence[bytes]) -> list[dict[str, Any]]:
        """Return what the centre says of these; raises BrokenOff where it stays silent."""
        for wait in (*PATIENCE, None):
            try:
                outcomes = self.centre.hand_over(*self.signed(items))
                if len(outcomes) != len(items):
                    raise Unheard("the centre's answer does not fit what was sent")
                return outcomes
            except Unheard as problem:
                if wait is None:
                    raise BrokenOff(str(problem)) from None
                self.pause(max(wait, problem.wait))
        raise AssertionError("the last wait is none")

    def signed(self, items: Sequence[bytes]) -> tuple[bytes, str]:
        """Return the body that holds these items, and the pack's signature of it."""
        head = orjson.dumps({"pack": self.pack, "at": utc(datetime.now(UTC))})
        body = head[:-1] + b',"items":[' + b",".join(items) + b"]}"
        key = Ed25519PrivateKey.from_private_bytes(self.keys.receipt_signing)
        return body, urlsafe_b64encode(key.sign(body)).decode().rstrip("=")


def batches(
    there: Sequence[Waiting], keys: FieldKeys
) -> Iterator[tuple[list[Waiting], list[bytes]]]:
    """Yield what waits in bodies of a good size, in order; what is larger goes alone."""
    batch: list[Waiting] = []
    items: list[bytes] = []
    for start in range(0, len(there), MOST_ITEMS):
        some = there[start : start + MOST_ITEMS]
        for each, item in zip(some, map(orjson.dumps, as_json(some, keys)), strict=True):
            size = sum(map(len, items)) + len(item)
            if batch and (len(batch) == MOST_ITEMS or size > MOST_BYTES):
                yield batch, items
                batch, items = [], []
            batch.append(each)
            items.append(item)
    if batch:
        yield batch, items
