"""Receipts: the number of a submission and the signed text that proves it offline.

The number follows from the device's own submission key, so a retry gets the same receipt to the
letter although the database keeps digests only.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cacah.collection import numbers
from cacah.collection.moments import utc
from cacah.collection.packs.queries import pack_public_key
from cacah.registry.keys import server_keys

SIGNATURE_CHARACTERS = 86
TIME = "%Y%m%dT%H%M%SZ"
# Parts of a signed text that only some have: `u` for unlisted, then `p12` for session pack 12.
TO_BE_VERIFIED = "u"
OF_PACK = re.compile(r"(.+)\.p([1-9][0-9]{0,8})", re.ASCII)


class NotAReceipt(ValueError):
    """The text is no receipt of this census: cut off, changed, or signed by somebody else."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says: that so many people were counted at this time, never who."""

    census: str
    number: str
    issued_at: datetime
    persons: int
    revision: int
    # Of a family that the register does not have; an officer looks at it.
    to_be_verified: bool = False
    # The session pack that signed it where there was no signal, 0 where the centre did.
    pack: int = 0

    @property
    def statement(self) -> str:
        """Return what is signed: number without hyphens, UTC time, persons, revision, marks."""
        number = self.number.replace("-", "")
        time = utc(self.issued_at).replace("-", "").replace(":", "")
        mark = f".{TO_BE_VERIFIED}" if self.to_be_verified else ""
        if self.pack:
            mark += f".p{self.pack}"
        return f"{self.census}.{number}.{time}.{self.persons}.{self.revision}{mark}"

    def as_answer(self, signed: str) -> dict[str, Any]:
        """Return the JSON object of docs/door.md for this receipt."""
        answer: dict[str, Any] = {
            "number": self.number,
            "issued_at": utc(self.issued_at),
            "persons": self.persons,
            "revision": self.revision,
            "census": self.census,
            "signed": signed,
            "verify_url": f"{proofs_url()}/bukti/{signed}",
        }
        if self.to_be_verified:
            answer["to_be_verified"] = True
        if self.pack:
            answer["provisional"] = True
        return answer


def proofs_url() -> str:
    """Return the address of the site on which receipts are checked, without a slash at its end."""
    url: str = settings.CACAH_PROOF_URL or settings.CACAH_PUBLIC_URL
    return url.rstrip("/")


def number_for(submission_key: bytes, household_id: int, revision: int) -> str:
    """Return the receipt number of this submission, the same at every retry."""
    household = household_id.to_bytes(8, "big", signed=True)
    return number_of(submission_key + household + revision.to_bytes(2, "big"), b"number")


def reference_for(key: bytes) -> str:
    """Return the reference number of an unlisted family, the same whenever its device repeats."""
    return number_of(key, b"reference")


def number_of(origin: bytes, purpose: bytes) -> str:
    """Return 60 bits that nobody without our key guesses, spelled to be read out.

    The check symbol is a digit or a letter, so that the number can be read out on the telephone:
    numbers that would end in one of Crockford's five signs are passed over.
    """
    secret = server_keys().receipt_number
    for attempt in range(256):
        digest = blake2b(origin + bytes([attempt]), key=secret, person=purpose, digest_size=8)
        value = int.from_bytes(digest.digest(), "big") >> 4
        if value % numbers.CHECK_MODULUS < len(numbers.ALPHABET):
            break
    return numbers.spell(value)


def number_digest(number: str) -> bytes:
    """Return the 16 bytes under which a receipt is found again; `number` as `spell` writes it."""
    return server_keys().receipt_digest(number)


def submission_key_digest(submission_key: bytes) -> bytes:
    """Return the 16 bytes by which a retry of the same submission is recognised."""
    return server_keys().submission_key_digest(submission_key)


def sign(receipt: Receipt) -> str:
    """Return the compact signed text, about 130 characters that need no escaping in a URL path."""
    statement = receipt.statement
    signature = signing_key().sign(statement.encode())
    return f"{statement}.{spelled(signature)}"


def spelled(signature: bytes) -> str:
    """Return the 64 bytes as 86 characters of base64url."""
    return urlsafe_b64encode(signature).decode().rstrip("=")


def verify(text: str, key: Ed25519PublicKey | None = None) -> Receipt:
    """Return what a signed text (or its whole URL) says; raises NotAReceipt.

    Without a `key` it is that of whoever the text says has signed: this site, or a session pack.
    """
    signed = text.strip().rstrip("/").rsplit("/", 1)[-1]
    try:
        statement, signature = signed.rsplit(".", 1)
        if len(signature) != SIGNATURE_CHARACTERS:
            raise NotAReceipt("the receipt is cut off, or is not one")
        raw = urlsafe_b64decode(signature + "==")
        if signature != spelled(raw):  # base64 has spare bits: one receipt is spelled in one way
            raise NotAReceipt("the receipt is cut off, or is not one")
        own, pack = pack_of(statement)
        (key or key_of(pack)).verify(raw, statement.encode())
        plain = own.removesuffix(f".{TO_BE_VERIFIED}")
        census, number, time, persons, revision = plain.rsplit(".", 4)
        receipt = Receipt(
            census,
            numbers.normalise(number),
            datetime.strptime(time, TIME).replace(tzinfo=UTC),
            int(persons),
            int(revision),
            plain != own,
            pack,
        )
    except InvalidSignature:
        raise NotAReceipt("the signature does not fit: something was changed") from None
    except (ValueError, BadBase64):
        raise NotAReceipt("the receipt is cut off, or is not one") from None
    return receipt


def pack_of(statement: str) -> tuple[str, int]:
    """Return a statement without the mark of a session pack, and the pack's number or 0."""
    marked = OF_PACK.fullmatch(statement)
    return (marked[1], int(marked[2])) if marked else (statement, 0)


def key_of(pack: int) -> Ed25519PublicKey:
    """Return the key of a session pack, 0 for the centre's; raises NotAReceipt for an unknown."""
    if pack == server_keys().pack:
        return public_key()
    raw = pack_public_key(pack)
    if raw is None:
        raise NotAReceipt("no session pack of this census has signed it")
    return Ed25519PublicKey.from_public_bytes(raw)


@cache
def signing_key() -> Ed25519PrivateKey:
    """Return the server's key that signs receipts."""
    return Ed25519PrivateKey.from_private_bytes(server_keys().receipt_signing)


@cache
def public_key() -> Ed25519PublicKey:
    """Return the public half of `signing_key`."""
    return signing_key().public_key()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return the key as PEM, the content of `receipt.public`."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read `receipt.public`; raises ImproperlyConfigured with the remedy where it cannot."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{path} is missing: give the census's receipt.public with --key"
        ) from None
    except ValueError:
        raise ImproperlyConfigured(f"{path} is not a receipt's public key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ImproperlyConfigured(f"{path} is not a receipt's public key")
    return key
