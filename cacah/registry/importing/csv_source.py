"""Reads CSV: through Arrow while the file is perfectly regular, else row by row with care."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from cacah.registry.importing.reading import (
    BadRegisterFile,
    Header,
    batch_of,
    batches_of_rows,
    header_of,
    numbered,
)

_BLOCK = 3 << 20
# A quoted cell may hold line breaks; one that stays open longer than this was never closed.
_LINES_IN_A_ROW = 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Neither belongs in a cell; careful reading says in which row they are.
_SUSPECT = (b"\0", "\ufffd".encode())
Row = tuple[int, "list[str] | str"]


class Irregular(Exception):
    """The file holds something that only careful reading can place in its row."""

    def __init__(self, source: CsvSource) -> None:
        super().__init__(source.path.name)
        self.source = source


@dataclass(slots=True)
class CsvSource:
    """A CSV file in UTF-8 (or UTF-16 with its mark), its cells parted by , ; tab or |."""

    path: Path
    header: Header
    delimiter: str
    encoding: str
    mark: int

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
        first = next(iter(source._lines()), "")
        source.delimiter = max(",;\t|", key=first.count)
        _, headings = next(source._rows(), (1, "quote"))
        if isinstance(headings, str):
            raise BadRegisterFile(f"{path.name}: the first row must name the columns")
        source.header = header_of(headings, path)
        return source

    def batches(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield the file's rows; raises `Irregular` when `carefully` must be used instead."""
        if self.encoding != "utf-8":
            raise Irregular(self)
        row = 2
        for block in self._blocks():
            table = self._parsed(block)
            cells = {
                name: column.combine_chunks()
                for name, column in zip(self.header.places, table.columns, strict=True)
            }
            yield batch_of(numbered(number, row, table.num_rows), cells, doubtful=False)
            row += table.num_rows

    def _blocks(self) -> Iterator[bytes]:
        """Yield whole lines, some megabytes at a time, without the header."""
        rest = b""
        with self.path.open("rb") as file:
            file.seek(self.mark)
            if file.readline().count(b'"') % 2:
                raise Irregular(self)
            while block := file.read(_BLOCK):
                lines, newline, after = (rest + block).rpartition(b"\n")
                rest = after
                if newline:
                    yield lines + newline
        if rest:
            yield rest

    def _parsed(self, block: bytes) -> pa.Table:
        if block.count(b'"') % 2 or any(text in block for text in _SUSPECT):
            raise Irregular(self)
        names = [str(place) for place in range(len(self.header.headings))]
        try:
            return pa_csv.read_csv(
                pa.BufferReader(block),
                pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=2 * _BLOCK),
                pa_csv.ParseOptions(delimiter=self.delimiter, ignore_empty_lines=False),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[str(place) for place in self.header.places.values()],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            raise Irregular(self) from error

    def carefully(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield the file's rows, naming what is wrong with those that cannot be read."""
        rows = islice(self._rows(), 1, None)
        yield from batches_of_rows(self.header, number, rows)

    def cells(self, rows: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells as they stand) of the rows asked for."""
        for number, cells in self._rows(keep_broken=True):
            if number in rows:
                yield number, cells if isinstance(cells, list) else [cells]

    def _lines(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            file.seek(self.mark)
            # What is not UTF-8 becomes U+FFFD, by which the cell is known later.
            text = io.TextIOWrapper(file, self.encoding, errors="replace", newline="\n")
            yield from text

    def _rows(self, keep_broken: bool = False) -> Iterator[Row]:
        """Yield (row number, cells) of rows that are not blank, or "quote" for an open quote."""
        number = 0
        waiting: list[str] = []
        for line in self._lines():
            queue = [line]
            while queue:
                waiting.append(queue.pop(0))
                if sum(text.count('"') for text in waiting) % 2 == 0:
                    number += 1
                    record, waiting = "".join(waiting), []
                    if record.strip():
                        yield number, self._split(record)
                elif len(waiting) == _LINES_IN_A_ROW:
                    # The first line's quote was never closed; the others are rows of their own.
                    number += 1
                    yield number, waiting[0] if keep_broken else "quote"
                    queue, waiting = waiting[1:] + queue, []
        for line in waiting:
            number += 1
            yield number, line if keep_broken else "quote"

    def _split(self, record: str) -> list[str] | str:
        try:
            return next(csv.reader([record.rstrip("\r\n")], delimiter=self.delimiter))
        except csv.Error:
            return "quote"
