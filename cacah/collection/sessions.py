"""Session tokens: signed, stateless, and good for one household, revision and instrument.

A token is 27 packed bytes, 4 for each registered NIK, and a keyed BLAKE2b over them; the server
keeps nothing of it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from struct import Struct

from cacah.registry.keys import server_keys
from cacah.registry.models import Mode

# household, revision, persons counted by it, member who identified, mode, card, begun, instrument
PACKED = Struct(">qHHBBBI8s")
MAC_BYTES = 16
# A stranger's NIK passes for a member's once in hundreds of millions of times.
PREFIX_BYTES = 4
MODES = (Mode.CAWI.value, Mode.GUIDED.value, Mode.CAPI.value, Mode.ODK.value)
# Long enough to fill in a form in a village without a signal and send it from the next market.
LIFETIME_SECONDS = 7 * 24 * 3600


class NotASession(ValueError):
    """The token was not made by this site's servers, or was changed on its way."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a family's device may do: submit the revision after `revision` of this household."""

    household_id: int
    # The case's revision when the session began, and the people whom that revision counted.
    revision: int
    persons_before: int
    # Position in the register's record of the person whose NIK was given.
    identified: int
    # Seconds since 1970, UTC.
    begun: int
    # 16 hex digits.
    instrument: str
    mode: str = Mode.CAWI.value
    card_answered: bool = False
    # The first 4 bytes of the digest of each NIK that the register has for the household.
    registered: bytes = b""

    def foreign(self, nik_digests: list[bytes]) -> list[bytes]:
        """Return those of these digests that the register does not have for the household."""
        known = self.registered
        return [digest for digest in nik_digests if digest[:PREFIX_BYTES] not in known]

    def expires(self) -> int:
        """Return when the session ends, in seconds since 1970, UTC."""
        return self.begun + LIFETIME_SECONDS


def prefixes(niks: Iterable[str]) -> bytes:
    """Return `Session.registered` for these NIKs."""
    digests = server_keys().nik_digests([nik.encode() for nik in niks])
    return b"".join([digest[:PREFIX_BYTES] for digest in digests])


def issue(session: Session) -> str:
    """Return the token of a session, URL-safe."""
    packed = PACKED.pack(
        session.household_id,
        session.revision,
        session.persons_before,
        session.identified,
        MODES.index(session.mode),
        session.card_answered,
        session.begun,
        bytes.fromhex(session.instrument),
    )
    packed += session.registered
    return urlsafe_b64encode(packed + mac(packed)).decode().rstrip("=")


def read(token: str) -> Session:
    """Return the session of a token, expired or not; raises NotASession if it is not ours."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"==")
    except ValueError:
        raise NotASession from None
    packed, given = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if len(packed) < PACKED.size or not compare_digest(mac(packed), given):
        raise NotASession
    household_id, revision, persons, identified, mode, card, begun, instrument = PACKED.unpack_from(
        packed
    )
    return Session(
        household_id=household_id,
        revision=revision,
        persons_before=persons,
        identified=identified,
        begun=begun,
        instrument=instrument.hex(),
        mode=MODES[mode],
        card_answered=bool(card),
        registered=packed[PACKED.size :],
    )


def mac(packed: bytes) -> bytes:
    """Return the 16 bytes that only this site's servers can make."""
    return blake2b(
        packed, key=server_keys().session, person=b"session", digest_size=MAC_BYTES
    ).digest()
