"""Brings the rows of a bucket together into families, and rejects what cannot be one.

A row that is bad by itself is left out and its family comes in without that person, who can be
added in the questionnaire: so that one wrong digit does not keep a whole family from being found.
A family without exactly one head, or with more than 60 people, is rejected whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

MOST_PERSONS = 60
SAME_ID = "kk:same-id"
TWICE = "nik:twice"

# Why a family is rejected whole; the first that is true of it, 0 for none.
_WHY = ("", "kk:head-rejected", "kk:no-head", "kk:two-heads", "kk:too-many", SAME_ID)
_FAMILY_COLUMNS = [
    "ord", "id", "kk", "nik", "area", "home", "name", "birth_place", "born", "codes"
]  # fmt: skip
_REJECTS = pa.schema([("ord", pa.int64()), ("code", pa.string()), ("loaded", pa.bool_())])

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows of a bucket that have a KK number, a family's together and its heads first."""

    # Where each stands in the bucket.
    places: Numbers
    ord: Numbers
    id: Numbers
    head: Flags
    good: Flags
    # Where each family starts among the rows.
    starts: Numbers

    def per_family(self, of_rows: npt.NDArray[Any]) -> Numbers:
        """Return the sum over each family's rows."""
        return np.add.reduceat(of_rows, self.starts, dtype=np.int64)

    def per_row(self, of_families: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return for each row what is true of its family."""
        sizes = np.diff(self.starts, append=len(self.ord))
        return np.repeat(of_families, sizes)


class Grouping:
    """Judges buckets one after the other; rejects and SLS gather here.

    `twice` are the rows whose NIK a good row before them has.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection, twice: Numbers) -> None:
        self._duckdb = database
        self._twice = twice
        self._rejects: list[pa.Table] = []
        self._same_id: list[int] = []
        self.families_rejected = 0
        database.execute("CREATE TABLE sls (code VARCHAR, name VARCHAR)")

    def families(self, bucket: pa.Table) -> pa.Table:
        """Return the persons of a bucket's families as `Packer.pack` takes them, ordered by id."""
        bucket = bucket.combine_chunks()
        ords = _column(bucket, "ord")
        twice = np.isin(ords, self._twice) if len(self._twice) else np.zeros(len(ords), np.bool_)
        wrong = bucket["problem"].is_valid().to_numpy() | twice
        lines = _in_families(bucket, ords, ~wrong)
        why = _judged(lines)
        self.families_rejected += int(((why > 0) | (lines.per_family(lines.good) == 0)).sum())
        self._note_rejects(bucket, wrong, lines, lines.per_row(why))
        taken = lines.good & (lines.per_row(why) == 0)
        self._note_sls(bucket, lines.places[taken & lines.head])
        whole = lines.per_row(lines.per_family(~lines.good) == 0)[taken]
        found = bucket.select(_FAMILY_COLUMNS).take(lines.places[taken])
        return found.append_column("whole", pa.array(whole))

    def _note_rejects(
        self, bucket: pa.Table, wrong: Flags, lines: _Lines, why: npt.NDArray[np.int8]
    ) -> None:
        """Remember the rows that are bad, those of bad families, and fields that are left empty."""
        own = np.flatnonzero(wrong)
        if len(own):
            reasons = bucket["problem"].take(own).fill_null(TWICE)
            self._reject(bucket["ord"].take(own), reasons)
        family = lines.good & (why > 0)
        if family.any():
            codes = [_WHY[number] for number in why[family].tolist()]
            self._reject(pa.array(lines.ord[family]), pa.array(codes, pa.string()))
        if bucket["note"].null_count < bucket.num_rows:
            noted = lines.places[lines.good & (why == 0)]
            notes = bucket.select(["ord", "note"]).take(noted).drop_null()
            self._reject(notes["ord"], notes["note"], loaded=True)

    def _reject(self, ords: pa.Array, codes: pa.Array, *, loaded: bool = False) -> None:
        flags = pa.repeat(pa.scalar(loaded), len(ords))
        self._rejects.append(pa.Table.from_arrays([ords, codes, flags], schema=_REJECTS))

    def _note_sls(self, bucket: pa.Table, heads: Numbers) -> None:
        self._duckdb.register("heads", bucket.select(["area", "sls_name"]).take(heads))
        self._duckdb.execute(
            "INSERT INTO sls SELECT area, max(sls_name) FROM heads"
            " WHERE length(area) = 16 GROUP BY area"
        )
        self._duckdb.unregister("heads")

    def reject(self, ords: Iterable[int]) -> None:
        """Reject a family that was good by itself, for its id is another family's."""
        self.families_rejected += 1
        self._same_id += ords

    def sls(self) -> list[tuple[str, str]]:
        """Return (code, name) of the SLS in which the families of all buckets live."""
        return self._duckdb.execute(
            "SELECT code, coalesce(max(name), 'SLS ' || code[11:16]) FROM sls GROUP BY code"
        ).fetchall()

    def rejects(self) -> list[tuple[int, str, bool]]:
        """Return (ord, `column:code`, loaded) of rows that were rejected or lost a field."""
        same = dict.fromkeys(self._same_id, SAME_ID)
        found = [(ord_, code, False) for ord_, code in same.items()]
        for table in self._rejects:
            rows = zip(*(table[name].to_pylist() for name in _REJECTS.names), strict=True)
            found += [row for row in rows if row[0] not in same]
        return sorted(found)


def _column(table: pa.Table, name: str) -> Numbers:
    """Return a column of whole numbers; -1 where it is null."""
    numbers: Numbers = table[name].fill_null(-1).to_numpy()
    return numbers


def _in_families(bucket: pa.Table, ords: Numbers, good: Flags) -> _Lines:
    """Bring the rows that have a KK number into the order in which families are stored."""
    kk, head = _column(bucket, "kk"), bucket["head"].to_numpy()
    places = np.lexsort((ords, ~head, kk, _column(bucket, "id")))
    places = places[np.searchsorted(kk[places] >= 0, True) :]
    kk = kk[places]
    starts = np.flatnonzero(np.diff(kk, prepend=-1))
    ids = _column(bucket, "id")[places]
    return _Lines(places, ords[places], ids, head[places], good[places], starts)


def _judged(lines: _Lines) -> npt.NDArray[np.int8]:
    """Return for each family why it is rejected, as a place in `_WHY`."""
    good, heads = lines.per_family(lines.good), lines.per_family(lines.good & lines.head)
    bad_heads = lines.per_family(~lines.good & lines.head)
    return np.select(
        [
            (heads == 0) & (bad_heads > 0),
            heads == 0,
            heads > 1,
            good > MOST_PERSONS,
            _seconds(lines),
        ],
        [np.int8(number) for number in range(1, len(_WHY))],
        np.int8(0),
    )


def _seconds(lines: _Lines) -> Flags:
    """Tell which families came later than another one whose KK number gives the same id."""
    ids = lines.id[lines.starts]
    seconds = np.zeros(len(ids), np.bool_)
    again = np.flatnonzero(np.diff(ids) == 0)
    if not len(again):
        return seconds
    earliest = np.minimum.reduceat(lines.ord, lines.starts)
    for same in np.unique(ids[again]):
        families = np.flatnonzero(ids == same)
        seconds[families] = earliest[families] > earliest[families].min()
    return seconds
