"""Patterns and date formats that mean the same to ODK, to Python and to a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Report = Callable[..., None]

FEATURES = (
    (re.compile(r"\\[pP]"), "\\p, a class of Unicode"),
    (re.compile(r"\\[QE]"), "\\Q…\\E"),
    (re.compile(r"\\[AzZGhHRvVX]"), "an escape of Java alone"),
    (re.compile(r"\(\?[^:=!]"), "a flag, a named group or a look behind"),
    (re.compile(r"(?<!\\)[*+?}]\+"), "a possessive quantifier"),
    (re.compile(r"(?<!\\)\[[^\]]*&&"), "an intersection of classes"),
    (re.compile(r"\\[1-9]"), "a reference back to a group"),
    (re.compile(r"\([^()]*(?<!\\)[+*][^()]*\)[+*{]"), "a repetition of a repetition"),
)
FORMAT_SIGNS = set("YymndeHhMS3")
FORMAT_NAMES = set("ab")


@lru_cache(maxsize=500)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern for `fullmatch`; raises re.error. As in Java, \\d and \\w mean ASCII."""
    return re.compile(pattern, re.ASCII)


def check_pattern(pattern: Any, report: Report) -> None:
    """Report a pattern that is computed, broken, or read otherwise by another reader."""
    if not isinstance(pattern, str):
        report("regex", detail="it is computed; write it between quotes")
        return
    for feature, name in FEATURES:
        if feature.search(pattern):
            report("regex-feature", feature=name)
            return
    try:
        compiled(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        report("regex", detail=error)


def check_format(pattern: Any, report: Report) -> None:
    """Report signs of a date format that depend on the device or are not known."""
    if not isinstance(pattern, str):
        return
    for sign in re.findall(r"%(.?)", pattern):
        if sign not in FORMAT_SIGNS:
            report("format-date", sign=sign)
