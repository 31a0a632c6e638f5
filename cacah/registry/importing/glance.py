"""Reads a column at once where its cells are clean: long numbers, dates, cells of few values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer[Any]]
Bytes = npt.NDArray[np.uint8]

UNKNOWN = 98
_SMALLEST = 10**15
_PARTS = np.isin(np.arange(256), [ord(mark) for mark in "-/."])
# Where year, month and day stand in YYYY-MM-DD and in DD-MM-YYYY.
_YEAR_FIRST = [0, 1, 2, 3, 5, 6, 8, 9]
_YEAR_LAST = [6, 7, 8, 9, 3, 4, 0, 1]
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)


def numbers(cells: pa.StringArray) -> tuple[Numbers, Flags]:
    """Return the number of each cell, and which cells are 16 digits that do not begin with 0."""
    rows, text = _of_width(cells, 16)
    # Eight digits are one word of the machine: its bytes become pairs, then fours, then a number.
    words = text.view("<u8")
    digits = words & 0xF0F0F0F0F0F0F0F0 == 0x3030303030303030
    digits &= words + 0x0606060606060606 & 0xF0F0F0F0F0F0F0F0 == 0x3030303030303030
    words = (words & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8
    words = (words & 0x00FF00FF00FF00FF) * 6553601 >> 16
    words = (words & 0x0000FFFF0000FFFF) * 42949672960001 >> 32
    values = (words[:, 0] * 10**8 + words[:, 1]).astype(np.int64)
    good = digits[:, 0] & digits[:, 1] & (values >= _SMALLEST)
    return _spread(rows, len(cells), values, good)


def dates(cells: pa.StringArray, earliest: int, latest: int) -> tuple[Numbers, Flags]:
    """Return dates as numbers such as 19800515, and which cells are one from then to then.

    A day or month that is written 00 is `UNKNOWN`; the date is then as early as it can be.
    """
    rows, text = _of_width(cells, 10)
    text = text.T
    year_first = _PARTS[text[4]] & _PARTS[text[7]]
    year_last = _PARTS[text[2]] & _PARTS[text[5]]
    digits = (text - np.uint8(ord("0")))[_YEAR_FIRST]
    if not year_first.all():
        digits = np.where(year_first, digits, (text - np.uint8(ord("0")))[_YEAR_LAST])
    good = (year_first | year_last) & (digits <= 9).all(axis=0)
    pairs = np.where(good, digits[::2] * np.uint8(10) + digits[1::2], 0).astype(np.int32)
    year, month, day = pairs[0] * 100 + pairs[1], pairs[2], pairs[3]
    first_month, first_day = np.maximum(month, 1), np.maximum(day, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= first_day <= _DAYS[first_month] + (leap & (first_month == 2))
    first = year * 10_000 + first_month * 100 + first_day
    good &= (first >= earliest) & (first <= latest)
    month, day = np.where(month, month, UNKNOWN), np.where(day, day, UNKNOWN)
    return _spread(rows, len(cells), year * 10_000 + month * 100 + day, good)


@dataclass(frozen=True, slots=True)
class Distinct:
    """A column of few values: which value each row has, and in which rows it is clean."""

    values: list[Any]
    places: Numbers
    clean: Flags

    def texts(self, rows: Numbers | slice = slice(None)) -> pa.StringArray:
        """Return the value of each row, or of some rows; null where it is not clean."""
        return pa.array(self.values, pa.string()).take(pa.array(self.places[rows]))

    def numbers(self) -> Numbers:
        """Return the number of each row, 0 where it is not clean."""
        return np.array([value or 0 for value in self.values], np.int32)[self.places]


def distinct(cells: pa.StringArray, mend: Callable[[str], Any]) -> Distinct:
    """Ask what each value of a column is to be, once; None where it is not clean."""
    encoded = cells.dictionary_encode()
    values = [mend(cell) for cell in encoded.dictionary.to_pylist()]
    places: Numbers = encoded.indices.to_numpy()
    return Distinct(values, places, np.array([v is not None for v in values], np.bool_)[places])


def _of_width(cells: pa.StringArray, width: int) -> tuple[Flags | None, Bytes]:
    """Return the bytes of the cells of that width, one row each, and which they are.

    None stands for all of them.
    """
    _, ends, data = cells.buffers()
    bounds = np.frombuffer(ends, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    text = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    rows = np.diff(bounds) == width
    if rows.all():
        return None, text[bounds[0] : bounds[-1]].reshape(-1, width)
    return rows, text[bounds[:-1][rows][:, None] + np.arange(width)]


def _spread(rows: Flags | None, size: int, values: Numbers, good: Flags) -> tuple[Numbers, Flags]:
    """Put what was found in some rows where they stand among all."""
    if rows is None:
        return values, good
    all_values, all_good = np.zeros(size, values.dtype), np.zeros(size, np.bool_)
    all_values[rows], all_good[rows] = values, good
    return all_values, all_good
