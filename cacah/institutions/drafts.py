"""What may be asked of an upload before it is taken: how many rows are right, and which wrong.

A row is *wrong* for what stands in it, or because an earlier row has the same NIK with another
name or unit; it *repeats* an earlier row where all is the same, and is left out without a word.
"""
# ruff: noqa: S608 (statements are put together from constants of this module only)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from cacah.institutions import queries, sealing
from cacah.institutions.models import Institution, Stage, Upload

# While a file is read or stored, rows are written every moment.
STANDS_STILL_AFTER = timedelta(minutes=2)
_JUDGED = """
WITH judged AS (
    SELECT sheet, row, nik_digest, name_digest, unit, sealed, problems,
        first_value(row) OVER same AS first_row,
        first_value(name_digest) OVER same AS first_name,
        first_value(unit) OVER same AS first_unit
    FROM institutions_uploadrow WHERE upload_id = %(upload)s AND sheet = %(sheet)s
    WINDOW same AS (
        PARTITION BY nik_digest, CASE WHEN nik_digest IS NULL THEN row END ORDER BY row
    )
), rows AS (
    SELECT judged.*, first_row <> row AND name_digest <> first_name AS other_name,
        first_row <> row AND name_digest = first_name AND unit NOT IN ('', first_unit)
            AS other_unit,
        first_row <> row AND name_digest = first_name AND unit IN ('', first_unit) AS repeats
    FROM judged
)
"""
_IS_WRONG = "(problems <> '[]' OR other_name OR other_unit)"
_SUMMARY = f"""{_JUDGED}
SELECT count(*), count(*) FILTER (WHERE {_IS_WRONG}),
    count(*) FILTER (WHERE repeats AND NOT {_IS_WRONG})
FROM rows
"""
_WRONG = f"""{_JUDGED}
SELECT sheet, row, sealed, problems, first_row, other_name, other_unit FROM rows
WHERE {_IS_WRONG} ORDER BY row OFFSET %(start)s LIMIT %(most)s
"""
_TO_TAKE = f"""{_JUDGED}
SELECT sheet, row, nik_digest, unit, sealed FROM rows WHERE NOT repeats ORDER BY row
"""
_UNITS = f"""{_JUDGED}
SELECT unit, count(*) FROM rows WHERE unit <> '' AND NOT repeats GROUP BY unit ORDER BY unit
"""
# Both put together and grouped: nothing is known of rows that have just come, and whatever plan
# compares each person with each row would take minutes.
_LEAVING = f"""{_JUDGED}
SELECT coalesce(sum(entries), 0) FROM (
    SELECT sum(entries) AS entries FROM (
        SELECT e.nik_digest, 1 AS entries
        FROM institutions_institution i CROSS JOIN LATERAL (
            SELECT nik_digest FROM institutions_rosterentry
            WHERE institution_id = i.id AND removed_at IS NULL OFFSET 0
        ) AS e
        WHERE i.closed_at IS NULL AND i.path LIKE %(below)s
        UNION ALL SELECT nik_digest, NULL FROM rows
    ) AS mixed GROUP BY nik_digest HAVING count(*) = count(entries)
) AS leaving
"""
_WRONG_ONLY = f"{_JUDGED} SELECT row FROM rows WHERE {_IS_WRONG}"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows of the chosen sheet there are, are wrong, and repeat another."""

    rows: int
    wrong: int
    repeated: int

    @property
    def people(self) -> int:
        """Who is taken once nothing is wrong."""
        return self.rows - self.repeated

    @property
    def right(self) -> int:
        return self.rows - self.wrong - self.repeated


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row as it was typed, and what is wrong with it: {"code", …} of files.problems.ROWS."""

    row: int
    cells: dict[str, str]
    problems: list[dict[str, Any]]


class ReadyRow(NamedTuple):
    """A row to be taken."""

    sheet: int
    row: int
    nik_digest: bytes
    unit: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit that a file names: how many people, and which institution it is (None: a new one)."""

    name: str
    people: int
    institution: int | None
    # Names of units that it may be meant for.
    similar: tuple[int, ...] = ()


def place_of(upload: UUID, sheet: int, row: int) -> bytes:
    """Return what a row's seal is bound to."""
    return upload.bytes + sheet.to_bytes(2, "big") + row.to_bytes(4, "big")


def summary(upload: Upload) -> Summary:
    """Count the rows of the chosen sheet."""
    ((rows, wrong, repeated),) = _ask(upload, _SUMMARY)
    return Summary(rows, wrong, repeated)


def wrong_rows(upload: Upload, *, start: int = 0, most: int = 50) -> list[WrongRow]:
    """Return wrong rows of the chosen sheet in their order, as they were typed."""
    found = []
    for sheet, row, sealed, problems, first, name, unit in _ask(
        upload, _WRONG, start=start, most=most
    ):
        cells = sealing.opened_cells(place_of(upload.pk, sheet, row), bytes(sealed))
        more = [{"code": "nik:twice", "row": first}] if name else []
        more += [{"code": "nik:two-units", "row": first}] if unit else []
        found.append(WrongRow(row, cells, [*orjson.loads(problems), *more]))
    return found


def to_take(upload: Upload) -> Iterator[ReadyRow]:
    """Yield the rows of the chosen sheet that are nobody's repetition."""
    return (ReadyRow(*row) for row in _ask(upload, _TO_TAKE))


def units(upload: Upload) -> list[NamedUnit]:
    """Return the units that the chosen sheet names, and which institutions below they are."""
    below = queries.subtree(upload.institution_id).values_list("pk", "name", "path")
    # The upper one, where two have one name.
    known = {_plain(name): pk for pk, name, _ in sorted(below, key=lambda unit: -len(unit[2]))}
    found = []
    for name, people in _ask(upload, _UNITS):
        institution = known.get(_plain(name))
        similar = () if institution else get_close_matches(_plain(name), known, 3, 0.75)
        found.append(NamedUnit(name, people, institution, tuple(known[each] for each in similar)))
    return found


def leaving(upload: Upload, institution: Institution) -> int:
    """Return how many would leave the roster if the chosen sheet replaced it."""
    ((people,),) = _ask(upload, _LEAVING, below=institution.path + "%")
    return int(people)


def wrong_numbers(upload: Upload) -> list[int]:
    """Return the row numbers of all wrong rows."""
    return [row for (row,) in _ask(upload, _WRONG_ONLY)]


def is_broken_off(upload: Upload) -> bool:
    """Tell whether it is read no more, although it was not read to its end."""
    return upload.stage == Stage.READING and timezone.now() - upload.moved_at > STANDS_STILL_AFTER


def _plain(name: str) -> str:
    return " ".join(name.upper().split())


def _ask(upload: Upload, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"upload": upload.pk, "sheet": upload.sheet, **values})
        return list(cursor.fetchall())
