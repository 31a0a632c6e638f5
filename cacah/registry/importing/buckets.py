"""Deals checked rows out on disk until their families are whole.

Rows of a family need not stand together in a register file, so they are dealt out into buckets,
each small enough for memory (see `spill` for how they lie there).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa

from cacah.registry.importing.spill import Spill


class Buckets:
    """Tables of one schema, dealt out by the column `bucket` (int16, from 0)."""

    def __init__(self, spill: Spill, count: int) -> None:
        self.count = count
        self._spill = spill
        self._schema = pa.schema([])

    def deal(self, table: pa.Table) -> None:
        """Put each row into the bucket it names."""
        numbers = table["bucket"].to_numpy()
        order = np.argsort(numbers, kind="stable")
        table = table.drop_columns("bucket").take(pa.array(order)).combine_chunks()
        self._schema = table.schema
        ends = np.cumsum(np.bincount(numbers, minlength=self.count)).tolist()
        (rows,) = table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
        for bucket, (start, end) in enumerate(pairwise([0, *ends])):
            if start < end:
                piece = rows.slice(start, end - start).serialize()
                self._spill.put(bucket, memoryview(piece).cast("B"))

    def take(self, bucket: int) -> pa.Table | None:
        """Return the rows of a bucket, None for an empty one."""
        pieces = map(pa.py_buffer, self._spill.take(bucket))
        batches = [pa.ipc.read_record_batch(piece, self._schema) for piece in pieces]
        return pa.Table.from_batches(batches) if batches else None
