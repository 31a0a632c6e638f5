"""Reads xlsx (the first sheet) and Parquet."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cacah.registry.importing.reading import (
    BadRegisterFile,
    Header,
    batch_of,
    batches_of_rows,
    header_of,
    numbered,
    readable,
)

_PARQUET_ROWS = 20_000
# What zipfile, XML parsers (SyntaxError) and openpyxl raise over a broken workbook.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
)


@dataclass(slots=True)
class XlsxSource:
    """The first sheet of an Excel workbook, its first row naming the columns."""

    path: Path
    header: Header

    @classmethod
    def open(cls, path: Path) -> XlsxSource:
        """Read the header; raises `BadRegisterFile` without a usable one."""
        source = cls(path, Header([], {}))
        headings = next(source._rows(), (1, []))[1]
        while headings and not headings[-1]:
            headings.pop()
        source.header = header_of(headings, path)
        return source

    def batches(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield every row that is not empty."""
        width = len(self.header.headings)
        numbers = {place for n, place in self.header.places.items() if n in ("kk", "nik")}
        rows = (
            (row, self._padded(cells, width))
            for row, cells in self._rows(numbers)
            if row > 1 and any(cells)
        )
        yield from batches_of_rows(self.header, number, rows, 5000)

    def cells(self, rows: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells) of the rows asked for."""
        return ((row, cells) for row, cells in self._rows() if row in rows)

    @staticmethod
    def _padded(cells: list[str], width: int) -> list[str]:
        """Empty cells at the end of a row are no cells too many or too few."""
        while len(cells) > width and not cells[-1]:
            cells.pop()
        return cells + [""] * (width - len(cells))

    def _rows(self, numbers: set[int] = frozenset()) -> Iterator[tuple[int, list[str]]]:  # type: ignore[assignment]
        # Only here: to import it takes as long as to read 40,000 rows of CSV.
        import openpyxl

        try:
            book = openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        except _BROKEN as error:
            raise BadRegisterFile(f"{self.path.name} is no readable xlsx file") from error
        try:
            sheet = book.worksheets[0]
            for row, values in enumerate(sheet.iter_rows(values_only=True), 1):
                yield row, [_text(value, place in numbers) for place, value in enumerate(values)]
        except _BROKEN as error:
            raise BadRegisterFile(f"{self.path.name} is no readable xlsx file") from error
        finally:
            book.close()


def _text(value: Any, is_number: bool) -> str:
    """Return a cell as text; a NIK or KK number that is a number has lost digits already."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if is_number and isinstance(value, int | float):
        # As Excel shows it, by which the check names the cause.
        return f"{value:.10E}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@dataclass(slots=True)
class ParquetSource:
    """A Parquet file; text, whole numbers and dates are read alike."""

    path: Path
    header: Header

    @classmethod
    def open(cls, path: Path) -> ParquetSource:
        """Read the schema; raises `BadRegisterFile` without the needed columns."""
        with readable(path), pq.ParquetFile(path) as file:
            return cls(path, header_of(file.schema_arrow.names, path))

    def batches(self, number: int) -> Iterator[pa.RecordBatch]:
        """Yield every row; the first is row 2, as if a header stood above it."""
        places, heading = self.header.places, self.header.headings
        wanted = [heading[place] for place in places.values()]
        row = 2
        with readable(self.path), pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(_PARQUET_ROWS, columns=wanted):
                cells = {
                    name: pc.fill_null(batch.column(heading[place]).cast(pa.string()), "")
                    for name, place in places.items()
                }
                yield batch_of(numbered(number, row, batch.num_rows), cells)
                row += batch.num_rows

    def cells(self, rows: set[int]) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, cells as text) of the rows asked for."""
        row = 2
        with readable(self.path), pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(_PARQUET_ROWS):
                for offset in range(batch.num_rows):
                    if row + offset in rows:
                        values = batch.slice(offset, 1).to_pylist()[0].values()
                        yield row + offset, ["" if v is None else str(v) for v in values]
                row += batch.num_rows
