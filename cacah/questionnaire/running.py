"""What the Python code that is written for an instrument calls while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isfinite, nan, trunc
from typing import Any

from cacah.questionnaire.functions import day, index, part
from cacah.questionnaire.layout import Row
from cacah.questionnaire.model import Choice, Text, wording
from cacah.questionnaire.values import Number, Value, number

# A number so near a whole one is kept as that one.
WHOLE = 1e-9
Columns = dict[str, str]


def num(value: Value | None) -> Number:
    """Return what a slot holds as a number, NaN where nothing is."""
    return nan if value is None or value == "" else number(value)


class Codes(dict[str | None, Number]):
    """The codes of choices as numbers; other texts are read when they come."""

    def __missing__(self, text: str | None) -> Number:
        return num(text)


def codes_of(lists: Iterable[Sequence[Choice]]) -> Codes:
    """Return the codes of these lists, and NaN for no answer."""
    codes: dict[str | None, Number] = {None: nan, "": nan}
    codes |= {choice.value: number(choice.value) for choices in lists for choice in choices}
    return Codes(codes)


def cut(words: str, start: int, end: int | None) -> str:
    """Return part of a text between bounds that are plain numbers."""
    return words[start:end] if words.isascii() else part(words, start, end)


def at_least(bound: Number, value: Number) -> Number:
    """Return the greater of two numbers, the bound where the other is NaN."""
    return value if value > bound else bound


def at_most(bound: Number, value: Number) -> Number:
    """Return the lesser of two numbers, the bound where the other is NaN."""
    return value if value < bound else bound


def picked(rows: list[Row], test: Callable[[Row], Value]) -> list[Row]:
    """Return the rows for which a predicate holds, or whose number it gives."""
    return [row for at, row in enumerate(rows, 1) if _passes(test(row), at)]


def _passes(result: Value, at: int) -> bool:
    kind = result.__class__
    if kind is float or kind is int:
        return bool(result == at)
    return result is True or (kind is not bool and result != "")


def item(row: Row | None, slot: int, told: Value = 1) -> Row | None:
    """Return the row of a repeat whose number is told; 0, negative or NaN is 1."""
    rows = row[slot] if row else None
    at = max(1, index(told))
    return rows[at - 1] if rows and at <= len(rows) else None


def fetched(row: Row | None, slot: int) -> Any:
    """Return a value of a row that there may be."""
    value = row[slot] if row else None
    return "" if value is None or value.__class__ is list else value


def matches(items: list[tuple[Columns, Choice]], test: Any, column: str, language: str) -> Any:
    """Return a column, or the label, of each choice for which a predicate holds."""
    found = [pair for pair in items if test(pair[0])]
    if column != "label":
        return [columns.get(column, "") for columns, _ in found]
    return [without_answers(wording(choice.label, language)) for _, choice in found]


def without_answers(words: Text) -> str:
    """Return a choice's label without the answers it may show."""
    if isinstance(words, str):
        return words
    return "".join(each for each in words if isinstance(each, str))


def offered(
    test: Callable[..., Any], items: dict[str, list[Columns]], code: str, *rows: Row
) -> bool:
    """Return whether the choice filter leaves one of the choices of this code."""
    return any(test(columns, *rows) for columns in items[code])


def all_offered(
    test: Callable[..., Any], items: dict[str, list[Columns]], value: str, *rows: Row
) -> bool:
    """Return whether the choice filter leaves each of the codes separated by spaces."""
    return all(offered(test, items, code, *rows) for code in value.split(" "))


def chosen(value: Any, values: frozenset[str]) -> bool:
    """Return whether codes separated by spaces are all of the list, each once."""
    if value.__class__ is not str:
        return False
    codes = value.split(" ")
    return values.issuperset(codes) and len(set(codes)) == len(codes)


# How a calculation's result is kept, by the node's type, where it is not a text or boolean.


def kept_number(value: float, *, whole: bool = False) -> Value:
    """Return a number as JavaRosa keeps it, "" for NaN and infinity."""
    if not isfinite(value):
        return ""
    cut_off = trunc(value)
    return cut_off if whole or abs(value - cut_off) < WHOLE else value


def keep(value: Value) -> Value:
    """Keep a result of any kind."""
    return kept_number(value) if isinstance(value, float) else value


def keep_integer(value: Value) -> Value:
    """Keep a number without its fraction; a text is read as a number."""
    if value.__class__ is str:
        value = float(number(value))
    return kept_number(value, whole=True) if isinstance(value, float) else value


def keep_decimal(value: Value) -> Value:
    """Keep a number; a text is read as one."""
    return keep(float(number(value)) if value.__class__ is str else value)


def keep_date(value: Value) -> Value:
    """Keep a day; a text is read as one."""
    return day(value) if value.__class__ is str else keep(value)


KEEP = {"integer": keep_integer, "decimal": keep_decimal, "date": keep_date}
