"""Where a family was guided, and who invited it: texts that the room of outreach hands out.

This room only carries them to the case. A place in a guided session is signed, so that nobody can
make one up; what is not right is as good as none, because no family is refused for it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import blake2b
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from cacah.registry.keys import server_keys

# The session's code and the number of the seat, as `registry.Case.guide` has them.
SEAT = re.compile(r"[0-9A-Z]{4,12}\.[1-9][0-9]{0,5}", re.ASCII)
INVITATION = re.compile(r"[0-9A-Z]{6,16}", re.ASCII)
MAC_BYTES = 12
# Names of both in an address, and in a page that has no state yet.
SEAT_NAME, INVITATION_NAME = "sesi", "ajakan"

# Takes a seat, the part of the form that it has open, whether it calls; returns the guide's hint.
Listener = Callable[[str, str, bool], str]
_listeners: list[Listener] = []


def token(seat: str) -> str:
    """Return the text by which a device proves that it has this seat, URL-safe; `CODE.12`."""
    if not SEAT.fullmatch(seat):
        raise ValueError("a seat is the session's code, a full stop and a number")
    return f"{seat}.{mac(seat)}"


def seat_of(text: Any) -> str:
    """Return the seat of a token, empty for anything that this site has not signed."""
    if not isinstance(text, str) or not text.isascii():
        return ""
    seat, _, given = text.rpartition(".")
    return seat if SEAT.fullmatch(seat) and compare_digest(mac(seat), given) else ""


def invitation_of(text: Any) -> str:
    """Return the code of an invitation, empty for what can be none."""
    return text if isinstance(text, str) and INVITATION.fullmatch(text) else ""


def came_by(given: Mapping[str, str]) -> dict[str, str]:
    """Return the seat's token and the invitation that an address or a page names, where right."""
    seat, invitation = given.get(SEAT_NAME, ""), invitation_of(given.get(INVITATION_NAME))
    found = {SEAT_NAME: seat if seat_of(seat) else "", INVITATION_NAME: invitation}
    return {name: text for name, text in found.items() if text}


def as_query(carried: Mapping[str, str]) -> str:
    """Return what `came_by` has found as the end of an address, empty for nothing."""
    return "?" + urlencode(carried) if carried else ""


def as_fields(carried: Mapping[str, str]) -> dict[str, str]:
    """Return what `came_by` has found as the fields of `submit`."""
    names = {SEAT_NAME: "guide", INVITATION_NAME: "invitation"}
    return {names[name]: text for name, text in carried.items()}


def listen(listener: Listener) -> None:
    """Let the room that keeps seats hear how far they are; it does so once, when it starts."""
    _listeners.append(listener)


def tell(token: str, block: str, *, wanted: bool = False) -> str:
    """Tell how far a seat is that has no script to do so; return the guide's hint."""
    seat = seat_of(token)
    hints = [hear(seat, block, wanted) for hear in _listeners] if seat else []
    return next(filter(None, hints), "")


def mac(seat: str) -> str:
    """Return the 16 characters that only this site's servers can make."""
    key = server_keys().session
    digest = blake2b(seat.encode(), key=key, person=b"guide", digest_size=MAC_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
