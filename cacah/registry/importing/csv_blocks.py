"""Parses blocks of CSV through Arrow, as long as every line of them is one row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from cacah.registry.importing.reading import Header, batch_of, batches_of_rows, numbered

# Neither belongs in a cell; careful reading says in which row they are.
_SUSPECT = (b"\0", "\ufffd".encode())
# Arrow passes over it.
_MARK = "\ufeff".encode()


class NotRegular(Exception):
    """Raised for a block in which a row is not a line, or a cell holds what it must not."""


def lines_in(block: bytes) -> int:
    """Return how many lines a block has, the last of which need not end."""
    return block.count(b"\n") + (not block.endswith(b"\n"))


def parsed(
    block: bytes, header: Header, delimiter: str, place: tuple[int, int]
) -> list[pa.RecordBatch]:
    """Return the rows of a block as batches of `reading.SCHEMA`; raises `NotRegular`.

    `place` is the number of the file and that of the block's first row.
    """
    if not _is_text(block) or _quotes_span_lines(block):
        raise NotRegular
    uneven: list[pa_csv.InvalidRow] = []
    table = _table(block, header, delimiter, uneven)
    lines = lines_in(block)
    if table.num_rows + len(uneven) != lines:
        raise NotRegular
    file, first_row = place
    cells = {
        name: column.combine_chunks()
        for name, column in zip(header.places, table.columns, strict=True)
    }
    ords = numbered(file, first_row, lines)
    if not uneven:
        return [batch_of(ords, cells, doubtful=False)]
    flawed = [(first_row + row.number - 1, "columns") for row in uneven if row.text.strip()]
    even = np.delete(ords.to_numpy(), [row.number - 1 for row in uneven])
    return [
        batch_of(pa.array(even), cells, doubtful=False),
        *batches_of_rows(header, file, flawed),
    ]


def _is_text(block: bytes) -> bool:
    """Tell whether Arrow would take it for the text that it is."""
    if any(text in block for text in _SUSPECT) or block.startswith(_MARK):
        return False
    if block.count(b"\r") != block.count(b"\r\n"):
        return False
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


def _quotes_span_lines(block: bytes) -> bool:
    """Tell whether a line has an odd number of quotation marks."""
    if b'"' not in block:
        return False
    text = np.frombuffer(block, np.uint8)
    quotes, ends = np.flatnonzero(text == ord('"')), np.flatnonzero(text == ord("\n"))
    return len(quotes) % 2 == 1 or bool((np.searchsorted(quotes, ends) % 2).any())


def _size_without_end(block: bytes) -> int:
    return len(block) - block.endswith(b"\n") - block.endswith(b"\r\n")


def _table(
    block: bytes, header: Header, delimiter: str, uneven: list[pa_csv.InvalidRow]
) -> pa.Table:
    """Return the columns that are used; rows with too many or too few cells go to `uneven`."""
    names = [str(place) for place in range(len(header.headings))]

    def skip(row: pa_csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    try:
        return pa_csv.read_csv(
            # A quote that is open at the end must not take the line's end into its cell.
            pa.BufferReader(pa.py_buffer(block).slice(0, _size_without_end(block))),
            pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(block) + 1),
            pa_csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[str(place) for place in header.places.values()],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise NotRegular from error
