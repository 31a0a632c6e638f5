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
_PEOPLE = f"""
WITH scope AS MATERIALIZED (
    SELECT id FROM institutions_institution WHERE id = ANY(%(institutions)s)
), {standing.RISEN}, stood AS (
    SELECT e.id, e.institution_id,
        CASE WHEN risen.after IS NULL THEN e.state
            ELSE {standing.STATE_OF_RANK.format("risen.after")} END AS state
    FROM institutions_rosterentry e LEFT JOIN risen ON risen.entry_id = e.id
    WHERE e.institution_id = ANY(%(institutions)s) AND e.removed_at IS NULL AND {{which}}
), chosen AS (
    SELECT stood.*, array_position(%(institutions)s::bigint[], institution_id) AS place
    FROM stood WHERE state = ANY(%(states)s) ORDER BY place, id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT e.id, e.institution_id, e.nik_digest, e.sealed, chosen.state, e.exempt_reason,
    e.by_receipt, e.receipt_digest IS NOT NULL
FROM chosen JOIN institutions_rosterentry e USING (id)
ORDER BY chosen.place, e.id
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
    return _read("true", institutions, states, limit=most, offset=offset)


def named(
    institutions: Sequence[int], *, states: Sequence[str], words: str, numbers: bool
) -> Iterator[Listed]:
    """Yield those of them whose name has all these words, in any case.

    With `numbers` the staff number too: whoever is not shown it may not find it by trying.
    """
    wanted = words.casefold().split()
    for each in people(institutions, states=states):
        text = f"{each.name} {each.number if numbers else ''}".casefold()
        if all(word in text for word in wanted):
            yield each


def person(institutions: Sequence[int], entry: int) -> Listed | None:
    """Return one of them."""
    found = _read("e.id = %(entry)s", institutions, FILTERS[""], entry=entry)
    return next(found, None)


def _read(
    which: str, institutions: Sequence[int], states: Sequence[str], **values: Any
) -> Iterator[Listed]:
    given: dict[str, Any] = {
        "institutions": list(institutions),
        "states": list(states),
        "limit": None,
        "offset": 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(which=which), given | values)
        while rows := cursor.fetchmany(2000):
            for entry, institution, digest, sealed, *rest in rows:
                words = sealing.opened(bytes(digest), bytes(sealed))
                yield Listed(
                    entry, institution, words["name"], words["nik"], words["number"], *rest
                )
