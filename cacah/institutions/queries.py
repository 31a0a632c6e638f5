"""What other rooms and the pages may ask about institutions; none of it names a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from cacah.institutions import standing
from cacah.institutions.models import Finding, Institution
from cacah.registry.queries import within

STATES = standing.COUNTED
_BELOW = "path LIKE %s"
_IN_AREA = "coalesce(area_id, '') BETWEEN %s AND %s"
# Whole trees, those of which anything may lie in an area, and those beside them in one regency.
_TREES = """
split_part(path, '/', 2)::bigint IN (
    SELECT id FROM institutions_institution WHERE parent_id IS NULL
        AND (coalesce(area_id, '') BETWEEN %s AND %s OR %s LIKE coalesce(area_id, '') || '%%'))
"""
# What each institution has counted of its own roster, and what is pending: one statement, so one
# snapshot. Both are added up in Python, down the paths; joins of what no statistics tell the size
# of would be planned as loops.
_COUNTS = """
WITH scope AS MATERIALIZED (
    SELECT * FROM institutions_institution WHERE closed_at IS NULL AND {scope}
), {risen}
SELECT i.id, i.parent_id, i.path, i.name, i.kind, coalesce(i.area_id, ''), i.obliged,
    i.names_to_officers, p.complete, p.opened, p.not_yet, p.not_found, p.exempt
FROM scope i JOIN institutions_participation p ON p.institution_id = i.id
UNION ALL
SELECT institution_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) FILTER (WHERE after = 3),
    count(*) FILTER (WHERE after = 2) - count(*) FILTER (WHERE before = 'opened'),
    count(*) FILTER (WHERE after = 1) - count(*) FILTER (WHERE before = 'not_yet'),
    - count(*) FILTER (WHERE before = 'not_found'), 0
FROM risen GROUP BY institution_id
"""
# Who of a scope may yet be brought further by what is pending: with few of them it is quicker to
# begin with the people, else with what is pending. Either way gives the same counts.
_FEW = 10_000
_LEFT = """
SELECT coalesce(sum(opened + not_yet + not_found), 0) FROM institutions_participation
WHERE institution_id IN (SELECT id FROM institutions_institution WHERE {scope})
"""
# The slow, obvious judge: each person on each roster, from the cases alone.
_RECOUNT = """
SELECT institution_id, state, count(*) FROM (
    SELECT e.institution_id, CASE
        WHEN e.exempt_reason <> '' THEN 'exempt'
        WHEN bool_or(c.revision > 0) THEN 'complete'
        WHEN bool_or(c.opened_at IS NOT NULL) THEN 'opened'
        WHEN e.by_receipt OR count(found.household_id) > 0 THEN 'not_yet'
        ELSE 'not_found' END AS state
    FROM institutions_rosterentry e
    LEFT JOIN (
        SELECT entry_id, household_id FROM institutions_finding
        UNION SELECT p.id, n.household_id FROM institutions_rosterentry p
        JOIN collection_newnumber n ON n.digest = p.nik_digest AND NOT p.by_receipt
    ) AS found ON found.entry_id = e.id
    LEFT JOIN registry_case c ON c.household_id = found.household_id
    WHERE e.removed_at IS NULL GROUP BY e.id
) AS people GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people stand where."""

    complete: int
    opened: int
    not_yet: int
    not_found: int
    exempt: int

    @property
    def people(self) -> int:
        """Everybody on the rosters."""
        return self.asked + self.exempt

    @property
    def asked(self) -> int:
        """The denominator: everybody on the rosters who is not exempt."""
        return self.complete + self.opened + self.not_yet + self.not_found

    @property
    def percent(self) -> float | None:
        """Complete in per cent of `asked`; None where nobody is asked."""
        return 100 * self.complete / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Counts(Tally):
    """An institution and how many people of its whole subtree stand where."""

    institution: int
    parent: int | None
    path: str
    name: str
    kind: str
    # Undotted code; "" is the nation.
    area: str
    obliged: bool
    names_to_officers: bool
    # Institutions below it.
    units: int
    # The people on its own roster, those of its units left out.
    own: Tally


def participation(institution_id: int) -> Counts:
    """Return the counts of an institution and all below it, exact to the unit at this moment.

    Raises Institution.DoesNotExist, also for a closed one.
    """
    return branch(institution_id)[0]


def branch(institution_id: int) -> tuple[Counts, list[Counts]]:
    """Return what `participation` does and the units directly below, at one and the same moment.

    Raises Institution.DoesNotExist, also for a closed one.
    """
    found = _counts(_BELOW, [_path_of(institution_id) + "%"])
    own = next((each for each in found if each.institution == institution_id), None)
    if own is None:
        raise Institution.DoesNotExist
    return own, [each for each in found if each.parent == institution_id]


def league(
    *, area: str | None = None, institution: int | None = None, every: bool = False
) -> list[Counts]:
    """Return counts of institutions beside each other, by name; each with its whole subtree.

    Of an area (undotted code, "" is the nation): those in it that stand under none in it; of an
    institution: the units directly below it. `every`: all in the area or below the institution.
    Raises Institution.DoesNotExist.
    """
    if institution is not None:
        found = _counts(_BELOW, [_path_of(institution) + "%"])
        below = [each for each in found if each.institution != institution]
        return [each for each in below if every or each.parent == institution]
    found = _counts(_IN_AREA, list(within(area or "")))
    inside = {each.institution for each in found}
    return [each for each in found if every or each.parent not in inside]


def forest(area: str) -> list[Counts]:
    """Return counts of whole trees: all that lie in an area (undotted code), or partly may.

    Those beside them in the same regency are among them, parents before their units, by name.
    """
    first, last = within(area[:4])
    found = _counts(_TREES, [first, last, area])
    return sorted(found, key=lambda counts: counts.path.count("/"))


def recount(institution_id: int) -> dict[str, int]:
    """Count every person of a subtree by state from the cases: slow, obvious, the judge."""
    below = set(subtree(institution_id).values_list("pk", flat=True))
    counted: dict[str, int] = {}
    for (institution, state), people in recount_all().items():
        if institution in below:
            counted[state] = counted.get(state, 0) + people
    return counted


def recount_all() -> dict[tuple[int, str], int]:
    """Do so for all institutions' own rosters, by institution and state."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        return {(institution, state): people for institution, state, people in cursor.fetchall()}


def subtree(institution_id: int) -> QuerySet[Institution]:
    """Return an institution and all below it that are not closed, by path."""
    path = Institution.objects.filter(pk=institution_id).values_list("path", flat=True)
    below = Q(path__startswith=path[0]) if path else Q(pk=None)
    return Institution.objects.filter(below, closed_at=None).order_by("path")


def ancestors(institution: Institution) -> list[Institution]:
    """Return the institutions from the top down to this one, itself last; one query."""
    ids = [int(part) for part in institution.path.strip("/").split("/")]
    found = Institution.objects.in_bulk(ids)
    return [found[each] for each in ids]


def is_within(institution: Institution, roots: tuple[int, ...]) -> bool:
    """Tell whether it is one of these institutions or lies below one."""
    return any(f"/{root}/" in institution.path for root in roots)


def has_member(institution_id: int, household: int) -> bool:
    """Tell whether somebody of a household stands on a roster of an institution or of a unit."""
    below = Q(entry__institution__path__startswith=_path_of(institution_id))
    return Finding.objects.filter(below, household_id=household, entry__removed_at=None).exists()


def households_of(institution_id: int) -> list[int]:
    """Return the registered households of everybody on a roster of an institution or of a unit."""
    below = Q(entry__institution__path__startswith=_path_of(institution_id))
    found = Finding.objects.filter(below, household_id__gte=0, entry__removed_at=None)
    return list(found.values_list("household_id", flat=True).distinct())


def _path_of(institution_id: int) -> str:
    return Institution.objects.values_list("path", flat=True).get(pk=institution_id)


def _counts(scope: str, bounds: list[str]) -> list[Counts]:
    """Return the counts of all in a scope, by name; sums of what lies below within the scope."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT.format(scope=scope), bounds)
        (left,) = cursor.fetchone() or (0,)
        risen = standing.RISEN if left <= _FEW else standing.RISEN_ANYWHERE
        cursor.execute(_COUNTS.format(scope=scope, risen=risen), bounds)
        return _added(cursor.fetchall())


def _added(rows: Iterable[tuple[Any, ...]]) -> list[Counts]:
    """Add what is pending to what is counted, and everything below to each institution."""
    about: dict[int, tuple[Any, ...]] = {}
    own: dict[int, list[int]] = defaultdict(lambda: [0] * len(STATES))
    for row in rows:
        if row[2] is not None:
            about[row[0]] = row[:8]
        own[row[0]] = [one + more for one, more in zip(own[row[0]], row[8:], strict=True)]
    whole: dict[int, list[int]] = defaultdict(lambda: [0] * len(STATES))
    units: dict[int, int] = defaultdict(int)
    for institution, (_, _, path, *_) in about.items():
        for above in map(int, path.strip("/").split("/")):
            whole[above] = [
                one + more for one, more in zip(whole[above], own[institution], strict=True)
            ]
            units[above] += 1
    counts = []
    for each in about:
        values: list[Any] = [*whole[each], *about[each], units[each] - 1, Tally(*own[each])]
        counts.append(Counts(*values))
    return sorted(counts, key=lambda each: (each.name, each.institution))
