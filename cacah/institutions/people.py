"""The people on a roster and how far each has come, for those who may see names.

Whoever shows them to an officer keeps the trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cacah.institutions import sealing, standing
from cacah.institutions.models import Standing

ON_A_PAGE = 50
# Everybody who has not taken part yet.
LEFT = (Standing.OPENED, Standing.NOT_YET, Standing.NOT_FOUND)
# What a list may be filtered by.
FILTERS: dict[str, tuple[str, ...]] = {
    "": tuple(Standing.values),
    "left": tuple(LEFT),
    **{state: (state,) for state in Standing.values},
}
# Names are sealed: to find one, all of the list are opened.
MOST_SEARCHED = 100_000
_PLACE = "array_position(%(institutions)s::bigint[], institution_id) AS place"
_ON_THE_LIST = "e.institution_id = ANY(%(institutions)s) AND e.removed_at IS NULL AND {which}"
_NOW = (
    "CASE WHEN risen.after IS NULL THEN {stood}.state ELSE "
    + standing.STATE_OF_RANK.format("risen.after")
    + " END AS state"
)
_SHOWN = """
SELECT e.id, e.institution_id, e.nik_digest, e.sealed, stands.state, e.exempt_reason,
    e.by_receipt, e.receipt_digest IS NOT NULL
FROM stands JOIN institutions_rosterentry e USING (id) ORDER BY stands.place, e.id
"""
# Everybody in some state: how far each one on the list is has to be known first.
_BY_STATE = f"""
WITH scope AS MATERIALIZED (
    SELECT id FROM institutions_institution WHERE id = ANY(%(institutions)s)
), {standing.RISEN}, everybody AS (
    SELECT e.id, e.institution_id, {_NOW.format(stood="e")}
    FROM institutions_rosterentry e LEFT JOIN risen ON risen.entry_id = e.id
    WHERE {_ON_THE_LIST}
), stands AS (
    SELECT id, state, {_PLACE} FROM everybody
    WHERE state = ANY(%(states)s) ORDER BY place, id LIMIT %(limit)s OFFSET %(offset)s
)
{_SHOWN}"""  # noqa: S608
# Whoever is shown whatever the state: only how far these are has to be known.
_BY_PLACE = f"""
WITH chosen AS MATERIALIZED (
    SELECT e.id, e.institution_id, e.state, {_PLACE}
    FROM institutions_rosterentry e WHERE {_ON_THE_LIST}
    ORDER BY place, id LIMIT %(limit)s OFFSET %(offset)s
), {standing.RISEN_OF_CHOSEN}, everybody AS (
    SELECT chosen.id, chosen.place, {_NOW.format(stood="chosen")}
    FROM chosen LEFT JOIN risen ON risen.entry_id = chosen.id
), stands AS (
    SELECT * FROM everybody WHERE state = ANY(%(states)s)
)
{_SHOWN}"""  # noqa: S608
_WORDS = f"""
SELECT e.id, e.nik_digest, e.sealed FROM institutions_rosterentry e
WHERE {_ON_THE_LIST.format(which="true")}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Listed:
    """One person: name, last four digits of the NIK ("" where it is not known), staff number."""

    entry: int
    institution: int
    name: str
    nik: str
    number: str
    state: str
    exempt_reason: str
    # Not looked up by NIK: only a receipt counts, and whether one was handed in.
    by_receipt: bool
    has_receipt: bool


def people(
    institutions: Sequence[int], *, states: Sequence[str], offset: int = 0, most: int | None = None
) -> Iterator[Listed]:
    """Yield those on these institutions' own rosters, in their order, as they stand now."""
    statement = _BY_PLACE if set(states) == set(FILTERS[""]) else _BY_STATE
    values = {"institutions": list(institutions), "states": list(states)}
    return _read(statement.format(which="true"), values | {"limit": most, "offset": offset})


def named(
    institutions: Sequence[int], *, states: Sequence[str], words: str, numbers: bool
) -> list[Listed]:
    """Return those of them whose name has all these words, in any case.

    With `numbers` the staff number too: whoever is not shown it may not find it by trying. It
    opens the words of everybody, so ask for MOST_SEARCHED people at most.
    """
    found = list(_entries_named(institutions, words.casefold().split(), numbers=numbers))
    return list(_those(institutions, found, states))


def person(institutions: Sequence[int], entry: int) -> Listed | None:
    """Return one of them."""
    return next(_those(institutions, [entry], FILTERS[""]), None)


def _entries_named(
    institutions: Sequence[int], wanted: Sequence[str], *, numbers: bool
) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"institutions": list(institutions)})
        while rows := cursor.fetchmany(2000):
            for entry, digest, sealed in rows:
                said = sealing.opened(bytes(digest), bytes(sealed))
                text = f"{said['name']} {said['number'] if numbers else ''}".casefold()
                if all(word in text for word in wanted):
                    yield entry


def _those(
    institutions: Sequence[int], entries: Sequence[int], states: Sequence[str]
) -> Iterator[Listed]:
    values = {"institutions": list(institutions), "states": list(states), "entries": entries}
    which = "e.id = ANY(%(entries)s)"
    return _read(_BY_PLACE.format(which=which), values | {"limit": None, "offset": 0})


def _read(statement: str, values: dict[str, Any]) -> Iterator[Listed]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(2000):
            for entry, institution, digest, sealed, *rest in rows:
                words = sealing.opened(bytes(digest), bytes(sealed))
                yield Listed(
                    entry, institution, words["name"], words["nik"], words["number"], *rest
                )
