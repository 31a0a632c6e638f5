"""Checks one row of a roster: what is forgiven is mended, what is not is named by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

LONGEST = {"name": 100, "number": 40, "unit": 150}
# Whatever people or programs put between or around the digits of a number.
_AROUND = re.compile(r"[\s.'’‘`\-\u00a0\u200b\u2007\u202f\ufeff]+")
_EXCEL = re.compile(r"\d([.,]\d+)?[eE]\+?\d{1,2}")
_WHOLE_FLOAT = re.compile(r"(\d{16})[.,]0+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# A line break in a cell, and somebody's NIK after it: what follows was meant as another row.
_SWALLOWED = re.compile(r"[\r\n][\s\S]*\d{16}")
_TOTAL = re.compile(r"(sub ?)?(jumlah|total)\b.{0,40}", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
# How a number cell of a workbook is marked on its way here; no typed text begins so.
NUMBER = "\x01"
FORMULA = "\x02"

Problem = dict[str, Any]


@dataclass(slots=True)
class Person:
    """A row's cells as far as they could be mended, and what is wrong with them."""

    nik: str
    name: str
    number: str = ""
    unit: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def cells(self) -> dict[str, str]:
        return {"nik": self.nik, "name": self.name, "number": self.number, "unit": self.unit}


def check(cells: dict[str, str], *, shifted: bool = False) -> Person:
    """Return the person of a row; `shifted` where it has more cells than there are headings."""
    nik, problem = nik_of(cells.get("nik", ""))
    name, number, unit = (tidy(cells.get(each, "")) for each in ("name", "number", "unit"))
    person = Person(nik, name, number, unit)
    if problem:
        person.problems.append(problem)
    if not person.name:
        person.problems.append({"code": "name:empty"})
    elif len(_LETTERS.findall(person.name)) < 2:
        person.problems.append({"code": "name:letters"})
    for column, most in LONGEST.items():
        if len(getattr(person, column)) > most:
            person.problems.append({"code": f"{column}:long"})
            setattr(person, column, getattr(person, column)[: most + 1])
    if any(_SWALLOWED.search(cells.get(each, "")) for each in ("name", "number", "unit")):
        person.problems.append({"code": "row:quote"})
    if shifted:
        person.problems.append({"code": "row:columns"})
    return person


def is_total(cells: dict[str, str]) -> bool:
    """Tell whether a row only says how many there are."""
    return bool(_TOTAL.fullmatch(tidy(cells.get("nik", "")))) and not tidy(cells.get("name", ""))


def nik_of(cell: str) -> tuple[str, Problem | None]:
    """Return the 16 digits of a NIK, or what stands there and what is wrong with it."""
    if cell.startswith(FORMULA):
        return "", {"code": "nik:formula"}
    is_number = cell.startswith(NUMBER)
    typed = tidy(cell.lstrip(NUMBER))
    if found := _WHOLE_FLOAT.fullmatch(typed):
        typed, is_number = found[1], True
    if not typed:
        return "", {"code": "nik:empty"}
    if _EXCEL.fullmatch(typed.strip("'’ ")):
        return typed, {"code": "nik:excel"}
    digits = _AROUND.sub("", typed)
    if not (digits.isascii() and digits.isdigit()):
        return typed[:40], {"code": "nik:letters"}
    if len(digits) != 16:
        return digits[:40], {"code": "nik:digits", "count": len(digits)}
    # Excel keeps 15 digits and writes 0 for the last; other programs keep whole numbers below 2^53
    # and only even ones above, where Papua's NIKs are. Another digit proves it was kept.
    if is_number and (digits.endswith("0") or (int(digits) > 2**53 and int(digits) % 2 == 0)):
        return digits, {"code": "nik:float"}
    if len(set(digits)) == 1:
        return digits, {"code": "nik:same"}
    return digits, None


def tidy(cell: str) -> str:
    """Return a cell without line breaks, control characters and spaces too many."""
    return " ".join(_CONTROL.sub(" ", cell).split())
