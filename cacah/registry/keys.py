"""The server's own keys, and the digests and seals of the register that are made with them.

A NIK or a KK number is kept as a keyed BLAKE2b digest, names and addresses under AES-256-GCM, so
that a stolen database lists nobody. The statistics office's key pair is another matter: its
private half never comes here (see `cacah.collection.sealing`).
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DIGEST_BYTES = 16
SECRETS = ("lookup", "register", "session", "receipt_number", "receipt_signing")


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """Five secrets of 32 bytes each; `receipt_signing` is an Ed25519 private key's seed."""

    # The number of the session pack whose keys these are; 0 at the centre.
    pack: ClassVar[int] = 0

    lookup: bytes
    register: bytes
    session: bytes
    receipt_number: bytes
    receipt_signing: bytes

    def nik_digest(self, nik: str) -> bytes:
        """Return the 16-byte digest under which a NIK of 16 digits is looked up."""
        return blake2b(nik.encode(), key=self.lookup, person=b"nik", digest_size=16).digest()

    def nik_digests(self, niks: Iterable[bytes]) -> list[bytes]:
        """Return `nik_digest` of each, in half the time."""
        return self._digests(b"nik", niks)

    def kk_digests(self, kks: Iterable[bytes]) -> list[bytes]:
        """Return `kk_digest` of each, in half the time."""
        return self._digests(b"kk", kks)

    def _digests(self, purpose: bytes, numbers: Iterable[bytes]) -> list[bytes]:
        return digests(blake2b(key=self.lookup, person=purpose, digest_size=16), numbers)

    def kk_digest(self, kk: str) -> bytes:
        """Return the 16-byte digest under which a KK number of 16 digits is looked up."""
        return blake2b(kk.encode(), key=self.lookup, person=b"kk", digest_size=16).digest()

    def reference_digest(self, reference: str) -> bytes:
        """Return the 16-byte digest under which an unlisted family's reference is looked up."""
        person = b"reference"
        return blake2b(
            reference.encode(), key=self.lookup, person=person, digest_size=DIGEST_BYTES
        ).digest()

    def receipt_digest(self, number: str) -> bytes:
        """Return the 16-byte digest under which a receipt is found; `XXXX-XXXX-XXXX-C`."""
        return blake2b(
            number.encode(), key=self.receipt_number, person=b"receipt", digest_size=DIGEST_BYTES
        ).digest()

    def submission_key_digest(self, submission_key: bytes) -> bytes:
        """Return the 16-byte digest by which a retry of the same submission is recognised."""
        key, person = self.receipt_number, b"idempotency"
        return blake2b(submission_key, key=key, person=person, digest_size=DIGEST_BYTES).digest()

    def seal_record(self, household_id: int, record: dict[str, Any]) -> bytes:
        """Encrypt what the register says of a household: 12-byte nonce, then AES-GCM."""
        nonce = os.urandom(12)
        bound_to = household_id.to_bytes(8, "big", signed=True)
        return nonce + AESGCM(self.register).encrypt(nonce, orjson.dumps(record), bound_to)

    def seal_many(self) -> Callable[[int, bytes], bytes]:
        """Return `seal_record` for many records that are JSON in UTF-8 already.

        It draws its nonces by the thousand: a call of the system for each would cost the register
        import more than the encryption does.
        """
        aead = AESGCM(self.register)
        nonces: Iterator[bytes] = iter(())

        def seal(household_id: int, record: bytes) -> bytes:
            nonlocal nonces
            if (nonce := next(nonces, None)) is None:
                drawn = os.urandom(12 * 1000)
                nonces = iter([drawn[at : at + 12] for at in range(0, len(drawn), 12)])
                nonce = next(nonces)
            return nonce + aead.encrypt(nonce, record, household_id.to_bytes(8, "big"))

        return seal

    def content_digest(self, content: bytes) -> bytes:
        """Return the 16-byte digest that tells two states of a household's record apart."""
        return self.content_digests([content])[0]

    def content_digests(self, contents: Iterable[bytes]) -> list[bytes]:
        """Return `content_digest` of each."""
        return digests(blake2b(key=self.register, person=b"content", digest_size=16), contents)

    def open_record(self, household_id: int, sealed: bytes) -> dict[str, Any]:
        """Undo `seal_record`; raises cryptography's InvalidTag on another household's record."""
        bound_to = household_id.to_bytes(8, "big", signed=True)
        plain = AESGCM(self.register).decrypt(sealed[:12], sealed[12:], bound_to)
        record: dict[str, Any] = orjson.loads(plain)
        return record


def digests(keyed: blake2b, texts: Iterable[bytes]) -> list[bytes]:
    """Return the digest of each text, from a copy of the state into which the key is worked."""
    fresh = keyed.copy
    made = []
    for text in texts:
        digest = fresh()
        digest.update(text)
        made.append(digest.digest())
    return made


def household_id_of(kk_digest: bytes) -> int:
    """Return the household's id, 63 bits of its KK digest.

    The id follows from the KK number so that the door's look-up goes straight to one partition.
    Among 70 million households the chance that any two share an id is below 0.03 %; the import
    rejects the second, because the whole digest is compared too.
    """
    return int.from_bytes(kk_digest[:8], "big") >> 1


def unlisted_id_of(reference_digest: bytes) -> int:
    """Return an unlisted household's id: negative, so that it is never a registered one's."""
    return -1 - household_id_of(reference_digest)


def is_unlisted(household_id: int) -> bool:
    """Tell whether a household came without the register, for as long as there is a census."""
    return household_id < 0


def create_server_keys(directory: Path) -> Path:
    """Write fresh server keys; raises FileExistsError rather than replace keys in use."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / "server.json"
    secrets = {name: b64encode(os.urandom(32)).decode() for name in SECRETS}
    secrets["django"] = b64encode(os.urandom(48)).decode()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(secrets, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return path


@cache
def server_keys() -> ServerKeys:
    """Read the server's keys; raises ImproperlyConfigured where there are none."""
    if settings.CACAH_PACK:
        from cacah.registry.field_keys import field_keys

        return field_keys()
    path = settings.CACAH_KEYS / "server.json"
    try:
        secrets = json.loads(path.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(f"{path} is missing: run `cacah keys create` first") from None
    return ServerKeys(**{name: b64decode(secrets[name]) for name in SECRETS})
