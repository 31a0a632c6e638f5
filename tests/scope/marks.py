"""Marks: words and numbers that stand nowhere else, and finding them in what a page answers."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable
from itertools import count
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

# Eight letters of which no word of a page consists, each begun by this.
BEGIN = "Qz"
LETTERS = "bcdfghjklmnpqrstvwxz"
WORD = re.compile(rf"{BEGIN}[{LETTERS}]{{8}}", re.IGNORECASE)
SEPARATED = re.compile(r"(?<=\d)[.,\u00a0\u202f ](?=\d{3}(?!\d))")
NUMBER = re.compile(r"(?<!\d)\d{7,8}(?!\d)")
_serial = count(1)
# Every mark of letters there is: a random token may look like one.
MADE: set[str] = set()


def word() -> str:
    """Return a mark of letters, another at each call."""
    number, letters = next(_serial) * 7_368_787, ""
    for _ in range(8):
        number, letter = divmod(number, len(LETTERS))
        letters += LETTERS[letter]
    MADE.add((BEGIN + letters).lower())
    return BEGIN + letters


def number() -> int:
    """Return a mark of seven or eight digits, another at each call."""
    return 3_000_017 + next(_serial) * 10_007


def part(mark: str) -> str:
    """Return enough of a mark to search for it; a page that says it again has told nothing."""
    return mark[:7]


def found_in(response: Any, printed: Iterable[str] = ()) -> set[str | int]:
    """Return every mark in a response's body, headers and cookies, and in what a PDF printed."""
    texts = [*(f"{name}: {value}" for name, value in response.items()), *printed]
    texts += [str(cookie) for cookie in response.cookies.values()]
    return marks_in([*texts, *bodies(response)])


def marks_in(texts: Iterable[str]) -> set[str | int]:
    """Return every mark in these texts."""
    found: set[str | int] = set()
    for text in texts:
        plain = html.unescape(unquote(text))
        found |= {each.lower() for each in WORD.findall(plain)}
        found |= {int(each) for each in NUMBER.findall(SEPARATED.sub("", plain))}
    return found


def bodies(response: Any) -> list[str]:
    """Return a body as text; of a workbook or another archive each part of it."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    if not raw.startswith(b"PK\x03\x04"):
        return [raw.decode("utf-8", "replace")]
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]


GARBAGE = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "²",
        "1e9",
        "99999999999999999999",
        "9223372036854775807",
        "%",
        "_",
        "\\",
        "'",
        '"><script>',
        "../..",
        "\0",
        "33\0",
        "\ud7ff",
        "٣٣",
        "null",
        "33.25'--",
        "x" * 300,
    ]
)
