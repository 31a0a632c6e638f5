"""Officers from a CSV file: all of its rows, or none and every problem by row and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cacah.areas.codes import parse
from cacah.staff import actions
from cacah.staff.appointing import Appointment, Refused
from cacah.staff.models import Officer
from cacah.staff.roles import Role

REQUIRED = ("email", "name", "role")
COLUMNS = (*REQUIRED, "area", "institution", "from", "until", "phone")
MOST_BYTES, MOST_ROWS, MOST_PROBLEMS = 1_000_000, 5_000, 200
# Fields of an appointment → columns of the file.
COLUMN_OF = {"from_day": "from", "until_day": "until"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong: row as a spreadsheet numbers it (the heading is 1; 0: the file), column."""

    row: int
    column: str
    sentence: str | Promise


class Unusable(Exception):
    """Raised with all that is wrong with a file; nothing of it was imported."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__("; ".join(f"{t.row} {t.column}: {t.sentence}" for t in troubles[:5]))
        self.troubles = troubles[:MOST_PROBLEMS]


def import_officers(content: bytes, *, by: Officer | None) -> list[Officer]:
    """Invite everybody in the file, in one transaction; who is new has an `invitation`.

    Columns: email, name, role, and where they apply area, institution, from, until (days as
    2026-11-30 or 30/11/2026), phone. Raises Unusable.
    """
    rows = read(content)
    troubles: list[Trouble] = []
    invited: dict[int, Officer] = {}
    with transaction.atomic():
        for number, row in rows:
            troubles += _row(number, row, by, invited)
        if troubles:
            raise Unusable(troubles)
    return list(invited.values())


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return number and cells of each row that is not empty; raises Unusable."""
    if len(content) > MOST_BYTES:
        raise Unusable([Trouble(0, "", _("The file is larger than 1 MB."))])
    try:
        lines = list(_reader(content))
    except csv.Error:  # a cell beyond 128 KB: a quote that is never closed takes in all after it
        raise Unusable(
            [Trouble(0, "", _("A cell is too long, or a quote is not closed."))]
        ) from None
    heading = [cell.strip().lower() for cell in lines[0]] if lines else []
    if missing := [name for name in REQUIRED if name not in heading]:
        sentence = _("This column is missing from the first row.")
        raise Unusable([Trouble(1, name, sentence) for name in missing])
    unknown = [name for name in heading if name not in COLUMNS]
    doubled = sorted({name for name in heading if heading.count(name) > 1 and name})
    if unknown or doubled:
        strange = _(
            "There is no such column. Possible are: email, name, role, area, institution, from, "
            "until, phone."
        )
        raise Unusable(
            [Trouble(1, name, strange) for name in unknown]
            + [Trouble(1, name, _("This column is there twice.")) for name in doubled]
        )
    return _rows(heading, lines)


def _rows(heading: list[str], lines: list[list[str]]) -> list[tuple[int, dict[str, str]]]:
    filled = [(n, line) for n, line in enumerate(lines[1:], 2) if any(c.strip() for c in line)]
    if not filled:
        raise Unusable([Trouble(0, "", _("The file has no rows."))])
    if len(filled) > MOST_ROWS:
        raise Unusable([Trouble(0, "", _("The file has more than 5,000 rows."))])
    if long := [n for n, line in filled if len(line) > len(heading)]:
        sentence = _("This row has more cells than the first row has columns.")
        raise Unusable([Trouble(n, "", sentence) for n in long])
    return [
        (n, {name: cell.strip() for name, cell in zip(heading, line, strict=False)})
        for n, line in filled
    ]


def _text(content: bytes) -> str:
    if content[:4] == b"PK\x03\x04" or b"\x00" in content:
        raise Unusable([Trouble(0, "", _("This is no CSV file. Save it as CSV first."))])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _reader(content: bytes) -> Iterator[list[str]]:
    return csv.reader(StringIO(_text(content), newline=""), delimiter=_delimiter(content))


def _delimiter(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _row(
    number: int, row: Mapping[str, str], by: Officer | None, invited: dict[int, Officer]
) -> list[Trouble]:
    """Invite one row's officer, or return what is wrong with it."""
    read, troubles = _cells(number, row)
    if troubles:
        return troubles
    try:
        officer, _grant = actions.invite(by=by, **read)
    except Refused as refused:
        return [
            Trouble(number, COLUMN_OF.get(each.field, each.field), each.sentence)
            for each in refused.problems
        ]
    invited[officer.pk] = officer
    return []


def _cells(number: int, row: Mapping[str, str]) -> tuple[dict[str, Any], list[Trouble]]:
    """Return the arguments of `actions.invite`, and every cell that cannot be read."""
    troubles: list[Trouble] = []
    read: dict[str, Any] = {}
    for column, (reader, sentence) in READERS.items():
        try:
            read[column] = reader(row.get(column, ""))
        except (ValueError, ValidationError):
            troubles.append(Trouble(number, column, sentence))
    if troubles:
        return {}, troubles
    where = (read["role"], read["area"], read["institution"], read["from"], read["until"])
    told = {name: read[name] for name in ("email", "name", "phone")}
    return told | {"appointment": Appointment(*where)}, []


def _email(cell: str) -> str:
    validate_email(cell)
    if len(cell) > 254:
        raise ValueError(cell)
    return cell


def _name(cell: str) -> str:
    if not 0 < len(cell) <= 100:
        raise ValueError(cell)
    return cell


def _phone(cell: str) -> str:
    if len(cell) > 40:
        raise ValueError(cell)
    return cell


def _role(cell: str) -> Role:
    return Role(cell.lower().replace(" ", "_").replace("-", "_"))


def _area(cell: str) -> str:
    return parse(cell) if cell else ""


def _number(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", cell):
        raise ValueError(cell)
    return int(cell)


def _day(cell: str) -> date | None:
    if not cell:
        return None
    if turned := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", cell):
        day, month, year = map(int, turned.groups())
        return date(year, month, day)
    return date.fromisoformat(cell)


_DAY = _("Write a day as 2026-11-30 or 30/11/2026.")
READERS = {
    "email": (_email, _("This is no e-mail address.")),
    "name": (_name, _("Write a name of at most 100 letters.")),
    "phone": (_phone, _("Write at most 40 letters.")),
    "role": (
        _role,
        _(
            "Write one of: national, province, regency, district, statistician, help_desk, "
            "coordinator, team."
        ),
    ),
    "area": (_area, _("Write the code in digits, as 33 or 33.25 or 33.25.07.")),
    "institution": (_number, _("Write the institution's number.")),
    "from": (_day, _DAY),
    "until": (_day, _DAY),
}
