"""Reads CSV in whatever encoding and with whatever separator a spreadsheet has written it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cacah.institutions.files import headings
from cacah.institutions.files.problems import BadRoster

Row = tuple[int, list[str]]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = ",;\t|"
_BLOCK = 1 << 20
# A cell may hold a line break; one that goes on for longer was never closed.
_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Text:
    """A text file: its encoding, what parts its cells, and whether the encoding was a guess."""

    file: BinaryIO
    encoding: str
    separator: str
    guessed: bool

    def rows(self) -> Iterator[Row]:
        """Yield the number and the cells of each row; raises BadRoster for an open quotation."""
        for number, (_, cells) in enumerate(_records(self.file, self.encoding, self.separator), 1):
            yield number, cells


def open_text(file: BinaryIO) -> Text:
    """Find out how a text is written; raises BadRoster where it is none."""
    file.seek(0)
    start = file.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    encoding = marked or ("utf-8" if _is_utf8(file) else "cp1252")
    return Text(file, encoding, _separator(file, encoding), not marked and encoding == "cp1252")


def _is_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    try:
        while block := text.read(_BLOCK):
            if "\0" in block:
                raise BadRoster("binary")
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
    return True


def _separator(file: BinaryIO, encoding: str) -> str:
    """Return what parts the headings, or else what is there most often in the first lines."""
    for separator in _SEPARATORS:
        first = []
        for record in _records(file, encoding, separator):
            first.append(record)
            if len(first) > headings.FIRST_ROWS:
                break
        if headings.find(first):
            return separator
    file.seek(0)
    sample = file.read(4096).decode(encoding.removesuffix("-sig"), "replace")
    return max(_SEPARATORS, key=sample.count)


def _records(file: BinaryIO, encoding: str, separator: str) -> Iterator[Row]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    reader = csv.reader(text, delimiter=separator)
    before = 0
    try:
        for cells in reader:
            if reader.line_num - before > _MOST_LINES:
                raise BadRoster("quote", row=before + 1)
            before = reader.line_num
            yield reader.line_num, cells
    except csv.Error:
        raise BadRoster("quote", row=before + 1) from None
    finally:
        if not file.closed:  # it may be, where nobody read to the end
            text.detach()
