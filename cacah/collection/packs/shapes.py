"""What a session pack may deliver: the fields of each kind of item, and what is read from them."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cacah.collection import numbers
from cacah.collection.bodies import (
    DIGEST,
    MAX_BYTES,
    NUMBER,
    VILLAGE,
    Field,
    is_family_size,
    line_of,
    matches,
    what_is_wrong,
)
from cacah.collection.bodies import REASON as VISIT_REASON
from cacah.registry.keys import server_keys
from cacah.registry.models import Mode

MOST_ITEMS = 50
# A family's 512 KB, sealed and in base64, and what stands around it.
MOST_BYTES = 1024 * 1024
MOST_SEALED = MAX_BYTES + 8 * 1024
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", re.A)
SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.A)
# The digest of a NIK that the centre knows, or a NIK that only the laptop has heard.
PERSON = re.compile(r"[0-9a-f]{32}|[0-9]{16}", re.A)
WORD = re.compile(r"[ -~]{0,40}", re.A)
KEY_BYTES = 16
MOST_PERSONS = 60
# What the database's columns hold.
MOST_REVISIONS = 2**15 - 1
MOST_ID = 2**63 - 1


class Refused(Exception):
    """An item cannot be taken, and why; the others go on."""

    def __init__(self, why: str, **more: Any) -> None:
        super().__init__(why)
        self.why = why
        self.more = more


@dataclass(frozen=True, slots=True)
class Answers:
    """One sealed revision of a family's answers, as the laptop has stored it."""

    household_id: int
    revision: int
    # Whole seconds, as its provisional receipt says them.
    issued_at: datetime
    opened_at: datetime | None
    mode: str
    persons: int
    instrument: str
    number: str
    # The number of the laptop's own receipt that it corrects, if there is one.
    corrects: str | None
    key: bytes
    nik_digests: list[bytes]
    sealed: bytes
    # Its seat in the session, as the laptop says.
    guide: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a family that the register does not have left on the laptop."""

    household_id: int
    reference: str
    area: str
    persons: int
    record: dict[str, Any]
    visit: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """A family that asked on the laptop to be visited."""

    household_id: int
    reason: str
    words: dict[str, str]
    at: datetime


def is_whole(least: int, most: int) -> Callable[[Any], bool]:
    """Return a test for a whole number between two, both included."""
    return lambda value: type(value) is int and least <= value <= most


def is_moment(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """Return a test for a moment of the calendar, written in UTC as the pattern says."""

    def is_right(value: Any) -> bool:
        try:
            return pattern.fullmatch(value) is not None and moment(value) is not None
        except (TypeError, ValueError):
            return False

    return is_right


def moment(text: str) -> datetime:
    """Return a moment in UTC; raises ValueError for one that no calendar has."""
    return datetime.fromisoformat(text)


def is_persons(value: Any) -> bool:
    """Tell whether this names people as digests or NIKs, as many as a family can have."""
    return (
        isinstance(value, list) and len(value) <= MOST_PERSONS and all(map(matches(PERSON), value))
    )


def is_number(value: Any) -> bool:
    """Tell whether this is a receipt number or a reference number."""
    return isinstance(value, str) and len(value) <= 40 and numbers.is_number(value)


def is_base64(least: int, most: int) -> Callable[[Any], bool]:
    """Return a test for standard base64 of so many bytes."""

    def is_right(value: Any) -> bool:
        try:
            return isinstance(value, str) and least <= len(b64decode(value, validate=True)) <= most
        except (BadBase64, ValueError):
            return False

    return is_right


def is_like(shape: Mapping[str, Field]) -> Callable[[Any], bool]:
    """Return a test for an object with these fields and no others."""
    return lambda value: isinstance(value, dict) and not what_is_wrong(dict(shape), value)


def is_people(value: Any) -> bool:
    """Tell whether this is what an unlisted family's record says of one person or a few."""
    return isinstance(value, list) and 1 <= len(value) <= MOST_PERSONS and all(map(person, value))


MOMENT_FIELD = Field(is_moment(MOMENT), "a moment in UTC, YYYY-MM-DDTHH:MM:SSZ")
OPTIONAL_MOMENT = Field(is_moment(MOMENT), "a moment in UTC, YYYY-MM-DDTHH:MM:SSZ", optional=True)
SIXTEEN_DIGITS = Field(matches(NUMBER), "16 digits", optional=True)
OPTIONAL_WORD = Field(matches(WORD), "at most 40 letters", optional=True)
CONTACT = Field(line_of(100), "a text of 1 to 100 characters", optional=True)
HOUSEHOLD = Field(is_whole(-MOST_ID, MOST_ID), "a household's id")
UNLISTED = Field(is_whole(-MOST_ID, -1), "the id of an unlisted household")
PERSONS = Field(is_whole(0, MOST_PERSONS), "a whole number from 0 to 60")
FAMILY_SIZE = Field(is_family_size, "a whole number from 1 to 60")
RECEIPT_NUMBER = Field(is_number, "a number with its check symbol")
person = is_like(
    {"name": Field(line_of(100), "a text of 1 to 100 characters"), "nik": SIXTEEN_DIGITS}
)
RECORD = {
    "address": Field(line_of(300), "a text of 1 to 300 characters"),
    "people": FAMILY_SIZE,
    "persons": Field(is_people, "a list of persons, each with a name and perhaps a NIK"),
    "contact": CONTACT,
    "kk": SIXTEEN_DIGITS,
}
WORDS = {"contact": CONTACT, "note": Field(line_of(1000), "a text", optional=True)}
KIND = Field(lambda value: value in ITEMS, "unlisted, submission, visit or seat")
ITEMS: dict[str, dict[str, Field]] = {
    "unlisted": {
        "kind": KIND,
        "id": UNLISTED,
        "reference": RECEIPT_NUMBER,
        "area": Field(matches(VILLAGE), "10 digits"),
        "persons": FAMILY_SIZE,
        "record": Field(is_like(RECORD), "what the family said of itself"),
        "visit": Field(lambda value: isinstance(value, bool), "true or false"),
        "at": MOMENT_FIELD,
    },
    "submission": {
        "kind": KIND,
        "id": HOUSEHOLD,
        "revision": Field(is_whole(1, MOST_REVISIONS), "a whole number from 1"),
        "issued_at": Field(is_moment(SECOND), "a moment in UTC in whole seconds"),
        "opened_at": OPTIONAL_MOMENT,
        "mode": Field(
            lambda value: value in (Mode.CAWI.value, Mode.GUIDED.value), "cawi or guided"
        ),
        "persons": PERSONS,
        # The centre's own count of the revision before is what counts.
        "persons_before": Field(PERSONS.is_right, PERSONS.words, optional=True),
        "instrument": Field(matches(DIGEST), "16 hexadecimal digits"),
        "number": RECEIPT_NUMBER,
        "corrects": Field(is_number, RECEIPT_NUMBER.words, optional=True),
        "key": Field(is_base64(KEY_BYTES, KEY_BYTES), "base64 of 16 bytes"),
        "niks": Field(is_persons, "a list of digests and NIKs, 60 at most"),
        "sealed": Field(is_base64(1, MOST_SEALED), "base64 of sealed answers"),
        "guide": OPTIONAL_WORD,
    },
    "visit": {
        "kind": KIND,
        "id": HOUSEHOLD,
        "reason": Field(matches(VISIT_REASON), "one of the reasons for a visit"),
        "words": Field(is_like(WORDS), "contact and note", optional=True),
        "at": MOMENT_FIELD,
    },
    "seat": {
        "kind": KIND,
        "number": Field(is_whole(1, 999_999), "a seat's number"),
        "joined_at": MOMENT_FIELD,
        "state": OPTIONAL_WORD,
        "reason": OPTIONAL_WORD,
        "block": OPTIONAL_WORD,
        "id": Field(HOUSEHOLD.is_right, HOUSEHOLD.words, optional=True),
        "submitted_at": OPTIONAL_MOMENT,
    },
}
DELIVERY = {
    "pack": Field(is_whole(1, 999_999_999), "the number of a session pack"),
    "at": MOMENT_FIELD,
    "items": Field(
        lambda value: isinstance(value, list) and len(value) <= MOST_ITEMS,
        f"a list of at most {MOST_ITEMS} items",
    ),
}
MOMENTS = ("at", "issued_at", "opened_at", "joined_at", "submitted_at")


def read(item: Any) -> Answers | Word | Wish | dict[str, Any]:
    """Return what an item says, a seat as it is; raises Refused(bad-item) naming what is wrong."""
    kind = item.get("kind") if isinstance(item, dict) else None
    if not (isinstance(kind, str) and kind in ITEMS):
        problem = {"path": "kind", "message": f"{KIND.words} is expected"}
        raise Refused("bad-item", problems=[problem])
    if wrong := what_is_wrong(ITEMS[kind], item):
        raise Refused("bad-item", problems=wrong)
    said = {name: item.get(name) for name in ITEMS[kind]}
    said |= {name: moment(said[name]) for name in MOMENTS if said.get(name)}
    return READERS[kind](said)


def answers(said: dict[str, Any]) -> Answers:
    """Return a submission."""
    digests = [digest_of(each) for each in said["niks"]]
    return Answers(
        household_id=said["id"],
        revision=said["revision"],
        issued_at=said["issued_at"],
        opened_at=said["opened_at"],
        mode=said["mode"],
        persons=said["persons"],
        instrument=said["instrument"],
        number=numbers.normalise(said["number"]),
        corrects=numbers.normalise(said["corrects"]) if said["corrects"] else None,
        key=b64decode(said["key"]),
        nik_digests=digests,
        sealed=b64decode(said["sealed"]),
        guide=said["guide"] or "",
    )


def digest_of(said: str) -> bytes:
    """Return the digest of a person named by it, or by a NIK."""
    return server_keys().nik_digest(said) if NUMBER.fullmatch(said) else bytes.fromhex(said)


def word(said: dict[str, Any]) -> Word:
    """Return what an unlisted family left; its record as the door would have written it."""
    record = {name: said["record"][name] for name in RECORD if said["record"].get(name)}
    return Word(
        household_id=said["id"],
        reference=numbers.normalise(said["reference"]),
        area=said["area"],
        persons=said["persons"],
        record=record,
        visit=said["visit"],
        at=said["at"],
    )


def wish(said: dict[str, Any]) -> Wish:
    """Return a request for a visit."""
    words = {name: text for name, text in (said["words"] or {}).items() if text}
    return Wish(said["id"], said["reason"], words, said["at"])


READERS: dict[str, Callable[[dict[str, Any]], Answers | Word | Wish | dict[str, Any]]] = {
    "unlisted": word,
    "submission": answers,
    "visit": wish,
    "seat": lambda said: said,
}
