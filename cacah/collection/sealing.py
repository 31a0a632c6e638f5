"""Seals answers to the statistics office's public key, so that no server can read them again.

HPKE (RFC 9180) with the hybrid KEM ML-KEM-768 + X25519: who records everything today and builds a
quantum computer later still reads nothing. Only the room `results` opens seals, with the private
half that `cacah keys create` wrote outside the web server. Families that send at the same moment
share an envelope: a key made for them alone, wrapped by HPKE once, gone when nobody waits.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from isal import isal_zlib

SUITE_NAME = "HPKE ML-KEM-768+X25519 HKDF-SHA256 AES-256-GCM"
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
FORMAT = b"\x02"
PURPOSE = b"cacah envelope"
KEY_ID_BYTES = 4
# Format, key id, then ML-KEM's ciphertext, X25519's public key, the wrapped key and its tag.
HEAD_BYTES = 1 + KEY_ID_BYTES + 1088 + 32 + 32 + 16
NONCE_BYTES = 12
MLKEM_PUBLIC_BYTES = 1184
MLKEM_SEED_BYTES = 64
TAKE_IT_AWAY = (
    "This key opens every answer of the census. Move it off this machine now, keep two copies in "
    "two safes, and never put it on a web server."
)


class CannotOpen(Exception):
    """The sealed answers and the key do not belong together, or the seal is damaged."""


@dataclass(slots=True)
class Envelope:
    """A fresh key of AES-256-GCM for a few submissions, and itself sealed to the office."""

    # Format byte, the office key's id (4 bytes), the HPKE message of 1,168 bytes.
    head: bytes
    cipher: AESGCM
    # How many it has sealed: the nonce, so that no two seals of one key share it.
    count: int = field(default=0, init=False)

    def seal(self, household_id: int, revision: int, submission: dict[str, Any]) -> bytes:
        """Return the head, the nonce (12 bytes) and the encrypted, compressed JSON."""
        plain = isal_zlib.compress(orjson.dumps(submission), 1)
        nonce = self.count.to_bytes(NONCE_BYTES, "big")
        self.count += 1
        return (
            self.head + nonce + self.cipher.encrypt(nonce, plain, binding(household_id, revision))
        )


@dataclass(frozen=True, slots=True)
class OfficePublicKey:
    """The half that every web server has: it seals and cannot open."""

    key_id: bytes
    key: hpke.MLKEM768X25519PublicKey

    def envelope(self) -> Envelope:
        """Return a fresh envelope, to be kept no longer than rounds follow each other."""
        key = AESGCM.generate_key(256)
        wrapped = SUITE.encrypt(key, self.key, info=PURPOSE)
        return Envelope(FORMAT + self.key_id + wrapped, AESGCM(key))


@dataclass(frozen=True, slots=True)
class OfficePrivateKey:
    """The half that the statistics office keeps off the web server."""

    key_id: bytes
    key: hpke.MLKEM768X25519PrivateKey

    def open(self, household_id: int, revision: int, sealed: bytes) -> dict[str, Any]:
        """Undo `Envelope.seal`; raises CannotOpen, also for another family's seal."""
        if sealed[:1] != FORMAT:
            raise CannotOpen("This is not a seal that this version of cacah knows.")
        if sealed[1 : 1 + KEY_ID_BYTES] != self.key_id:
            raise CannotOpen("These answers were sealed to another key of the office.")
        wrapped, rest = sealed[1 + KEY_ID_BYTES : HEAD_BYTES], sealed[HEAD_BYTES:]
        try:
            cipher = AESGCM(SUITE.decrypt(wrapped, self.key, info=PURPOSE))
            plain = cipher.decrypt(
                rest[:NONCE_BYTES], rest[NONCE_BYTES:], binding(household_id, revision)
            )
        except (InvalidTag, ValueError):
            raise CannotOpen("The seal is damaged, or belongs to another family.") from None
        submission: dict[str, Any] = orjson.loads(isal_zlib.decompress(plain))
        return submission


def is_sealed_to_office(sealed: bytes) -> bool:
    """Tell whether this looks like answers sealed to this census's office; it cannot open them."""
    begins = FORMAT + office_public_key().key_id
    return len(sealed) > HEAD_BYTES + NONCE_BYTES and sealed.startswith(begins)


def binding(household_id: int, revision: int) -> bytes:
    """Return what a seal is bound to: put under another household or revision it cannot open."""
    household = household_id.to_bytes(8, "big", signed=True)
    return b"cacah submission" + household + revision.to_bytes(2, "big")


def create_office_keys(private_path: Path, public_path: Path) -> None:
    """Write a fresh key pair; raises FileExistsError rather than replace either half."""
    for path in (private_path, public_path):
        if path.exists():
            raise FileExistsError(path)
    of_mlkem = mlkem.MLKEM768PrivateKey.generate()
    of_x25519 = x25519.X25519PrivateKey.generate()
    public = of_mlkem.public_key().public_bytes_raw() + of_x25519.public_key().public_bytes_raw()
    private = of_mlkem.private_bytes_raw() + of_x25519.private_bytes_raw()
    key_id = public_key_id(public).hex()
    write_once(
        private_path,
        {"what": "office.private", "keep": TAKE_IT_AWAY, "suite": SUITE_NAME, "id": key_id}
        | {"key": b64encode(private).decode()},
        mode=0o600,
    )
    write_once(
        public_path,
        {"what": "office.public", "suite": SUITE_NAME, "id": key_id}
        | {"key": b64encode(public).decode()},
        mode=0o644,
    )


def write_once(path: Path, content: dict[str, str], *, mode: int) -> None:
    """Write a small JSON file durably; raises FileExistsError where there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def public_key_id(public: bytes) -> bytes:
    """Return the 4 bytes by which a seal names its key."""
    return blake2b(public, person=b"office key", digest_size=KEY_ID_BYTES).digest()


def read_public_key(path: Path) -> OfficePublicKey:
    """Read office.public; raises ImproperlyConfigured with the remedy where it cannot."""
    raw = read_key_file(path, "office.public")
    key = hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES]),
        x25519.X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_BYTES:]),
    )
    return OfficePublicKey(public_key_id(raw), key)


def read_private_key(path: Path) -> OfficePrivateKey:
    """Read office.private; raises ImproperlyConfigured with the remedy where it cannot."""
    raw = read_key_file(path, "office.private")
    of_mlkem = mlkem.MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED_BYTES])
    of_x25519 = x25519.X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED_BYTES:])
    public = of_mlkem.public_key().public_bytes_raw() + of_x25519.public_key().public_bytes_raw()
    key = hpke.MLKEM768X25519PrivateKey(of_mlkem, of_x25519)
    return OfficePrivateKey(public_key_id(public), key)


def read_key_file(path: Path, what: str) -> bytes:
    """Return the key's raw bytes from a file written by `create_office_keys`."""
    try:
        content = json.loads(path.read_text())
        if content["what"] != what:
            raise ImproperlyConfigured(f"{path} holds {content['what']}, not {what}")
        return b64decode(content["key"], validate=True)
    except FileNotFoundError:
        remedy = {"office.public": "run `cacah keys create` first"}
        raise ImproperlyConfigured(
            f"{path} is missing: {remedy.get(what, f'give the path of the {what} to use')}"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(f"{path} is damaged: copy it again from a safe place") from None


@cache
def office_public_key() -> OfficePublicKey:
    """Return this server's copy of the office's public key."""
    return read_public_key(settings.CACAH_KEYS / "office.public")
