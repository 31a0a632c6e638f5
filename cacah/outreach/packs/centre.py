"""The centre as a laptop reaches it: one connection, opened again whenever it breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import orjson

ROUTE = "/api/pack"
# A link of a few kbit/s carries a batch in this time; one that is dead is given up after it.
PATIENCE_SECONDS = 90.0
LONGEST_ANSWER = 4 * 1024 * 1024
TOLD_TO_WAIT = (429, 502, 503, 504)
# One of the items may be the cause: it is found by sending them apart.
ABOUT_THE_CONTENT = (400, 413, 422, 500)


class NoAddress(ValueError):
    """This is no address to which a pack may be delivered; the message says what would be."""


class Unheard(Exception):
    """The centre was not reached, or did not answer: later it may."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        # Seconds that the centre has asked for.
        self.wait = wait


class TurnedAway(Exception):
    """The centre does not take this pack; the message says why."""


class Indigestible(Exception):
    """The centre could not read a body; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Centre:
    """The intake of `docs/door.md` at an address such as `https://sensus.example`."""

    address: str
    _line: HTTPConnection | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NoAddress(f"{self.address} is no address: https://… is expected.")
        if parts.scheme == "http" and not is_here(parts.hostname):
            raise NoAddress(
                f"{self.address} is not encrypted: names and NIKs would be read on the way. "
                "Give an address that begins with https://."
            )

    def hand_over(self, body: bytes, signature: str) -> list[dict[str, Any]]:
        """Return the outcome of each item; raises Unheard, TurnedAway or Indigestible."""
        try:
            answer = self._post(body, signature)
            # Read whole before the line is used again.
            content = answer.read(LONGEST_ANSWER)
        except (OSError, HTTPException) as problem:
            self.hang_up()
            raise Unheard(str(problem) or type(problem).__name__) from None
        if answer.will_close:
            self.hang_up()
        return outcomes_of(answer, content)

    def hang_up(self) -> None:
        """Close the connection; the next body opens another."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def _post(self, body: bytes, signature: str) -> HTTPResponse:
        parts = urlsplit(self.address)
        if self._line is None:
            kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
            self._line = kind(str(parts.hostname), parts.port, timeout=PATIENCE_SECONDS)
        headers = {"Content-Type": "application/json", "X-Cacah-Signature": signature}
        self._line.request("POST", parts.path.rstrip("/") + ROUTE, body, headers)
        return self._line.getresponse()


def outcomes_of(answer: HTTPResponse, content: bytes) -> list[dict[str, Any]]:
    """Return what an answer says of each item; raises as `Centre.hand_over` does."""
    said = read(content)
    if answer.status == 200 and isinstance(said.get("outcomes"), list):
        return list(said["outcomes"])
    code = said.get("code") if isinstance(said.get("code"), str) else ""
    if answer.status in TOLD_TO_WAIT:
        raise Unheard(f"the centre is busy ({answer.status})", seconds(answer))
    if answer.status in ABOUT_THE_CONTENT and code:
        raise Indigestible(str(code))
    if answer.status == 403 and code == "pack-unknown":
        raise TurnedAway(
            "The centre takes nothing of this pack: it was withdrawn, or prepared somewhere else."
        )
    if 300 <= answer.status < 400:
        elsewhere = answer.getheader("Location", "another address")
        raise TurnedAway(f"This address leads to {elsewhere}: give the right one with --to.")
    # A hotspot that wants a password answers for everybody; a site of another kind does, too.
    raise Unheard(f"something that is not the centre has answered ({answer.status})")


def read(content: bytes) -> dict[str, Any]:
    """Return a JSON object; an empty one for anything that is none."""
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def seconds(answer: HTTPResponse) -> float:
    """Return how long the centre asks to wait, five minutes at most."""
    told = answer.getheader("Retry-After") or ""
    return min(float(told), 300.0) if told.isascii() and told.isdecimal() else 0.0


def is_here(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
