"""Says which rows belong together and in which order households are stored best.

A household's id is known as soon as its KK number is read. Rows are dealt out by the partition
that will take the household and then by its id, so that PostgreSQL fills one partition after the
other and its primary keys from left to right: that halves what the database does for an import.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry import keys
from cacah.registry.partitions import COMBINED, PARTITIONS, SEED, WORD

_ID_BITS = 63


def bucket_bits(buckets: int) -> int:
    """Return how many leading bits of an id are needed for at least so many buckets."""
    return max(0, (-(-buckets // PARTITIONS) - 1).bit_length())


def placed(checked: pa.Table, server_keys: keys.ServerKeys, bits: int) -> pa.Table:
    """Add `id` (int64, null without a usable KK number) and `bucket` (int16) to checked rows."""
    distinct = checked["kk"].combine_chunks().dictionary_encode()
    digests = server_keys.kk_digests(
        distinct.dictionary.cast(pa.string()).cast(pa.binary()).to_pylist()
    )
    ids = pa.array([keys.household_id_of(digest) for digest in digests], pa.int64())
    leading = pc.shift_right(ids, _ID_BITS - bits) if bits else pc.subtract(ids, ids)
    buckets = pc.add(pc.shift_left(partitions(ids), bits), leading)
    rows = distinct.indices
    return checked.append_column("id", ids.take(rows)).append_column(
        "bucket", pc.fill_null(buckets.cast(pa.int16()).take(rows), 0)
    )


def partitions(ids: pa.Array) -> pa.Array:
    """Return the partition (int64) of each household id, none negative: `partition_of`, at once.

    Were it wrong, rows would only be stored more slowly, never in a wrong place.
    """
    low = pc.bit_wise_and(ids, WORD).cast(pa.uint32())
    key = pc.bit_wise_xor(low, pc.shift_right(ids, 32).cast(pa.uint32()))
    zero = pc.subtract(key, key)
    # Arrow's unchecked arithmetic wraps around, as that of the hash does.
    a, b, c = (pc.add(one, _word(two)) for one, two in zip((key, zero, zero), SEED, strict=True))
    for by in (14, 11, 25, 16, 4, 14, 24):
        turned = pc.bit_wise_or(pc.shift_left(b, _word(by)), pc.shift_right(b, _word(32 - by)))
        a, b, c = b, pc.subtract(pc.bit_wise_xor(c, b), turned), a
    return pc.bit_wise_and(pc.add(b, _word(COMBINED)), _word(PARTITIONS - 1)).cast(pa.int64())


def _word(value: int) -> pa.Scalar:
    return pa.scalar(value, pa.uint32())
