"""Counts an area anew from every case in it: slow and obvious, the judge of the folded counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from cacah.monitoring.figures import COUNTS, Counts
from cacah.monitoring.queries import figures, one_moment
from cacah.registry.queries import within

RECOUNT = """
SELECT
    count(*) FILTER (WHERE registered) AS expected_families,
    sum(said) FILTER (WHERE registered) AS expected_persons,
    count(*) FILTER (WHERE registered AND opened) AS opened_families,
    count(*) FILTER (WHERE registered AND answered) AS responded_families,
    sum(counted) FILTER (WHERE registered AND answered) AS responded_persons,
    count(*) FILTER (WHERE registered AND answered) AS complete_families,
    sum(counted) FILTER (WHERE registered AND answered) AS complete_persons,
    count(*) FILTER (WHERE NOT registered) AS unlisted_families,
    sum(said) FILTER (WHERE NOT registered) AS unlisted_persons,
    count(*) FILTER (WHERE NOT registered AND answered) AS unverified_families,
    sum(counted) FILTER (WHERE NOT registered AND answered) AS unverified_persons,
    count(*) FILTER (WHERE registered AND answered) AS finished_families
FROM (
    SELECT c.household_id >= 0 AS registered, c.opened_at IS NOT NULL AS opened,
        c.revision > 0 AS answered, c.persons AS counted, h.persons AS said
    FROM registry_case c JOIN registry_household h ON h.id = c.household_id
    WHERE c.area BETWEEN %s AND %s
) AS cases
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that the pages give, and what counting every case gives."""

    name: str
    shown: int
    recounted: int


def recount(area: str) -> Counts:
    """Return an area's numbers (undotted code, "" for the nation) counted case by case."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, within(area))
        row = cursor.fetchone() or ()
    return Counts(**{name: int(number or 0) for name, number in zip(COUNTS, row, strict=True)})


def differences(area: str) -> list[Difference]:
    """Return where folded and pending together are not what the cases say at the same moment.

    Raises LookupError for an area that is not loaded.
    """
    with one_moment():
        shown, counted = figures(area), recount(area)
    if shown is None:
        raise LookupError(area)
    return [
        Difference(name, getattr(shown, name), getattr(counted, name))
        for name in COUNTS
        if getattr(shown, name) != getattr(counted, name)
    ]
