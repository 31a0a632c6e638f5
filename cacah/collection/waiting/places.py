"""Places in the waiting room: a signed moment of arrival, so that giving one asks no database.

A place is 12 packed bytes and a keyed BLAKE2b over them. It holds nothing of who waits, and every
server of the site can read it, before and after a restart.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from itertools import count
from os import getpid
from struct import Struct, error

from cacah.registry.keys import server_keys

# arrival in microseconds since 1970 on the site's clock, and what tells two of one moment apart
PACKED = Struct(">QI")
MAC_BYTES = 12
# The token's length: 24 bytes in base64url without padding.
LENGTH = 32

_serial = count()


@dataclass(frozen=True, slots=True)
class Place:
    """When somebody arrived, in microseconds since 1970 on the site's clock."""

    arrived: int
    serial: int


def new(arrived: int) -> Place:
    """Return a place of its own for somebody who arrives now."""
    return Place(arrived, (getpid() << 20 | next(_serial) & 0xFFFFF) & 0xFFFFFFFF)


def issue(place: Place) -> str:
    """Return the token of a place, URL-safe."""
    packed = PACKED.pack(place.arrived, place.serial)
    return urlsafe_b64encode(packed + mac(packed)).decode()


def read(token: str) -> Place | None:
    """Return the place of a token, None if no server of this site made it."""
    if len(token) != LENGTH:
        return None
    try:
        raw = urlsafe_b64decode(token)
        packed = raw[: PACKED.size]
        if not compare_digest(mac(packed), raw[PACKED.size :]):
            return None
        return Place(*PACKED.unpack(packed))
    except (ValueError, error):
        return None


def mac(packed: bytes) -> bytes:
    """Return the bytes that only this site's servers can make."""
    return blake2b(
        packed, key=server_keys().session, person=b"place", digest_size=MAC_BYTES
    ).digest()
