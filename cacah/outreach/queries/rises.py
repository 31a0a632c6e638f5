"""How many of each institution's people became complete between two days, from their cases."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from cacah.institutions.models import Institution, Participation
from cacah.outreach.comparing import Comparison, Rise, compare
from cacah.outreach.queries.yields import moments, visited

# Of more people the cases are not read while somebody waits.
MOST_PEOPLE = 60_000
# A person is complete once the first of the households in which he or she was found is.
_RISES = """
SELECT institution_id, count(*),
    count(*) FILTER (WHERE since >= %(begins)s AND since < %(ends)s)
FROM (
    SELECT e.id, e.institution_id, min(c.submitted_at) AS since
    FROM institutions_rosterentry e
    LEFT JOIN institutions_finding f ON f.entry_id = e.id
    LEFT JOIN registry_case c ON c.household_id = f.household_id AND c.revision > 0
    WHERE e.institution_id = ANY(%(institutions)s) AND e.removed_at IS NULL
        AND e.exempt_reason = ''
    GROUP BY e.id
) AS people GROUP BY institution_id
"""


class TooMany(Exception):
    """The area has more people on rosters than can be compared while somebody waits."""


def comparison(area: str, first: date, last: date) -> Comparison | None:
    """Compare what was visited in an area on these days with what was not; None for too few.

    A unit that was not visited itself belongs to the nearest institution above it that was.
    Raises TooMany.
    """
    paths = dict(
        Institution.objects.filter(area__code__startswith=area, closed_at=None).values_list(
            "pk", "path"
        )
    )
    if _people(list(paths)) > MOST_PEOPLE:
        raise TooMany
    went = visited(area, first, last)
    places: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for institution, asked, gained in _read(list(paths), first, last):
        place = places[_place(paths[institution], went, institution)]
        place[0] += asked
        place[1] += gained
    rises = {pk: Rise(*counts) for pk, counts in places.items()}
    return compare(
        [rise for pk, rise in rises.items() if pk in went],
        [rise for pk, rise in rises.items() if pk not in went],
    )


def _people(institutions: list[int]) -> int:
    found = Participation.objects.filter(pk__in=institutions)
    counts = F("complete") + F("opened") + F("not_yet") + F("not_found")
    return found.aggregate(n=Sum(counts))["n"] or 0


def _read(institutions: list[int], first: date, last: date) -> list[tuple[int, int, int]]:
    begins, ends = moments(first, last)
    values: dict[str, Any] = {"institutions": institutions, "begins": begins, "ends": ends}
    with connection.cursor() as cursor:
        cursor.execute(_RISES, values)
        return [(pk, asked, gained) for pk, asked, gained in cursor.fetchall()]


def _place(path: str, went: set[int], institution: int) -> int:
    """Return the nearest institution that was visited, upwards from this one, or this one."""
    above = [int(step) for step in reversed(path.strip("/").split("/"))]
    return next((each for each in above if each in went), institution)
