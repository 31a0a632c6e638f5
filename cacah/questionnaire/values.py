"""The values of expressions, and how ODK (JavaRosa) turns one kind into another."""

from __future__ import annotations

import re
from datetime import date, timedelta
from math import inf, isnan, nan

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?", re.ASCII | re.DOTALL)
EPOCH = date(1970, 1, 1)
FIRST_DAY = (date.min - EPOCH).days
LAST_DAY = (date.max - EPOCH).days
SAME = 1e-12
JAVA_INT = 2**31
# So many digits a double holds exactly.
EXACT_DIGITS = 16


class Day(int):
    """A day as ODK's date: days since 1970-01-01 in arithmetic, YYYY-MM-DD as a string.

    Always from FIRST_DAY to LAST_DAY, so that it can be written; arithmetic gives plain numbers.
    """

    @property
    def date(self) -> date:
        """The calendar date."""
        return EPOCH + timedelta(days=int(self))


Number = int | float
Value = str | int | float | bool | Day


def day_of(day: date) -> Day:
    """Return a calendar date as a Day."""
    return Day((day - EPOCH).days)


def parse_day(text: str) -> Day | None:
    """Read YYYY-MM-DD, a time behind it left out; None for a day that there is not."""
    found = ISO_DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return day_of(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return None


def number(value: Value) -> Number:
    """Return a value as a number; NaN for a text that is none."""
    if value.__class__ is str:
        if len(value) < EXACT_DIGITS and value.isdecimal() and value.isascii():
            return int(value)
        text = value.strip().replace(",", ".")
        return float(text) if NUMBER.fullmatch(text) else nan
    return value if value.__class__ is float else int(value)


def text(value: Value) -> str:
    """Return a value as a string; whole numbers without a point, none with an exponent."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, Day):
        return value.date.isoformat()
    return _float_text(float(value))


def _float_text(value: float) -> str:
    if isnan(value):
        return "NaN"
    if value in (inf, -inf):
        return "Infinity" if value > 0 else "-Infinity"
    if abs(value) < JAVA_INT and abs(value - round(value)) < SAME:
        return str(round(value))
    written = repr(value)
    if "e" in written:
        written = format(value, ".17f") if abs(value) < 1 else format(value, ".0f")
        written = written.rstrip("0").rstrip(".") if "." in written else written
    return written.removesuffix(".0")


def truth(value: Value) -> bool:
    """Return a value as a boolean; every day and every text but the empty one is true."""
    kind = value.__class__
    if kind is str:
        return value != ""
    if kind is Day:
        return True
    if kind is float:
        return abs(value) > SAME  # type: ignore[arg-type] # false for NaN
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """Compare as booleans where either is one, then as numbers, else as strings."""
    a, b = left.__class__, right.__class__
    if a is str and b is str:
        return left == right
    if a is bool or b is bool:
        return truth(left) is truth(right)
    if a in (int, float) or b in (int, float):
        return abs(number(left) - number(right)) < SAME
    return text(left) == text(right)


def nothing(value: Value) -> bool:
    """Return whether a value is no answer: the empty string or NaN."""
    return value == "" or (value.__class__ is float and isnan(value))
