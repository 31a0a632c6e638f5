"""Turns the families of a bucket into the rows that are stored, in binary COPY format."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry.importing.persons import persons_json
from cacah.registry.keys import DIGEST_BYTES, ServerKeys

COPY_START = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
COPY_END = struct.pack(">h", -1)

HOUSEHOLD_COLUMNS = "id, kk_digest, area, persons, record, content_digest, source_id"
PERSON_COLUMNS = "household_id, position, nik_digest"
CASE_COLUMNS = "household_id, area, state, persons, revision"

# A row is the number of its fields, then for each its length and its value.
_DIGEST = f"V{DIGEST_BYTES}"
_PERSON = np.dtype(
    [("fields", ">i2"), ("id_bytes", ">i4"), ("id", ">i8"), ("position_bytes", ">i4"),
     ("position", ">i2"), ("digest_bytes", ">i4"), ("digest", _DIGEST)]
)  # fmt: skip
_HOUSEHOLD_START = np.dtype(
    [("fields", ">i2"), ("id_bytes", ">i4"), ("id", ">i8"), ("digest_bytes", ">i4"),
     ("digest", _DIGEST), ("area_bytes", ">i4")]
)  # fmt: skip
_RECORD_START = np.dtype([("persons_bytes", ">i4"), ("persons", ">i2"), ("record_bytes", ">i4")])
_HOUSEHOLD_END = np.dtype(
    [("digest_bytes", ">i4"), ("digest", _DIGEST), ("source_bytes", ">i4"), ("source", ">i8")]
)
_CASE_START = np.dtype(
    [("fields", ">i2"), ("id_bytes", ">i4"), ("id", ">i8"), ("area_bytes", ">i4")]
)
_CASE_END = struct.pack(">i8sihih", 8, b"expected", 2, 0, 2, 0)

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
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
    kk_digests: list[bytes]
    content_digests: list[bytes]
    # One row for each family.
    household_rows: pa.BinaryArray
    case_rows: pa.BinaryArray
    # Those of each person, one after the other.
    person_rows: bytes

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
        return self.person_rows[start * _PERSON.itemsize : end * _PERSON.itemsize]


class Packer:
    """Seals families under the server's keys, as rows that name the import they came from."""

    def __init__(self, server_keys: ServerKeys, source_id: int) -> None:
        self._keys = server_keys
        self._seal = server_keys.seal_many()
        self._source_id = source_id

    def pack(self, rows: pa.Table) -> Packed:
        """Digest and seal families; `rows` is a person each, a family's together, its head first.

        Columns: `ord`, `id`, `kk`, `nik`, `area` and `home` (of heads), `whole`, and those that
        `persons_json` takes.
        """
        all_ids = rows["id"].to_numpy()
        starts = np.append(np.flatnonzero(np.diff(all_ids, prepend=-1)), len(all_ids))
        heads = rows.select(["id", "kk", "area", "home", "whole"]).take(starts[:-1])
        heads = heads.combine_chunks()
        area = _binary(heads["area"])
        ids, kks = all_ids[starts[:-1]], _digits(heads["kk"])
        kk_digests = self._keys.kk_digests(kks.to_pylist())
        niks = _digits(rows["nik"])
        plains = _plains((_binary(heads["home"]), kks), persons_json(rows, niks), starts)
        contents = self._keys.content_digests(_joined(area, b"\n", plains).to_pylist())
        records = pa.array(map(self._seal, ids.tolist(), plains.to_pylist()), pa.binary())
        start = _filled(
            _CASE_START, len(ids), fields=5, id_bytes=8, id=ids, area_bytes=_sizes(area)
        )
        return Packed(
            ids=ids.tolist(),
            areas=heads["area"].to_pylist(),
            wholes=heads["whole"].to_pylist(),
            starts=starts.tolist(),
            ords=rows["ord"],
            kk_digests=kk_digests,
            content_digests=contents,
            household_rows=self._households(
                area, records, np.diff(starts), (ids, kk_digests, contents)
            ),
            case_rows=_joined(_each(start), area, _CASE_END),
            person_rows=self._persons(all_ids, starts, niks.to_pylist()),
        )

    def _households(
        self,
        area: pa.BinaryArray,
        records: pa.BinaryArray,
        persons: Numbers,
        known_by: tuple[Numbers, list[bytes], list[bytes]],
    ) -> pa.BinaryArray:
        """Return a row each; `known_by` is id, KK digest and content digest of each family."""
        ids, kk_digests, contents = known_by
        size = len(ids)
        start = _filled(
            _HOUSEHOLD_START, size, fields=7, id_bytes=8, id=ids, digest_bytes=DIGEST_BYTES,
            digest=_digests(kk_digests), area_bytes=_sizes(area),
        )  # fmt: skip
        middle = _filled(
            _RECORD_START, size, persons_bytes=2, persons=persons, record_bytes=_sizes(records)
        )
        end = _filled(
            _HOUSEHOLD_END, size, digest_bytes=DIGEST_BYTES, digest=_digests(contents),
            source_bytes=8, source=self._source_id,
        )  # fmt: skip
        return _joined(_each(start), area, _each(middle), records, _each(end))

    def _persons(self, ids: Numbers, starts: Numbers, niks: list[bytes]) -> bytes:
        positions = np.arange(1, len(ids) + 1) - np.repeat(starts[:-1], np.diff(starts))
        return _filled(
            _PERSON, len(ids), fields=3, id_bytes=8, id=ids, position_bytes=2, position=positions,
            digest_bytes=DIGEST_BYTES, digest=_digests(self._keys.nik_digests(niks)),
        ).tobytes()  # fmt: skip


def picked(rows: pa.BinaryArray, places: Sequence[int]) -> pa.BinaryArray:
    """Return some of the rows."""
    return rows.take(pa.array(places, pa.int64()))


def rows_of(rows: pa.BinaryArray) -> memoryview:
    """Return the bytes of all rows, one after the other."""
    first, last = np.frombuffer(rows.buffers()[1], np.int32)[
        [rows.offset, rows.offset + len(rows)]
    ].tolist()
    return memoryview(rows.buffers()[2])[first:last]


def _plains(
    heads: tuple[pa.BinaryArray, pa.BinaryArray], persons: pa.BinaryArray, starts: Numbers
) -> pa.BinaryArray:
    """Return each family's record as JSON; `heads` are their homes as JSON, and KK numbers."""
    homes, kks = heads
    families = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), persons)
    members = pc.binary_join(families, b",")
    home = pc.binary_slice(homes, 0, -1)
    return _joined(home, b',"kk":"', kks, b'","persons":[', members, b"]}")


def _filled(kind: np.dtype[Any], size: int, **values: Any) -> npt.NDArray[Any]:
    """Return so many structures of a kind, every field of them set."""
    filled = np.empty(size, kind)
    for name in kind.names or ():
        filled[name] = values[name]
    return filled


def _each(structures: npt.NDArray[Any]) -> pa.BinaryArray:
    """Return the bytes of each structure."""
    width = structures.itemsize
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), len(structures), [None, pa.py_buffer(structures.tobytes())]
    )
    return fixed.cast(pa.binary())


def _digests(digests: list[bytes]) -> npt.NDArray[Any]:
    return np.frombuffer(b"".join(digests), _DIGEST)


def _joined(*parts: pa.BinaryArray | bytes) -> pa.BinaryArray:
    """Return the parts of each row, one after the other."""
    return pc.binary_join_element_wise(*parts, b"")


def _sizes(values: pa.BinaryArray) -> Numbers:
    sizes: Numbers = pc.binary_length(values).to_numpy(zero_copy_only=False)
    return sizes


def _binary(column: pa.ChunkedArray) -> pa.BinaryArray:
    return column.combine_chunks().cast(pa.binary())


def _digits(column: pa.ChunkedArray) -> pa.BinaryArray:
    return _binary(column.cast(pa.string()))
