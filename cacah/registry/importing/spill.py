"""Keeps what memory need not hold on disk, encrypted and in no named file.

What lies there is under a key that only this process knows, in a file without a name: whatever
ends the process, nothing can be read.
"""

from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Spill:
    """Pieces of bytes, gathered in heaps that are numbered from 0."""

    def __init__(self, heaps: int) -> None:
        self._aead = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._heaps: list[list[tuple[int, int]]] = [[] for _ in range(heaps)]

    def __enter__(self) -> Spill:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def put(self, heap: int, piece: bytes | memoryview) -> None:
        """Add a piece to a heap."""
        nonce = os.urandom(_NONCE)
        sealed = self._aead.encrypt(nonce, piece, None)
        self._heaps[heap].append((self._file.tell(), len(sealed)))
        self._file.write(nonce)
        self._file.write(sealed)

    def take(self, heap: int) -> list[bytes]:
        """Return the pieces of a heap, in the order in which they came."""
        pieces = []
        for start, size in self._heaps[heap]:
            self._file.seek(start)
            nonce = self._file.read(_NONCE)
            pieces.append(self._aead.decrypt(nonce, self._file.read(size), None))
        self._file.seek(0, os.SEEK_END)
        return pieces
