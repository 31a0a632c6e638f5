"""Keeps checked rows on disk until their families are whole, encrypted and in no named file.

Rows of a family need not stand together in a register file, so they are dealt out by KK number
into buckets, each small enough for memory. What lies on disk meanwhile is under a key that only
this process knows, in a file without a name: whatever ends the process, nothing can be read.
"""

from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Buckets:
    """Tables of the same schema, dealt out by the column `bucket` (int, from 0)."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._aead = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._pieces: list[list[tuple[int, int]]] = [[] for _ in range(count)]

    def __enter__(self) -> Buckets:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def deal(self, table: pa.Table) -> None:
        """Put each row into the bucket it names."""
        table = table.combine_chunks().take(pc.sort_indices(table["bucket"])).combine_chunks()
        sizes = {
            entry["values"]: entry["counts"]
            for entry in pc.value_counts(table["bucket"].combine_chunks()).to_pylist()
        }
        start = 0
        for bucket in sorted(sizes):
            self._append(bucket, table.slice(start, sizes[bucket]))
            start += sizes[bucket]

    def _append(self, bucket: int, table: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        nonce = os.urandom(12)
        sealed = nonce + self._aead.encrypt(nonce, sink.getvalue().to_pybytes(), None)
        self._pieces[bucket].append((self._file.tell(), len(sealed)))
        self._file.write(sealed)

    def mark(self) -> list[int]:
        """Return how far each bucket is filled, for `cut_back`."""
        return [len(pieces) for pieces in self._pieces]

    def cut_back(self, mark: list[int]) -> None:
        """Forget what was dealt since `mark`."""
        for pieces, length in zip(self._pieces, mark, strict=True):
            del pieces[length:]

    def take(self, bucket: int) -> pa.Table | None:
        """Return the rows of a bucket, None for an empty one."""
        tables = []
        for at, size in self._pieces[bucket]:
            self._file.seek(at)
            sealed = self._file.read(size)
            plain = self._aead.decrypt(sealed[:12], sealed[12:], None)
            tables.append(pa.ipc.open_stream(plain).read_all())
        self._file.seek(0, os.SEEK_END)
        return pa.concat_tables(tables) if tables else None
