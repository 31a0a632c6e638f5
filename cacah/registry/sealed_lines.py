"""A file of lines sealed under a passphrase, read and written piece by piece.

    CACAHPACK1
    {"salt": …, "check": …, and what may be read without the passphrase}
    length (4 bytes), a piece of the compressed lines under AES-256-GCM; … the last one marked

The key comes from the passphrase by scrypt. Each piece is bound to the head and to its place, so
nothing of a file can be changed, left out, or cut off unnoticed.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, scrypt, sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"CACAHPACK1\n"
ANY_MAGIC = b"CACAHPACK"
# A tenth of a gigabyte for half a second: a passphrase is tried a few times a second at most.
SCRYPT = {"n": 2**17, "r": 8, "p": 1, "maxmem": 256 << 20, "dklen": 32}
SALT_BYTES = 16
PIECE_BYTES = 1 << 20
LONGEST_HEAD = 4096
MORE, LAST = b"\x00", b"\x01"


class BadPack(Exception):
    """The file cannot be used; the sentence says why and what to do."""


class WrongPassphrase(BadPack):
    """The passphrase is not that of this file."""

    def __init__(self) -> None:
        super().__init__("This is not the passphrase of the pack. Capitals, spaces and hyphens do "
                         "not matter; each letter and digit does.")  # fmt: skip


DAMAGED = "{} is cut off or damaged: copy it again from where it was prepared."


def key_of(passphrase: str, salt: bytes) -> bytes:
    """Return the 32 bytes that open a file; capitals, spaces and hyphens do not matter."""
    plain = "".join(symbol for symbol in passphrase.upper() if symbol.isalnum())
    return scrypt(plain.encode(), salt=salt, **SCRYPT)


def _check_of(key: bytes) -> str:
    """Return what tells a wrong passphrase from a damaged file, and nothing of the key."""
    return blake2b(key=key, person=b"pack check", digest_size=8).hexdigest()


class Writer:
    """Writes lines into a file that is whole only after `close`."""

    def __init__(self, file: BinaryIO, passphrase: str, public: dict[str, Any]) -> None:
        salt = os.urandom(SALT_BYTES)
        self.key = key_of(passphrase, salt)
        head = json.dumps(public | {"salt": salt.hex(), "check": _check_of(self.key)}).encode()
        self._file = file
        self._sealer = _Sealer(self.key, head)
        self._pressing = zlib.compressobj(6)
        self._waiting = bytearray()
        file.write(MAGIC + head + b"\n")

    def write(self, line: bytes) -> None:
        """Add a line without a line feed in it."""
        self._waiting += self._pressing.compress(line + b"\n")
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), MORE)
            del self._waiting[:PIECE_BYTES]

    def close(self) -> None:
        """Write what is left, marked as the last piece; the file itself stays open."""
        self._waiting += self._pressing.flush()
        self._seal(bytes(self._waiting), LAST)

    def _seal(self, plain: bytes, mark: bytes) -> None:
        sealed = self._sealer.seal(plain, mark)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)


class _Sealer:
    """The key of a file and the place in it; a key is used for one file alone."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._cipher = AESGCM(key)
        self._bound_to = sha256(MAGIC + head).digest()
        self._place = 0

    def seal(self, plain: bytes, mark: bytes) -> bytes:
        return mark + self._cipher.encrypt(self._nonce(), plain, self._bound_to + mark)

    def open(self, sealed: bytes) -> bytes:
        """Undo `seal` of the next piece; raises InvalidTag."""
        return self._cipher.decrypt(self._nonce(), sealed[1:], self._bound_to + sealed[:1])

    def _nonce(self) -> bytes:
        self._place += 1
        return self._place.to_bytes(12, "big")


@dataclass(frozen=True)
class SealedLines:
    """A file that `Writer` has written, as far as it can be read without the passphrase."""

    path: Path
    head: bytes

    @cached_property
    def public(self) -> dict[str, Any]:
        """What stands in it for everybody."""
        found: dict[str, Any] = json.loads(self.head)
        return found

    def key(self, passphrase: str) -> bytes:
        """Return the key that a passphrase opens; raises WrongPassphrase."""
        key = key_of(passphrase, bytes.fromhex(self.public["salt"]))
        if not compare_digest(_check_of(key), self.public["check"]):
            raise WrongPassphrase
        return key

    def lines(self, key: bytes) -> Iterator[bytes]:
        """Yield the lines; raises BadPack as soon as something is wrong, at the latest at the end.

        Whoever stores them does that in a transaction of which nothing stays when this raises.
        """
        rest = b""
        for plain in self._pieces(key):
            *whole, rest = (rest + plain).split(b"\n")
            yield from whole
        if rest:
            raise BadPack(DAMAGED.format(self.path.name))

    def _pieces(self, key: bytes) -> Iterator[bytes]:
        sealer, pressed = _Sealer(key, self.head), zlib.decompressobj()
        with self.path.open("rb") as file:
            file.seek(len(MAGIC) + len(self.head) + 1)
            try:
                while sealed := file.read(int.from_bytes(file.read(4), "big")):
                    yield pressed.decompress(sealer.open(sealed))
                    if sealed[:1] == LAST:
                        return
            except (InvalidTag, zlib.error):
                pass
        raise BadPack(DAMAGED.format(self.path.name))


def read(path: Path) -> SealedLines:
    """Read the head of a file; raises BadPack where it is none of ours, OSError."""
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
        head = file.readline(LONGEST_HEAD)
    if magic != MAGIC:
        newer = magic.startswith(ANY_MAGIC)
        raise BadPack(
            f"{path.name} was prepared by another version of cacah: install that version here."
            if newer
            else f"{path.name} is no session pack."
        )
    try:
        found = SealedLines(path, head.removesuffix(b"\n"))
        is_whole = head.endswith(b"\n") and {"salt", "check"} <= found.public.keys()
    except ValueError:
        is_whole = False
    if not is_whole:
        raise BadPack(DAMAGED.format(path.name))
    return found
