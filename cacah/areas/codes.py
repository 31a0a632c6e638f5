"""Area codes of the Ministry of Home Affairs, in both spellings: 33.25.01.2001 and 3325012001."""

from __future__ import annotations

import re

# Digits of a code at each level: province, regency, district, village, SLS.
LENGTHS = (2, 4, 6, 10, 16)
_DOTTED = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4}(\.[0-9]{6})?)?)?)?")
_UNDOTTED = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10}|[0-9]{16}")


class NotAnAreaCode(ValueError):
    """Raised for a text that is no area code in either spelling."""


def parse(text: str) -> str:
    """Return the undotted code; raises `NotAnAreaCode` for anything else than the two spellings."""
    text = text.strip()
    if _UNDOTTED.fullmatch(text):
        return text
    if _DOTTED.fullmatch(text):
        return text.replace(".", "")
    raise NotAnAreaCode(text)


def dotted(code: str) -> str:
    """Return the code as people read it, `33.25.01.2001`."""
    starts = (0, *(end for end in LENGTHS if end < len(code)))
    return ".".join(code[a:b] for a, b in zip(starts, LENGTHS, strict=False))


def level_of(code: str) -> int:
    """Return 1 for a province … 5 for an SLS; raises `NotAnAreaCode` on another length."""
    try:
        return LENGTHS.index(len(code)) + 1
    except ValueError:
        raise NotAnAreaCode(code) from None


def parent_of(code: str) -> str | None:
    """Return the code of the area around this one, None for a province."""
    level = level_of(code)
    return code[: LENGTHS[level - 2]] if level > 1 else None


def lineage(code: str) -> list[str]:
    """Return the codes from the province down to this area, itself last."""
    return [code[:length] for length in LENGTHS[: level_of(code)]]
