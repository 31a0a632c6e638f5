"""Reads one value of the answers, which anybody may have written, for the rules to work with."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from cacah.questionnaire.values import JAVA_INT, Day, Value, parse_day

MAX_TEXT = 1_000
# What XML 1.0 cannot hold: control characters, lone surrogates, U+FFFE and U+FFFF.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class WrongType(Exception):
    """The value is not of the question's type."""


def read_text(value: Any) -> Value:
    """Return a text of at most MAX_TEXT characters that XML can hold; raises WrongType."""
    if value.__class__ is not str or len(value) > MAX_TEXT:
        raise WrongType
    if not (value.isascii() and value.isprintable()) and ILLEGAL.search(value):
        raise WrongType
    return value


def read_integer(value: Any) -> Value:
    """Return a JSON integer of 32 bits; raises WrongType."""
    if value.__class__ is not int or not -JAVA_INT <= value < JAVA_INT:
        raise WrongType
    return value


def read_decimal(value: Any) -> Value:
    """Return a JSON number; raises WrongType."""
    if value.__class__ is int and -(2**53) <= value <= 2**53:
        return value
    if value.__class__ is float and isfinite(value):
        return value
    raise WrongType


def read_day(value: Any) -> Value:
    """Return a day that exists, written YYYY-MM-DD; raises WrongType."""
    if value.__class__ is not str or not DAY.fullmatch(value):
        raise WrongType
    found = parse_day(value)
    if found is None:
        raise WrongType
    return found


TEXTS = ("text", "hidden", "select_one", "select_multiple")
READERS: dict[str, Callable[[Any], Value]] = {
    **dict.fromkeys(TEXTS, read_text),
    "integer": read_integer,
    "decimal": read_decimal,
    "date": read_day,
}


def written(value: Value) -> Any:
    """Return a value as the answers hold it."""
    return value.date.isoformat() if isinstance(value, Day) else value


def shown(key: Any) -> str:
    """Return a key of the answers so that it can be told: short, printable, valid UTF-8."""
    return str(key)[:60].encode("ascii", "backslashreplace").decode() if key else ""
