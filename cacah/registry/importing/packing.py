"""Turns the families of a bucket into the rows that are stored, in binary COPY format."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow as pa

from cacah.registry.keys import DIGEST_BYTES, ServerKeys

COPY_START = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
COPY_END = struct.pack(">h", -1)

HOUSEHOLD_COLUMNS = "id, kk_digest, area, persons, record, content_digest, source_id"
PERSON_COLUMNS = "household_id, position, nik_digest"
CASE_COLUMNS = "household_id, area, state, persons, revision"

_ID = struct.Struct(">iq")
_AREA = struct.Struct(">i")
_HOUSEHOLD_START = struct.pack(">h", 7)
_DIGEST_START = struct.pack(">i", DIGEST_BYTES)
_RECORD = struct.Struct(">ihi")
_PERSON_START = struct.pack(">h", 3)
_PERSON_MIDDLES = [struct.pack(">ihi", 2, n, DIGEST_BYTES) for n in range(1, 61)]
PERSON_BYTES = 2 + 4 + 8 + len(_PERSON_MIDDLES[0]) + DIGEST_BYTES
_CASE_START = struct.pack(">h", 5)
_CASE_END = struct.pack(">i8sihih", 8, b"expected", 2, 0, 2, 0)


@dataclass(slots=True)
class Packed:
    """Families ready to be stored, column by column; the rows are in binary COPY format.

    `wholes` is False where rows of the family were rejected: it may come in new, but must not
    replace what the register holds already.
    """

    ids: list[int]
    areas: list[str]
    wholes: list[bool]
    # Where each family's persons start among those of all families; one more for the end.
    starts: list[int]
    # File and row number of each person.
    ords: pa.ChunkedArray
    kk_digests: list[bytes] = field(default_factory=list)
    content_digests: list[bytes] = field(default_factory=list)
    household_rows: list[bytes] = field(default_factory=list)
    case_rows: list[bytes] = field(default_factory=list)
    person_rows: bytes = b""

    def persons(self, family: int) -> int:
        """Return how many people a family has."""
        return self.starts[family + 1] - self.starts[family]

    def ords_of(self, family: int) -> list[int]:
        """Return file and row number of each person of a family."""
        ords: list[int] = self.ords.slice(self.starts[family], self.persons(family)).to_pylist()
        return ords

    def persons_of(self, family: int) -> bytes:
        """Return the rows of a family's persons."""
        start, end = self.starts[family], self.starts[family + 1]
        return self.person_rows[start * PERSON_BYTES : end * PERSON_BYTES]


class Packer:
    """Seals families under the server's keys, as rows that name the import they came from."""

    def __init__(self, server_keys: ServerKeys, source_id: int) -> None:
        self._keys = server_keys
        self._seal = server_keys.seal_many()
        self._household_end = struct.pack(">iq", 8, source_id)

    def pack(self, rows: pa.Table) -> Packed:
        """Digest and seal families; `rows` is a person each, a family's together, its head first.

        Columns: `ord`, `id`, `kk` and `nik` (digits), `area`, `whole`, and JSON in `home` (of
        heads) and `person`.
        """
        starts = _starts(rows["id"].to_pylist())
        heads = rows.select(["id", "kk", "area", "home", "whole"]).take(pa.array(starts[:-1]))
        packed = Packed(
            ids=heads["id"].to_pylist(),
            areas=heads["area"].to_pylist(),
            wholes=heads["whole"].to_pylist(),
            starts=starts,
            ords=rows["ord"],
        )
        packed.kk_digests = self._keys.kk_digests(_bytes_of(heads["kk"]))
        self._pack_households(packed, _bytes_of(heads["home"]), _bytes_of(rows["person"]))
        self._pack_persons(packed, _bytes_of(rows["nik"]))
        return packed

    def _pack_households(
        self, packed: Packed, homes: Sequence[bytes], persons: Sequence[bytes]
    ) -> None:
        digest, seal = self._keys.content_digest, self._seal
        contents, households, cases = [], packed.household_rows, packed.case_rows
        starts = packed.starts
        families = zip(
            packed.ids, packed.kk_digests, packed.areas, homes, starts, starts[1:], strict=False
        )
        for household, kk_digest, area, home, start, end in families:
            place = area.encode()
            plain = b'%b,"persons":[%b]}' % (home[:-1], b",".join(persons[start:end]))
            content = digest(b"%b\n%b" % (place, plain))
            contents.append(content)
            record = seal(household, plain)
            key = _ID.pack(8, household)
            place = _AREA.pack(len(place)) + place
            cases.append(b"".join((_CASE_START, key, place, _CASE_END)))
            households.append(
                b"".join((
                    _HOUSEHOLD_START, key, _DIGEST_START, kk_digest, place,
                    _RECORD.pack(2, end - start, len(record)), record,
                    _DIGEST_START, content, self._household_end,
                ))
            )  # fmt: skip
        packed.content_digests = contents

    def _pack_persons(self, packed: Packed, niks: Sequence[bytes]) -> None:
        digests = self._keys.nik_digests(niks)
        parts: list[bytes] = []
        starts = packed.starts
        for household, start, end in zip(packed.ids, starts, starts[1:], strict=False):
            first = _PERSON_START + _ID.pack(8, household)
            parts += [
                first + middle + digest
                for middle, digest in zip(_PERSON_MIDDLES, digests[start:end], strict=False)
            ]
        packed.person_rows = b"".join(parts)


def _starts(ids: list[int]) -> list[int]:
    """Return where each run of equal ids starts, and at last where the last one ends."""
    starts = [at for at, (one, next_) in enumerate(pairwise(ids), 1) if one != next_]
    return [0, *starts, len(ids)] if ids else [0]


def _bytes_of(column: pa.ChunkedArray) -> list[bytes]:
    values: list[bytes] = column.cast(pa.binary()).to_pylist()
    return values
