"""What wrong guesses cost: growing delays for a NIK and a network, then proof of work.

Success writes nothing. A network is a /24 or a /48, because a provider puts a whole town behind one
address: its delays are short, and a proof of work lifts them. A NIK's delay is lifted by nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from typing import Any

from altcha import v1 as altcha
from django.conf import settings

from cacah.registry.keys import server_keys


@dataclass(frozen=True, slots=True)
class Limit:
    """After `free` failures each further one doubles the delay; from `proof_from` on, work too."""

    free: int
    first_delay: int
    longest_delay: int
    proof_from: int
    forgotten_after: timedelta

    def delay(self, failures: int) -> int:
        """Return the seconds between the last failure and the next try."""
        if failures <= self.free:
            return 0
        return int(
            min(self.first_delay * 2 ** min(failures - self.free - 1, 20), self.longest_delay)
        )


NIK = Limit(3, 5, 900, 8, timedelta(days=1))
NETWORK = Limit(30, 2, 60, 60, timedelta(hours=1))
# A minute at most, and no proof of work: a code of 60 bits is not found at this pace either, and
# whoever has only the family's two numbers shall not keep it from its own draft for longer.
DRAFT = Limit(5, 2, 60, 0, timedelta(days=1))
# Of receipts that an officer enters for others; slips of the pen are none, the check symbol shows
# them, and nobody finds 60 bits at this pace.
HANDED_IN = Limit(5, 5, 900, 0, timedelta(days=1))
# Of families that an officer looks up for callers: slips of the pen are many in a day of calls,
# and every pair that belongs to nobody stands in the audit trail besides.
LOOKED_UP = Limit(20, 10, 300, 0, timedelta(hours=1))
CARD_TRIES = 3
CARD_FORGOTTEN_AFTER = timedelta(days=1)
# Hashes a device tries on average are half of this; 0.2 to 2 seconds on a cheap phone.
EASIEST, HARDEST = 50_000, 1_000_000
PROOF_LIFETIME = timedelta(minutes=20)
# Who has no script cannot prove work and waits instead: one such try a minute for each network,
# which is as seldom as the longest delay of a network without a proof.
PATIENCE = timedelta(minutes=1)
PATIENT = "waited."


@dataclass(frozen=True, slots=True)
class Count:
    """Failures counted under one key, and when the last one was."""

    failures: int
    last_at: datetime

    def wait(self, limit: Limit, now: datetime) -> int:
        """Return for how many whole seconds more a try is refused."""
        delay = limit.delay(self.failures)
        # Servers' clocks differ: where nothing is to be waited for, a future failure costs nothing.
        if not delay:
            return 0
        until = self.last_at + timedelta(seconds=delay)
        return max(0, -int((now - until).total_seconds() // 1))


NOTHING = Count(0, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a try may be made now: `wait` seconds first, and with a proof of work or without."""

    wait: int
    needs_proof: bool
    difficulty: int


def judge(nik: Count, network: Count, now: datetime, *, proven: bool) -> Verdict:
    """Weigh both counters; `proven` says that a valid proof of work came with this try."""
    nik_wait, network_wait = nik.wait(NIK, now), network.wait(NETWORK, now)
    asked = nik.failures >= NIK.proof_from or network.failures >= NETWORK.proof_from
    wait = nik_wait if proven else max(nik_wait, network_wait)
    beyond = max(nik.failures - NIK.proof_from, network.failures - NETWORK.proof_from, 0)
    return Verdict(
        wait=wait,
        needs_proof=(asked or network_wait > 0) and not proven,
        difficulty=min(EASIEST * (1 + beyond // 4), HARDEST),
    )


def nik_key(nik_digest: bytes) -> bytes:
    """Return the key under which failures with one NIK are counted."""
    return b"n" + nik_digest


def network_key(address: str) -> bytes:
    """Return the key of the address's /24 or /48; the network itself is not kept."""
    digest = blake2b(
        network_of(address), key=server_keys().lookup, person=b"network", digest_size=16
    )
    return b"w" + digest.digest()


def unlisted_key(address: str) -> bytes:
    """Return the key under which the unlisted families of a network are counted, as `NETWORK`."""
    return b"u" + network_key(address)[1:]


def card_key(household_id: int) -> bytes:
    """Return the key under which a household's wrong answers to the card question are counted."""
    return _key_of(b"c", household_id, b"card")


def draft_key(household_id: int) -> bytes:
    """Return the key under which wrong locators of a household's drafts are counted."""
    return _key_of(b"d", household_id, b"draft")


def handed_in_key(officer_id: int) -> bytes:
    """Return the key under which wrong receipts that one officer enters are counted."""
    return _key_of(b"h", officer_id, b"handed in")


def looked_up_key(officer_id: int) -> bytes:
    """Return the key under which families that one officer looked for in vain are counted."""
    return _key_of(b"o", officer_id, b"looked up")


def _key_of(letter: bytes, number: int, purpose: bytes) -> bytes:
    of = number.to_bytes(8, "big", signed=True)
    return letter + blake2b(of, key=server_keys().lookup, person=purpose, digest_size=16).digest()


def network_of(address: str) -> bytes:
    """Return the first 3 bytes of an IPv4 or 6 of an IPv6 address; b"" for what is neither."""
    try:
        parsed = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return b""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return parsed.packed[:6]
        parsed = parsed.ipv4_mapped
    return parsed.packed[:3]


def client_address(environ: dict[str, Any]) -> str:
    """Return who asks: the peer, or what the outermost of our own proxies saw."""
    peer: str = environ.get("REMOTE_ADDR") or ""
    proxies: int = settings.CACAH_TRUSTED_PROXIES
    if proxies <= 0:
        return peer
    seen = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return seen[-proxies] if len(seen) >= proxies else peer


def challenge(nik: bytes, network: bytes, difficulty: int, now: datetime) -> dict[str, Any]:
    """Return an ALTCHA challenge (SHA-256) that only a try with this NIK and network can use."""
    options = altcha.ChallengeOptions(
        hmac_key=proof_secret(nik, network), max_number=difficulty, expires=now + PROOF_LIFETIME
    )
    made: dict[str, Any] = altcha.create_challenge(options).to_dict()
    return made


def is_proof(proof: str, nik: bytes, network: bytes) -> bool:
    """Tell whether this is a solution, not yet expired, of one of our challenges for this try.

    A ticket of `patience` that has been waited for counts as one.
    """
    if proof.startswith(PATIENT):
        return has_waited(proof, network, datetime.now(UTC))
    try:
        right, _ = altcha.verify_solution(proof, proof_secret(nik, network), True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return bool(right)


def patience(network: bytes, now: datetime) -> str:
    """Return a ticket that stands for a proof of work once PATIENCE has passed."""
    begun = str(int(now.timestamp()))
    return f"{PATIENT}{begun}.{patience_mac(network, begun)}"


def has_waited(ticket: str, network: bytes, now: datetime) -> bool:
    """Tell whether a ticket is ours, for this network, waited for and not too old."""
    begun, _, mac = ticket.removeprefix(PATIENT).partition(".")
    if not compare_digest(mac.encode(), patience_mac(network, begun).encode()):
        return False
    return PATIENCE <= now - datetime.fromtimestamp(int(begun), UTC) <= PROOF_LIFETIME


def patience_mac(network: bytes, begun: str) -> str:
    """Return what only this site's servers can write on a ticket."""
    key = server_keys().session
    return blake2b(network + begun.encode(), key=key, person=b"patience").hexdigest()


def proof_key(proof: str, network: bytes, now: datetime) -> bytes:
    """Return the key under which a proof is spent: each opens one try.

    Of all the tickets of a network one a minute can be spent, however many were waited for.
    """
    if proof.startswith(PATIENT):
        minute = int(now.timestamp() / PATIENCE.total_seconds()).to_bytes(8, "big")
        return b"p" + hashlib.blake2b(b"patience" + network + minute, digest_size=16).digest()
    try:
        salt = altcha.Payload.from_base64(proof).salt
    except (ValueError, KeyError, TypeError, AttributeError):
        salt = proof
    return b"p" + hashlib.blake2b(str(salt).encode(), digest_size=16).digest()


def proof_secret(nik: bytes, network: bytes) -> str:
    """Return the HMAC key of challenges for one NIK and network."""
    return blake2b(nik + network, key=server_keys().session, person=b"altcha").hexdigest()
