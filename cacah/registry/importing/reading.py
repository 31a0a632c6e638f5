"""Reads register files, whatever their kind, as one stream of rows of text with their numbers.

A source yields Arrow batches: `ord` (int64: file number in the upper bits, row number below; the
header is row 1), every column of `columns.COLUMNS` as a string, and `flaw` (`column:code`, or
null) for what is already wrong with the row as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry.importing import columns

ROW_BITS = 40
SCHEMA = pa.schema(
    [("ord", pa.int64())]
    + [(name, pa.string()) for name in columns.COLUMNS]
    + [("flaw", pa.string())]
)
# What must not stand in any cell, and the code of the reason.
_FORBIDDEN = (("\0", "nul"), ("\ufffd", "encoding"))


class BadRegisterFile(ValueError):
    """Raised for a file that cannot be read as a register at all; says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a file as they stand, and where each canonical column is found."""

    headings: list[str]
    places: dict[str, int]

    @property
    def unused(self) -> list[str]:
        return [h for i, h in enumerate(self.headings) if i not in self.places.values()]


class Source(Protocol):
    """One register file."""

    path: Path
    header: Header

    def batches(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield every row, empty ones left out, as batches of `SCHEMA`; `number` is the file's."""

    def cells(self, rows: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells as they stand) of the rows asked for, in their order."""


def header_of(headings: list[str], path: Path) -> Header:
    """Find the canonical columns; raises `BadRegisterFile` when one is missing or there twice."""
    if headings and headings[0] == columns.REJECTS_COLUMN:
        raise BadRegisterFile(
            f"{path.name} is a rejects file; correct the register's own file and import it whole"
        )
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = columns.canonical(heading)
        if column in places:
            raise BadRegisterFile(
                f"{path.name}: two columns for {column}: "
                f"{headings[places[column]]!r} and {heading!r}"
            )
        if column is not None:
            places[column] = place
    if missing := [column for column in columns.NEEDED if column not in places]:
        raise BadRegisterFile(f"{path.name}: missing column: {', '.join(missing)}")
    return Header(headings, places)


def batch_of(
    ords: pa.Array,
    cells: dict[str, pa.Array],
    flaws: list[str | None] | None = None,
    doubtful: bool = True,
) -> pa.RecordBatch:
    """Return a batch of `SCHEMA`; columns that the file does not have are empty.

    Cells are searched for what must not stand in them unless they are not `doubtful`.
    """
    size = len(ords)
    empty = pa.array([""] * size, pa.string()) if len(cells) < len(columns.COLUMNS) else None
    flaw = pa.array(flaws, pa.string()) if flaws else pa.nulls(size, pa.string())
    for column, values in cells.items() if doubtful else ():
        for text, code in _FORBIDDEN:
            found = pc.match_substring(values, text)
            if pc.any(found).as_py():
                mask = pc.and_(pc.fill_null(found, False), pc.is_null(flaw))
                flaw = pc.if_else(mask, f"{column}:{code}", flaw)
    arrays = [ords, *(cells.get(name, empty) for name in columns.COLUMNS), flaw]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def numbered(file: int, first_row: int, size: int) -> pa.Array:
    """Return the `ord` of rows that follow each other."""
    start = (file << ROW_BITS) + first_row
    return pa.arange(start, start + size)


def batches_of_rows(
    header: Header, file: int, rows: Iterable[tuple[int, list[str] | str]], size: int = 20_000
) -> Iterator[pa.RecordBatch]:
    """Turn (row number, cells, or the code of what is wrong) into batches."""
    some: list[tuple[int, list[str] | str]] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield _batch_of_rows(header, file, some)
            some = []
    if some:
        yield _batch_of_rows(header, file, some)


def _batch_of_rows(
    header: Header, file: int, rows: list[tuple[int, list[str] | str]]
) -> pa.RecordBatch:
    width = len(header.headings)
    blank = [""] * width
    flaws: list[str | None] = []
    table = []
    for _, cells in rows:
        wrong = cells if isinstance(cells, str) else "columns" if len(cells) != width else None
        flaws.append(wrong and f"row:{wrong}")
        table.append(blank if wrong else cells)
    by_place: list[Any] = list(zip(*table, strict=True))
    ords = pa.array([(file << ROW_BITS) + number for number, _ in rows], pa.int64())
    found = {name: pa.array(by_place[at], pa.string()) for name, at in header.places.items()}
    return batch_of(ords, found, flaws)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what a library says about a broken file into `BadRegisterFile`."""
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError, EOFError) as error:
        raise BadRegisterFile(f"{path.name} cannot be read: {error}") from error
    except OSError as error:
        # Arrow says so of broken contents; what the system refuses has a number.
        if error.errno is not None:
            raise
        raise BadRegisterFile(f"{path.name} cannot be read: {error}") from error
