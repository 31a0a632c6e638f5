"""What the plain form knows between two pages: sealed with the server's key, kept by the page.

No cookie, and nothing on the server: each page carries the whole state in a hidden field, and the
next request brings it back (docs/decisions/0016-sealed-state.md).
"""

from __future__ import annotations

import os
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cacah.collection import sessions
from cacah.collection.problems import Problem
from cacah.registry.keys import server_keys

# As long as a draft lives; the session in it ends earlier and can be renewed.
LIFETIME_SECONDS = 14 * 24 * 3600
# Beside the state a page's own fields must fit into a request of 512 KB.
MAX_SEALED = 384 * 1024
MAX_PLAIN = 4 * 1024 * 1024
NONCE_BYTES = 12
FORMAT = b"cacah plain form 1"


class NotAState(ValueError):
    """The text was not sealed by this site's servers, or was changed or cut off on its way."""


class StateExpired(NotAState):
    """It is ours, but older than LIFETIME_SECONDS."""


@dataclass
class State:
    """A family's answers as far as they go, and which page the family is looking at."""

    session: str
    # Of the instrument that the answers belong to.
    digest: str
    # Random, base64url: makes the submission's key unguessable.
    nonce: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    # Whether the family has left word: it comes back with its reference number.
    unlisted: bool = False
    # Paths of the sections that have been seen.
    seen: list[str] = field(default_factory=list)
    # The card question as `identify` gave it, with the name it asks about; None when it is done.
    question: dict[str, Any] | None = None
    # The page: `card`, `tasks`, `section`, `summary`, `confirm`, `identify`, `already`.
    place: str = "tasks"
    section: str = ""
    # The blocks of the section that stand on the page.
    blocks: list[str] = field(default_factory=list)
    back_to_summary: bool = False
    # A place in a guided session and an invitation, as `guide.came_by` gives them.
    came_by: dict[str, str] = field(default_factory=dict)
    # What undoes the last removal, on the page after it.
    removed: dict[str, Any] | None = None


def begin(identified: dict[str, Any], came_by: dict[str, str]) -> State:
    """Return the state of a family that has just found itself; `identified` is the door's 200."""
    nonce = urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
    state = State(identified["session"], identified["instrument"]["digest"], nonce)
    state.question, state.unlisted = named(identified), "reference" in identified
    state.came_by = came_by
    state.place = "card" if state.question else "tasks"
    return state


def named(identified: dict[str, Any]) -> dict[str, Any] | None:
    """Return the card question with the name of the member it is about."""
    question = identified.get("question")
    if not question:
        return None
    person = identified["prefill"]["persons"][question["person"] - 1]
    return {"kind": question["kind"], "name": person.get("name", "")}


def key() -> bytes:
    """Return the 32 bytes that only this site's servers have."""
    secret = server_keys().session
    return blake2b(key=secret, person=b"plain form", digest_size=32).digest()


def seal(state: State, now: float) -> str:
    """Return the state as base64url text for a hidden field; `now` in seconds since 1970.

    Raises Problem(too-large) where it would not fit into a request.
    """
    plain = orjson.dumps(asdict(state))
    expires = int(now + LIFETIME_SECONDS).to_bytes(6, "big")
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key()).encrypt(nonce, expires + zlib.compress(plain, 9), FORMAT)
    text = urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
    if len(text) > MAX_SEALED or len(plain) > MAX_PLAIN:
        raise Problem("too-large", limit_bytes=MAX_SEALED)
    return text


def open_sealed(text: str, now: float) -> State:
    """Undo `seal`; raises NotAState, and StateExpired of one that has grown too old."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"==")
        opened = AESGCM(key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], FORMAT)
    except (ValueError, InvalidTag):
        raise NotAState from None
    if now >= int.from_bytes(opened[:6], "big"):
        raise StateExpired
    return State(**orjson.loads(zlib.decompress(opened[6:])))


def submission_key(state: State) -> str:
    """Return the key under which these very answers are sent.

    The same answers, however often and from whichever page they are sent, get the same receipt;
    other answers get another key, so that a receipt never stands for what was not received.
    """
    revision = sessions.read(state.session).revision
    of = orjson.dumps(
        [state.nonce, revision, state.answers, state.remarks], option=orjson.OPT_SORT_KEYS
    )
    digest = blake2b(of, key=key(), person=b"plain submission", digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
