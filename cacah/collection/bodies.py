"""Reads the bodies of the door's requests: size, JSON, fields and their types."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from cacah.collection.problems import Problem
from cacah.registry.models import Reason

MAX_BYTES = 512 * 1024
# Of a body that is too large this much is read and dropped, so that a device which is still
# sending hears the answer instead of a broken connection.
MAX_DROPPED = 16 * 1024 * 1024
PIECE = 64 * 1024
# No longer number is read: Python refuses to convert very long ones.
MAX_DIGITS = 20
MAX_TEXT = 4096
NUMBER = re.compile(r"[0-9]{16}", re.ASCII)
VILLAGE = re.compile(r"[0-9]{10}", re.ASCII)
REASON = re.compile("|".join(Reason.values), re.ASCII)
KEY = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]", re.ASCII)
SEALED = re.compile(r"[A-Za-z0-9_-]{38,65536}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{16}", re.ASCII)


def is_text(value: Any) -> bool:
    """Tell whether this is a text of a length that anybody would type."""
    return isinstance(value, str) and len(value) <= MAX_TEXT


def matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """Return a test for a text that the whole pattern describes."""
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def line_of(longest: int) -> Callable[[Any], bool]:
    """Return a test for a text that says something, in at most so many characters."""
    return lambda value: isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= longest


def is_family_size(value: Any) -> bool:
    """Tell whether this is a number of people that a family can have."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 60


def is_sealed(value: Any) -> bool:
    """Tell whether this is base64url of an AES-GCM nonce, tag and at most 48 KB."""
    return isinstance(value, str) and len(value) % 4 != 1 and SEALED.fullmatch(value) is not None


def is_version(value: Any) -> bool:
    """Tell whether this is the number of a draft's version, or 0 for none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 - 1


def is_remarks(value: Any) -> bool:
    """Tell whether this maps paths to texts, at most a few for each question of the form."""
    return (
        isinstance(value, dict) and len(value) <= 2000 and all(is_text(v) for v in value.values())
    )


@dataclass(frozen=True, slots=True)
class Field:
    """What a field must be, in words and as a test, and whether it may be left out."""

    is_right: Callable[[Any], bool]
    words: str
    optional: bool = False


RANDOM_KEY = Field(matches(KEY), "22 characters of base64url: 128 random bits")
LOCATOR = Field(matches(KEY), "22 characters of base64url")
SIXTEEN_DIGITS = Field(matches(NUMBER), "16 digits")
TEXT = Field(is_text, "a text")
OPTIONAL_TEXT = Field(is_text, "a text", optional=True)
SHAPES: dict[str, dict[str, Field]] = {
    "identify": {
        "nik": SIXTEEN_DIGITS,
        "kk": SIXTEEN_DIGITS,
        "language": OPTIONAL_TEXT,
        "receipt": OPTIONAL_TEXT,
        "place": OPTIONAL_TEXT,
        "proof": OPTIONAL_TEXT,
    },
    "card": {"session": TEXT, "answer": TEXT, "language": OPTIONAL_TEXT},
    "unlisted": {
        "key": RANDOM_KEY,
        "language": OPTIONAL_TEXT,
        "name": Field(line_of(100), "a text of 1 to 100 characters"),
        "village": Field(matches(VILLAGE), "10 digits"),
        "address": Field(line_of(300), "a text of 1 to 300 characters"),
        "contact": Field(line_of(100), "a text of 1 to 100 characters", optional=True),
        "persons": Field(is_family_size, "a whole number from 1 to 60"),
        "nik": Field(matches(NUMBER), "16 digits", optional=True),
        "kk": Field(matches(NUMBER), "16 digits", optional=True),
        "visit": Field(lambda value: isinstance(value, bool), "true or false"),
        "place": OPTIONAL_TEXT,
        "proof": OPTIONAL_TEXT,
    },
    "unlisted/open": {
        "reference": TEXT,
        "receipt": OPTIONAL_TEXT,
        "language": OPTIONAL_TEXT,
        "place": OPTIONAL_TEXT,
        "proof": OPTIONAL_TEXT,
    },
    "visit": {
        "session": TEXT,
        "reason": Field(matches(REASON), "one of " + ", ".join(Reason.values)),
        "contact": Field(line_of(100), "a text of 1 to 100 characters", optional=True),
        "note": Field(line_of(1000), "a text of 1 to 1000 characters", optional=True),
        "language": OPTIONAL_TEXT,
    },
    "draft": {
        "session": TEXT,
        "locator": LOCATOR,
        "base": Field(is_version, "the number of a version, or 0"),
        "sealed": Field(is_sealed, "base64url of 28 to 49152 bytes", optional=True),
        "remove": Field(lambda value: value is True, "true", optional=True),
        "language": OPTIONAL_TEXT,
    },
    "draft/open": {"session": TEXT, "locator": LOCATOR, "language": OPTIONAL_TEXT},
    "submit": {
        "session": TEXT,
        "key": RANDOM_KEY,
        "instrument": Field(matches(DIGEST), "16 hexadecimal digits"),
        "language": OPTIONAL_TEXT,
        "answers": Field(lambda value: isinstance(value, dict), "an object"),
        "guide": OPTIONAL_TEXT,
        "invitation": OPTIONAL_TEXT,
        "remarks": Field(is_remarks, "an object of texts", optional=True),
    },
}


def read(environ: dict[str, Any], limit: int = MAX_BYTES) -> bytes:
    """Return the request's body; raises Problem(too-large), whatever Content-Length says."""
    source, pieces, size = environ["wsgi.input"], [], 0
    most = min(told_length(environ), limit + 1)
    # A server may give a chunked body chunk by chunk: only an empty piece is its end.
    while size < most and (piece := source.read(most - size)):
        pieces.append(piece)
        size += len(piece)
    if size <= limit:
        return b"".join(pieces)
    for _ in range(MAX_DROPPED // PIECE):
        if not source.read(PIECE):
            break
    raise Problem("too-large", limit_bytes=limit)


def told_length(environ: dict[str, Any]) -> int:
    """Return how many bytes the body has, or more than may be read where that is not told.

    Whoever asks for more than there is waits for the connection's own thread to say that it ends:
    twice a change of threads for each request.
    """
    told = environ.get("CONTENT_LENGTH") or ""
    is_number = told.isascii() and told.isdecimal() and len(told) < MAX_DIGITS
    return int(told) if is_number and "HTTP_TRANSFER_ENCODING" not in environ else MAX_DROPPED


def parse(raw: bytes) -> dict[str, Any]:
    """Return the JSON object; raises Problem(broken-json), also for lone surrogates."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Problem("broken-json") from None
    if not isinstance(body, dict):
        raise Problem("bad-request", problems=[{"path": "", "message": "an object is expected"}])
    return body


def check_shape(route: str, body: dict[str, Any]) -> None:
    """Raise Problem(bad-request) naming every field that is missing, wrong or unknown."""
    shape = SHAPES[route]
    if is_right_shape(shape, body):
        return
    raise Problem("bad-request", problems=what_is_wrong(shape, body))


def what_is_wrong(shape: dict[str, Field], body: dict[str, Any]) -> list[dict[str, str]]:
    """Return path and message of every field that is missing, wrong or unknown, 100 at most."""
    problems = [
        {"path": name[:40], "message": "there is no such field"}
        for name in body
        if name not in shape
    ]
    problems += [
        {"path": name, "message": f"{field.words} is expected"}
        for name, field in shape.items()
        if not (field.optional and body.get(name) is None) and not field.is_right(body.get(name))
    ]
    return problems[:100]


def is_right_shape(shape: dict[str, Field], body: dict[str, Any]) -> bool:
    """Tell whether a body has every field that it must have, each right, and no other."""
    if not body.keys() <= shape.keys():
        return False
    for name, field in shape.items():
        value = body.get(name)
        if not ((value is None and field.optional) or field.is_right(value)):
            return False
    return True


def sealed_draft(text: str) -> bytes:
    """Return the bytes of a draft's `sealed`."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def submission_key(text: str) -> bytes:
    """Return the 16 random bytes of a submission's `key`."""
    return urlsafe_b64decode(text + "==")
