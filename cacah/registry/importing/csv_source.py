"""Reads CSV: block by block through Arrow where it is regular, row by row with care elsewhere.

What is wrong with a row costs the speed of its own block and no other, and a row is found again by
the block in which it stood.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO

import pyarrow as pa

from cacah.registry.importing.csv_blocks import NotRegular, lines_in, parsed
from cacah.registry.importing.csv_rows import Row, Rows
from cacah.registry.importing.reading import BadRegisterFile, Header, batches_of_rows, header_of

_BLOCK = 3 << 20
# The most that may wait for the end of its row.
_LONGEST_ROW = 16 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class _Block:
    """Where a block starts, how many bytes it has, and the numbers of its rows."""

    start: int
    size: int
    rows: range
    # Each line is a row.
    regular: bool


@dataclass(slots=True)
class CsvSource:
    """A CSV file in UTF-8 (or UTF-16 with its mark), its cells parted by , ; tab or |."""

    path: Path
    header: Header
    delimiter: str
    encoding: str
    mark: int
    _lines_of_header: int = 1
    _first_row: int = 2
    # What was read, where the file is UTF-8.
    _blocks: list[_Block] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> CsvSource:
        """Read the header; raises `BadRegisterFile` without a usable one."""
        with path.open("rb") as file:
            start = file.read(4)
        mark, encoding = next(
            ((mark, encoding) for mark, encoding in _MARKS if start.startswith(mark)),
            (b"", "utf-8"),
        )
        source = cls(path, Header([], {}), ",", encoding, len(mark))
        source.delimiter = max(",;\t|", key=next(source._lines(), "").count)
        source.header = header_of(source._headings(), path)
        return source

    def _headings(self) -> list[str]:
        rows = Rows(self.delimiter)
        for number, line in enumerate(self._lines(), 1):
            for row, cells in rows.of([line]):
                self._lines_of_header, self._first_row = number, row + 1
                if isinstance(cells, list):
                    return cells
                break
        raise BadRegisterFile(f"{self.path.name}: the first row must name the columns")

    def batches(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield the file's rows, naming what is wrong with those that cannot be read."""
        return self._by_blocks(number) if self.encoding == "utf-8" else self.carefully(number)

    def carefully(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield the same, each row looked at by itself."""
        rows = islice(self._rows(), 1, None)
        yield from batches_of_rows(self.header, number, rows)

    def _by_blocks(self, number: int) -> Iterator[pa.RecordBatch]:
        self._blocks.clear()
        row, rest, ended = self._first_row, b"", False
        with self.path.open("rb") as file:
            file.seek(self.mark)
            start = self.mark + sum(len(file.readline()) for _ in range(self._lines_of_header))
            while not ended:
                more = file.read(_BLOCK)
                ended = not more
                rest += more
                content = rest if ended else rest[: rest.rfind(b"\n") + 1]
                block, batches = self._read(content, (start, row), number, ended)
                yield from batches
                self._blocks.append(block)
                start, row, rest = start + block.size, block.rows.stop, rest[block.size :]
                if len(rest) > _LONGEST_ROW:
                    raise BadRegisterFile(f"{self.path.name}: row {row} is without an end")

    def _read(
        self, content: bytes, place: tuple[int, int], number: int, ended: bool
    ) -> tuple[_Block, Iterable[pa.RecordBatch]]:
        """Return the rows of a block and how much of it they are; `place`: first byte and row."""
        start, first = place
        try:
            batches = parsed(content, self.header, self.delimiter, (number, first))
            lines = range(first, first + lines_in(content))
            return _Block(start, len(content), lines, regular=True), batches
        except NotRegular:
            rows = Rows(self.delimiter, first)
            lines_read = io.BytesIO(content).readlines()
            found = list(rows.of(map(_decoded, lines_read)))
            # A row that is not yet at its end is read together with the next block.
            left = 0 if ended else sum(map(len, lines_read[len(lines_read) - len(rows.waiting) :]))
            if ended:
                found += rows.rest()
            block = _Block(start, len(content) - left, range(first, rows.next), regular=False)
            return block, batches_of_rows(self.header, number, found)

    def cells(self, rows: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells as they stand) of the rows asked for, once all were read."""
        if self.encoding != "utf-8":
            yield from _listed(self._rows(keep_broken=True), rows)
            return
        wanted = sorted(rows)
        with self.path.open("rb") as file:
            for block in self._blocks:
                first, end = (bisect_left(wanted, n) for n in (block.rows.start, block.rows.stop))
                if first < end:
                    yield from self._cells_of(block, file, wanted[first:end])

    def _cells_of(
        self, block: _Block, file: IO[bytes], wanted: list[int]
    ) -> Iterator[tuple[int, list[str]]]:
        file.seek(block.start)
        lines = io.BytesIO(file.read(block.size)).readlines()
        if block.regular:
            for row in wanted:
                line = _decoded(lines[row - block.rows.start])
                yield from _listed(Rows(self.delimiter, row, keep_broken=True).of([line]), {row})
        else:
            rows = Rows(self.delimiter, block.rows.start, keep_broken=True)
            yield from _listed(chain(rows.of(map(_decoded, lines)), rows.rest()), set(wanted))

    def _lines(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            file.seek(self.mark)
            yield from io.TextIOWrapper(file, self.encoding, errors="replace", newline="\n")

    def _rows(self, *, keep_broken: bool = False) -> Iterator[Row]:
        rows = Rows(self.delimiter, keep_broken=keep_broken)
        yield from rows.of(self._lines())
        yield from rows.rest()


def _decoded(line: bytes) -> str:
    # What is not UTF-8 becomes U+FFFD, by which the cell is known later.
    return line.decode(errors="replace")


def _listed(rows: Iterable[Row], wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number in wanted and isinstance(cells, list):
            yield number, cells
