"""The keys of a laptop that serves a session without a signal (docs/decisions/0035).

What the census's own servers keep as digests is kept here as one block of AES under a key of the
pack, so that whoever has the passphrase can undo it when everything is delivered: the tables are
the outbox. A number of a family of the pack gives the digest that the servers have of it.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cacah.registry import sealed_lines
from cacah.registry.keys import DIGEST_BYTES, SECRETS, ServerKeys

NIK, KK, NUMBER, KEY, REFERENCE = b"nik", b"kk", b"receipt", b"idempotency", b"reference"
# Where `cacah session serve` puts the pack's key for the processes that it starts, as hex digits.
KEY_VARIABLE = "CACAH_PACK_KEY"


@dataclass(frozen=True)
class FieldKeys(ServerKeys):
    """`ServerKeys` whose digests can be undone, but for those that the servers have as well."""

    # 32 bytes from which the keys of the blocks follow.
    field: bytes
    # A block of a NIK or KK number -> the servers' digest of it.
    known: Mapping[bytes, bytes]
    # What the pack says of itself: `cacah.outreach.packs.facts`.
    facts: Mapping[str, Any]

    @property
    def pack(self) -> int:  # type: ignore[override]
        """The pack's number at the centre, which stands in its receipts."""
        return int(self.facts["pack"])

    @cached_property
    def foreign_digests(self) -> frozenset[bytes]:
        """The servers' digests, which cannot be undone here."""
        return frozenset(self.known.values())

    def nik_digest(self, nik: str) -> bytes:
        return self._known(NIK, nik.encode())

    def nik_digests(self, niks: Iterable[bytes]) -> list[bytes]:
        return [self._known(NIK, nik) for nik in niks]

    def kk_digest(self, kk: str) -> bytes:
        return self._known(KK, kk.encode())

    def kk_digests(self, kks: Iterable[bytes]) -> list[bytes]:
        return [self._known(KK, kk) for kk in kks]

    def reference_digest(self, reference: str) -> bytes:
        return self.block(REFERENCE, _symbols(reference))

    def receipt_digest(self, number: str) -> bytes:
        return self.block(NUMBER, _symbols(number))

    def submission_key_digest(self, submission_key: bytes) -> bytes:
        return self.block(KEY, submission_key)

    def opened_nik(self, digest: bytes) -> str:
        """Return a digest's NIK, or the digest as 32 hex digits where it is the servers'."""
        return digest.hex() if digest in self.foreign_digests else self._text(NIK, digest)

    def opened_number(self, digest: bytes) -> str:
        """Return the receipt number of a digest, `XXXX-XXXX-XXXX-C`."""
        return _spelled(self._text(NUMBER, digest))

    def opened_reference(self, digest: bytes) -> str:
        """Return the reference number of a digest, `XXXX-XXXX-XXXX-C`."""
        return _spelled(self._text(REFERENCE, digest))

    def opened_key(self, digest: bytes) -> bytes:
        """Return the 16 bytes of a submission key."""
        return self.undone(KEY, digest)

    def block(self, purpose: bytes, plain: bytes) -> bytes:
        """Return a text of at most 16 bytes as one block, the same for the same text."""
        if len(plain) > DIGEST_BYTES:
            raise ValueError(f"a {purpose.decode()} has {DIGEST_BYTES} bytes at most")
        return self._cipher(purpose).encryptor().update(plain.ljust(DIGEST_BYTES))

    def undone(self, purpose: bytes, digest: bytes) -> bytes:
        """Undo `block`, all 16 bytes."""
        return self._cipher(purpose).decryptor().update(digest)

    def _text(self, purpose: bytes, digest: bytes) -> str:
        return self.undone(purpose, digest).decode("ascii").rstrip()

    def _known(self, purpose: bytes, plain: bytes) -> bytes:
        block = self.block(purpose, plain)
        return self.known.get(block, block)

    def _cipher(self, purpose: bytes) -> Cipher[ECB]:
        return _cipher_of(self.field, purpose)


@lru_cache(maxsize=16)
def _cipher_of(field: bytes, purpose: bytes) -> Cipher[ECB]:
    """Return the permutation of 16 bytes for one purpose; it is only ever given single blocks."""
    key = blake2b(key=field, person=purpose, digest_size=32).digest()
    return Cipher(AES(key), ECB())  # noqa: S305  (one block is what ECB is)


def _symbols(number: str) -> bytes:
    """Return a number as it is put into a block, as `collection.numbers.spell` writes it or not."""
    return number.replace("-", "").encode()


def _spelled(symbols: str) -> str:
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:12]}-{symbols[12:]}"


def read_pack(pack: sealed_lines.SealedLines, key: bytes) -> FieldKeys:
    """Return the keys in a pack, from its first line; raises BadPack."""
    return field_keys_of(orjson.loads(next(pack.lines(key))))


def field_keys_of(facts: dict[str, Any]) -> FieldKeys:
    """Return the keys of a pack's first line: `secrets` and the `numbers` that are known."""
    secrets = {name: b64decode(text) for name, text in facts["secrets"].items()}
    numbers = b64decode(facts["numbers"])
    pairs = range(0, len(numbers), 2 * DIGEST_BYTES)
    middle = [(at, at + DIGEST_BYTES, at + 2 * DIGEST_BYTES) for at in pairs]
    return FieldKeys(
        **{name: secrets[name] for name in SECRETS},
        field=secrets["field"],
        known={numbers[at:half]: numbers[half:end] for at, half, end in middle},
        facts={name: value for name, value in facts.items() if name not in ("secrets", "numbers")},
    )


def field_keys() -> FieldKeys:
    """Return the keys of the pack that this site serves; raises ImproperlyConfigured, BadPack."""
    key = key_here()
    if key is None:
        raise ImproperlyConfigured(
            "CACAH_PACK is set without its key: start the pack with `cacah session serve`."
        )
    return read_pack(sealed_lines.read(Path(settings.CACAH_PACK)), key)


def key_here() -> bytes | None:
    """Return the key of the pack that this process serves, None at the centre."""
    given = os.environ.get(KEY_VARIABLE)
    return bytes.fromhex(given) if given else None


def secret_of_pages() -> str | None:
    """Return Django's SECRET_KEY of a pack's site, the same whenever it is started; else None."""
    key = key_here()
    return None if key is None else blake2b(key=key, person=b"django").hexdigest()
