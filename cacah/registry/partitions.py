"""In which of its 16 partitions PostgreSQL keeps a household: its own hash, computed here.

A statement that names the partition itself is planned, locked and started for one table instead of
sixteen. How PostgreSQL hashes a bigint is part of its format on disk, so it does not change:
hashint8extended (src/backend/access/hash/hashfunc.c) with the seed and the combination of
partitioning/partbounds.c. A test asks the server whether it agrees.
"""

from __future__ import annotations

PARTITIONS = 16
WORD = 0xFFFFFFFF
# The state of Jenkins' hash after the seed has been mixed in.
SEED = A, B, C = 0xE933553E, 0xC5DA07A8, 0xFDFD95ED
# Added to the hash where a key has one column; the lower bits are all that counts.
COMBINED = 0x15E5A8E3


def partition_of(household_id: int) -> int:
    """Return the number of a household's partition, from 0."""
    low, high = household_id & WORD, household_id >> 32 & WORD
    a = A + (low ^ high if household_id >= 0 else low ^ high ^ WORD) & WORD
    c = (C ^ B) - (B << 14 & WORD | B >> 18) & WORD
    a = (a ^ c) - (c << 11 & WORD | c >> 21) & WORD
    b = (B ^ a) - (a << 25 & WORD | a >> 7) & WORD
    c = (c ^ b) - (b << 16 & WORD | b >> 16) & WORD
    a = (a ^ c) - (c << 4 & WORD | c >> 28) & WORD
    b = (b ^ a) - (a << 14 & WORD | a >> 18) & WORD
    c = (c ^ b) - (b << 24 & WORD | b >> 8)
    return c + COMBINED & PARTITIONS - 1
