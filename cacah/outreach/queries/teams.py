"""Which teams there are, who belongs to them, and which of them an officer sees."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from cacah.outreach.models import Membership, Team
from cacah.staff.models import Officer
from cacah.staff.queries import officers_below
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


def teams_in(area: str) -> QuerySet[Team]:
    """Return the teams of an area (undotted code, "" is the nation) that go out, by name."""
    return Team.objects.filter(area__code__startswith=area, closed_at=None).order_by("name", "pk")


def teams_seen(officer: Officer, scope: Scope) -> QuerySet[Team]:
    """Return the teams that an officer may see today, closed ones too.

    Who plans sees those of the area; a member the own ones, where the role holds for their area.
    """
    plans = _in_areas(scope.areas(Permission.PLAN_OUTREACH))
    runs = _in_areas(scope.areas(Permission.RUN_OUTREACH))
    mine = members_on(timezone.localdate()).filter(officer=officer).values("team")
    return Team.objects.filter(plans | (runs & Q(pk__in=mine)))


def members_on(day: date) -> QuerySet[Membership]:
    """Return the memberships that hold on a day."""
    lasting = Q(until_day=None) | Q(until_day__gte=day)
    return Membership.objects.filter(lasting, from_day__lte=day)


def only_team_of(officer: Officer) -> Team | None:
    """Return the open team of which somebody is a member today; None where there are several."""
    mine = members_on(timezone.localdate()).filter(officer=officer).values("team")
    found = list(Team.objects.filter(pk__in=mine, closed_at=None)[:2])
    return found[0] if len(found) == 1 else None


def members_to_be(scope: Scope, area: str) -> QuerySet[Officer]:
    """Return the officers below this scope who may go out in an area and are not suspended."""
    today = timezone.localdate()
    held = Q(grants__until_day=None) | Q(grants__until_day__gte=today)
    around = [area[:digits] for digits in range(len(area) + 1)]
    there = Q(grants__area=None, grants__institution=None) | Q(grants__area__in=around)
    return (
        officers_below(scope)
        .filter(held & there, grants__role="team", grants__revoked_at=None, suspended_at=None)
        .distinct()
        .order_by("name", "pk")
    )


def _in_areas(codes: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(area__code__startswith=code) for code in codes), Q(pk__in=[]))
