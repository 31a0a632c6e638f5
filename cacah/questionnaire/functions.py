"""The functions of expressions on values, each as ODK (JavaRosa) computes it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext
from math import inf, isinf, isnan, nan
from typing import Any

from cacah.questionnaire.values import (
    FIRST_DAY,
    LAST_DAY,
    Day,
    Number,
    Value,
    equal,
    nothing,
    number,
    parse_day,
    text,
    truth,
)

SPACES = re.compile(r"[ \t\n\x0b\f\r]+")
UP_TO_SPACE = "".join(map(chr, range(33)))
FORMAT_SIGN = re.compile(r"%(.?)", re.DOTALL)
MOST_PLACES = 30


# Numbers


def whole(value: Value) -> Number:
    """int(): cut off what is behind the point."""
    given = number(value)
    if given.__class__ is float:
        return given if isnan(given) or isinf(given) else float(math.trunc(given))
    return int(given)


def index(value: Value) -> int:
    """Return a whole number for counting with; 0 for NaN, bounded like Java's int."""
    given = number(value)
    if isnan(given):
        return 0
    return int(max(-(2.0**31), min(2.0**31 - 1, given)))


def rounded(value: Value, places: Value = 0) -> Number:
    """round(): half away from zero above it, half towards zero below it, as a spreadsheet."""
    given, digits = float(number(value)), index(places)
    if isnan(given) or isinf(given):
        return given
    if abs(digits) > MOST_PLACES:
        return nan
    if digits < 0:
        scale = 10.0**-digits
        return float(math.trunc(given / scale + 0.5)) * scale
    with localcontext() as context:
        context.prec = 400
        way = ROUND_HALF_DOWN if given < 0 else ROUND_HALF_UP
        return float(Decimal(repr(given)).quantize(Decimal(1).scaleb(-digits), way))


def divide(left: Value, right: Value) -> Number:
    """div: by zero it gives Infinity, or NaN for 0 div 0."""
    a, b = number(left), number(right)
    if b == 0:
        negative = (a < 0) != (math.copysign(1, b) < 0)
        return nan if a == 0 or isnan(a) else (-inf if negative else inf)
    return a / b


def remainder(left: Value, right: Value) -> Number:
    """mod: the remainder has the sign of the dividend."""
    a, b = number(left), number(right)
    if b == 0 or isnan(a) or isnan(b) or isinf(a):
        return nan
    return math.fmod(a, b)


def _guarded(compute: Callable[..., float]) -> Callable[..., float]:
    def guarded(*values: Value) -> float:
        try:
            return compute(*(float(number(value)) for value in values))
        except ValueError:
            return nan
        except OverflowError:
            return inf

    return guarded


def _log(compute: Callable[[float], float]) -> Callable[[Value], float]:
    guarded = _guarded(compute)
    return lambda value: -inf if number(value) == 0 else guarded(value)


def total(values: Sequence[Value]) -> Number:
    """sum(): what is not a number counts nothing."""
    try:
        added: Number = sum(values)  # type: ignore[arg-type]
    except TypeError:  # there are texts among them
        added = nan
    if added == added:
        return added
    numbers = [number(value) for value in values]
    return sum(each for each in numbers if each == each)


def least(values: Sequence[Value]) -> Number:
    """min(): of those that are numbers, NaN where none is."""
    return min((n for n in map(number, values) if not isnan(n)), default=nan)


def greatest(values: Sequence[Value]) -> Number:
    """max(): of those that are numbers, NaN where none is."""
    return max((n for n in map(number, values) if not isnan(n)), default=nan)


# Texts; ODK and browsers count in UTF-16 units


def _units(value: str) -> str:
    if value.isascii() or max(value) < "\U00010000":
        return value
    pairs = value.encode("utf-16-le", "surrogatepass")
    return "".join(
        chr(int.from_bytes(pairs[at : at + 2], "little")) for at in range(0, len(pairs), 2)
    )


def _joined(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def length(value: Value) -> int:
    """string-length()."""
    return len(_units(text(value)))


def part(value: Value, start: Value, end: Value | None = None) -> str:
    """substr(): from start to before end, both from 0, negative ones from the end."""
    units = _units(text(value))
    size = len(units)
    first, last = index(start), size if end is None else index(end)
    first, last = (size + at if at < 0 else at for at in (first, last))
    found = units[max(0, min(first, size)) : max(0, min(last, size))]
    return found if found.isascii() else _joined(found)


def before(value: Value, mark: Value) -> str:
    """substring-before(): the empty string where the mark is not found."""
    head, found, _ = text(value).partition(text(mark) or "\0")
    return head if found else ""


def after(value: Value, mark: Value) -> str:
    """substring-after(): the empty string where the mark is not found."""
    wanted = text(mark)
    if not wanted:
        return text(value)
    return text(value).partition(wanted)[2]


def translated(value: Value, old: Value, new: Value) -> str:
    """translate(): letter by letter; letters without a counterpart vanish."""
    into = text(new)
    table: dict[int, str] = {}
    for at, letter in enumerate(text(old)):
        table.setdefault(ord(letter), into[at : at + 1])
    return text(value).translate(table)


def tidy(value: Value) -> str:
    """normalize-space()."""
    return SPACES.sub(" ", text(value).strip(UP_TO_SPACE))


def joined(separator: Value, values: Sequence[Value]) -> str:
    """join()."""
    return text(separator).join(map(text, values))


# Choices


def selected(value: Value, choice: Value) -> bool:
    """selected()."""
    return f" {text(choice).strip()} " in f" {text(value)} "


def selected_at(value: Value, at: Value) -> str:
    """selected-at(): from 0, the empty string outside."""
    codes, place = [code for code in text(value).split(" ") if code], index(at)
    return codes[place] if 0 <= place < len(codes) else ""


def count_selected(value: Value) -> int:
    """count-selected()."""
    return len([code for code in text(value).split(" ") if code])


# Days


def day(value: Value) -> Value:
    """date(): the empty string for nothing, and for a day that there is not."""
    if isinstance(value, Day):
        return value
    if isinstance(value, str):
        found = parse_day(value) if value else None
        return "" if found is None else found
    days = whole(value)
    return Day(days) if FIRST_DAY <= days <= LAST_DAY else ""


def days(value: Value) -> Value:
    """decimal-date-time(): the number of days since 1970-01-01."""
    found = value if not isinstance(value, str) else day(value)
    return "" if found == "" else number(found)


def formatted(value: Value, pattern: Value) -> str:
    """format-date(): %Y %y %m %n %d %e, and zeros for the time of day."""
    found = day(value)
    if not isinstance(found, Day):
        return ""
    when = found.date
    signs = {
        "Y": f"{when.year:04}",
        "y": f"{when.year % 100:02}",
        "m": f"{when.month:02}",
        "n": str(when.month),
        "d": f"{when.day:02}",
        "e": str(when.day),
        "H": "00",
        "h": "0",
        "M": "00",
        "S": "00",
        "3": "000",
        "%": "%",
    }
    return FORMAT_SIGN.sub(lambda sign: signs.get(sign[1], ""), text(pattern))


# Booleans


def checklist(low: Value, high: Value, flags: Sequence[Value]) -> bool:
    """checklist(): whether between low and high of them hold; a negative bound is none."""
    count, least_, most = sum(map(truth, flags)), index(low), index(high)
    return (least_ < 0 or count >= least_) and (most < 0 or count <= most)


def weighted_checklist(low: Value, high: Value, *pairs: Value) -> bool:
    """weighted-checklist(): flags and weights in turn."""
    weights = zip(pairs[::2], pairs[1::2], strict=False)
    sum_ = sum((number(weight) for flag, weight in weights if truth(flag)), 0.0)
    return number(low) <= sum_ <= number(high)


def from_string(value: Value) -> bool:
    """boolean-from-string()."""
    given = text(value)
    return given.lower() == "true" or given == "1"


def coalesce(first: Value, second: Value) -> Value:
    """coalesce(): the first that is an answer."""
    return second if nothing(first) else first


# Functions of plain values, called with one value for each argument.
PLAIN: dict[str, Callable[..., Any]] = {
    "true": lambda: True,
    "false": lambda: False,
    "pi": lambda: math.pi,
    "boolean": truth,
    "not": lambda value: not truth(value),
    "number": number,
    "int": whole,
    "string": text,
    "date": day,
    "decimal-date-time": days,
    "boolean-from-string": from_string,
    "count-selected": count_selected,
    "string-length": length,
    "normalize-space": tidy,
    "abs": lambda value: abs(number(value)),
    "sqrt": _guarded(math.sqrt),
    "exp": _guarded(math.exp),
    "exp10": _guarded(lambda value: math.pow(10.0, value)),
    "log": _log(math.log),
    "log10": _log(math.log10),
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
    "tan": _guarded(math.tan),
    "asin": _guarded(math.asin),
    "acos": _guarded(math.acos),
    "atan": _guarded(math.atan),
    "atan2": _guarded(math.atan2),
    "pow": _guarded(math.pow),
    "round": rounded,
    "selected": selected,
    "selected-at": selected_at,
    "coalesce": coalesce,
    "format-date": formatted,
    "contains": lambda value, mark: text(mark) in text(value),
    "starts-with": lambda value, mark: text(value).startswith(text(mark)),
    "ends-with": lambda value, mark: text(value).endswith(text(mark)),
    "substring-before": before,
    "substring-after": after,
    "substr": part,
    "translate": translated,
    "weighted-checklist": weighted_checklist,
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "div": divide,
    "mod": remainder,
    "neg": lambda value: -number(value),
}
# Functions of a list of values: the rows of one argument, or all the arguments after `lead`.
OF_MANY: dict[str, tuple[int, Callable[..., Any]]] = {
    "count": (0, len),
    "count-non-empty": (0, lambda values: sum(value != "" for value in values)),
    "sum": (0, total),
    "min": (0, least),
    "max": (0, greatest),
    "concat": (0, lambda values: joined("", values)),
    "join": (1, joined),
    "checklist": (2, checklist),
}
BOOLEANS = """true false boolean not selected boolean-from-string contains starts-with ends-with
    checklist weighted-checklist regex and or = != < <= > >="""
NUMBERS = """number int round abs sqrt exp exp10 log log10 sin cos tan asin acos atan atan2 pow pi
    string-length count-selected count count-non-empty sum min max position + - * div mod neg"""
TEXTS = """string concat join substr substring-before substring-after translate normalize-space
    selected-at format-date"""
# What kind a function or operator always gives.
GIVES = {
    **dict.fromkeys(BOOLEANS.split(), "boolean"),
    **dict.fromkeys(NUMBERS.split(), "number"),
    **dict.fromkeys(TEXTS.split(), "text"),
    "col": "text",
    "choices": "text",
}
