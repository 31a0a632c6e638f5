"""What of the register a family sees, and the card question that opens the rest of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

# Shown at once: the family needs it to see whom the form asks about.
FIRST_FIELDS = ("name", "relationship")
# The persons are told one by one; whoever is here has typed the family card's number.
NOT_SENT = ("persons", "kk")
ALIKE = 0.85
NOT_PART_OF_A_PLACE = re.compile(r"\b(kab|kabupaten|kota|kotamadya|kec|kecamatan|desa|kel|prov)\b")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What the family card is asked: `birth_date` or `birth_place` of one registered person."""

    kind: str
    # From 1, in the order of the record.
    person: int

    def as_answer(self) -> dict[str, Any]:
        """Return the JSON object of docs/door.md."""
        return {"kind": self.kind, "person": self.person}


def everything(record: Record, area: str) -> Record:
    """Return all that the register holds, by the instrument's register fields.

    `record` is what ServerKeys.open_record gives: fields of the household, and `persons`.
    """
    persons = [
        {"registered": "1"} | {name: value for name, value in person.items() if value}
        for person in record["persons"]
    ]
    household = {name: value for name, value in record.items() if value and name not in NOT_SENT}
    return {"household": household | {"area": area}, "persons": persons}


def names(record: Record) -> Record:
    """Return what is shown before the card question is answered."""
    persons = [
        {"registered": "1"} | {name: person[name] for name in FIRST_FIELDS if person.get(name)}
        for person in record["persons"]
    ]
    return {"household": {}, "persons": persons}


def at_once(record: Record, area: str, width: str) -> Record:
    """Return the prefill of `identify` under the setting CACAH_PREFILL."""
    if width == "all":
        return everything(record, area)
    if width == "none":
        return {"household": {}, "persons": []}
    return names(record)


def question(record: Record, identified: int) -> Question | None:
    """Return what to ask whoever gave the NIK of person `identified`; None if nothing fits.

    The birth date of the first other member whose date is whole; alone, one's own place of birth.
    The same family is always asked the same, so that asking again does not help a guesser.
    """
    persons = record["persons"]
    for position, person in enumerate(persons, start=1):
        if position != identified and birth_date(person):
            return Question("birth_date", position)
    own = persons[identified - 1] if 0 < identified <= len(persons) else {}
    return Question("birth_place", identified) if letters(own.get("birth_place", "")) else None


def is_right(record: Record, asked: Question, answer: str) -> bool:
    """Tell whether the answer is on the card; places are compared forgivingly."""
    person = record["persons"][asked.person - 1]
    if asked.kind == "birth_date":
        return birth_date(person) == answer.strip()
    known, given = letters(person["birth_place"]), letters(answer)
    return bool(given) and SequenceMatcher(None, known, given).ratio() >= ALIKE


def birth_date(person: Record) -> str:
    """Return a person's whole date of birth as YYYY-MM-DD, or "" where a part is unknown.

    The register writes 98 for an unknown day or month, so a date that does not exist is unknown.
    """
    try:
        year, month, day = (int(person[f"birth_{part}"]) for part in ("year", "month", "day"))
        return date(year, month, day).isoformat()
    except (KeyError, TypeError, ValueError):
        return ""


def letters(place: str) -> str:
    """Return the letters of a place's name without case, "Kabupaten" and the like."""
    return re.sub(r"[^a-z]", "", NOT_PART_OF_A_PLACE.sub("", str(place).casefold()))
