"""Where a family was guided, and who invited it: texts that the room of outreach hands out.

This room only carries them to the case. A place in a guided session is signed, so that nobody can
make one up; what is not right is as good as none, because no family is refused for it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from cacah.registry.keys import server_keys

# The session's code and the number of the seat, as `registry.Case.guide` has them.
SEAT = re.compile(r"[0-9A-Z]{4,12}\.[1-9][0-9]{0,5}", re.ASCII)
INVITATION = re.compile(r"[0-9A-Z]{6,16}", re.ASCII)
MAC_BYTES = 12


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


def mac(seat: str) -> str:
    """Return the 16 characters that only this site's servers can make."""
    key = server_keys().session
    digest = blake2b(seat.encode(), key=key, person=b"guide", digest_size=MAC_BYTES).digest()
    return urlsafe_b64encode(digest).decode()
