"""Where a team could go, and how many people a visit there would reach."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from cacah.institutions.models import Institution
from cacah.institutions.queries import Counts, league
from cacah.outreach.models import Destination, Visit


@dataclass(frozen=True, slots=True)
class Goal:
    """An institution or a unit that can be visited, and how many people a visit would reach."""

    institution: int
    name: str
    # Undotted code; "" is the nation, where no team goes.
    area: str
    address: str
    left: int
    priority: int
    # It waits for a visit, or is in the plan from today on.
    is_planned: bool
    # The last visit that was done.
    visited: bool


def people_left(area: str) -> dict[int, int]:
    """Return by institution how many people a visit there would reach, of an area.

    Units are reached with the institution above them unless they have an address or a destination
    of their own.
    """
    found = league(area=area, every=True)
    apart = _own_places([each.institution for each in found])
    left = {each.institution: 0 for each in found}
    for each in found:
        left[_where(each, apart, left)] += each.own.asked - each.own.complete
    return left


def goals(area: str) -> list[Goal]:
    """Return where a team could go in an area, those with most people left first."""
    left = people_left(area)
    wanted = [pk for pk, people in left.items() if people > 0]
    rows = Institution.objects.filter(pk__in=wanted, area__isnull=False).select_related(
        "destination"
    )
    visits = Visit.objects.filter(institution__in=wanted)
    ahead = visits.filter(state__in=("planned", "under_way")).exclude(day__lt=timezone.localdate())
    planned = set(ahead.values_list("institution", flat=True))
    visited = set(visits.filter(state="done").values_list("institution", flat=True))
    found = [_goal(each, left[each.pk], planned, visited) for each in rows]
    return sorted(found, key=lambda goal: (-goal.priority, -goal.left, goal.name))


def _goal(each: Institution, left: int, planned: set[int], visited: set[int]) -> Goal:
    there: Destination | None = getattr(each, "destination", None)
    return Goal(
        each.pk,
        each.name,
        each.area_id or "",
        each.address,
        left,
        there.priority if there else 1,
        each.pk in planned,
        each.pk in visited,
    )


def _own_places(institutions: list[int]) -> set[int]:
    """Return which of these stand somewhere by themselves."""
    rows = Institution.objects.filter(pk__in=institutions).values_list(
        "pk", "parent__address", "address", "destination"
    )
    return {
        pk
        for pk, above, address, destination in rows
        if destination is not None or (address and address != above)
    }


def _where(each: Counts, apart: set[int], known: dict[int, int]) -> int:
    """Return where the people of its own roster are visited: here, or at one above it."""
    steps = [int(step) for step in each.path.strip("/").split("/")]
    inside = [step for step in steps if step in known]
    return next((step for step in reversed(inside) if step in apart), inside[0])
