"""What other rooms may ask about officers."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from cacah.staff.models import Grant, Officer
from cacah.staff.roles import Role
from cacah.staff.scope import Held, Scope


def grants_on(day: date) -> QuerySet[Grant]:
    """Return the grants that hold on a day."""
    return Grant.objects.filter(
        Q(until_day=None) | Q(until_day__gte=day), from_day__lte=day, revoked_at=None
    )


def scope_of(officer: Officer, *, on: date | None = None) -> Scope:
    """Return what an officer holds on a day (today's, in the site's time zone); one query."""
    held = grants_on(on or timezone.localdate()).filter(officer=officer).order_by("id")
    return Scope(
        tuple(
            Held(Role(role), area or "", institution)
            for role, area, institution in held.values_list("role", "area_id", "institution")
        )
    )


def coordinators(institution: int) -> list[Officer]:
    """Return who coordinates exactly this institution today and is not suspended, by name."""
    today = grants_on(timezone.localdate()).filter(institution=institution)
    return list(
        Officer.objects.filter(grants__in=today, suspended_at=None).distinct().order_by("name")
    )
