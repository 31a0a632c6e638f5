"""What other rooms may ask about officers."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cacah.areas.codes import LENGTHS
from cacah.staff.models import Grant, Officer
from cacah.staff.places import below
from cacah.staff.roles import MAY_INVITE, Permission, Role
from cacah.staff.scope import Held, Scope

# `grants_on` for one officer, in words of its own: every page asks it, and Django would take ten
# times as long to put the statement together as the database to answer.
HELD = """
SELECT role, coalesce(area_id, ''), institution FROM staff_grant
WHERE officer_id = %(officer)s AND revoked_at IS NULL
    AND from_day <= %(day)s AND (until_day IS NULL OR until_day >= %(day)s)
ORDER BY id
"""


def not_ended(day: date) -> QuerySet[Grant]:
    """Return the grants that hold on a day or later."""
    return Grant.objects.filter(Q(until_day=None) | Q(until_day__gte=day), revoked_at=None)


def grants_on(day: date) -> QuerySet[Grant]:
    """Return the grants that hold on a day."""
    return not_ended(day).filter(from_day__lte=day)


def scope_of(officer: Officer, *, on: date | None = None) -> Scope:
    """Return what an officer holds on a day (today's, in the site's time zone); one query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"officer": officer.pk, "day": on or timezone.localdate()})
        held = cursor.fetchall()
    return Scope(tuple(Held(Role(role), area, institution) for role, area, institution in held))


def coordinators(institution: int) -> list[Officer]:
    """Return who coordinates exactly this institution today and is not suspended, by name."""
    today = grants_on(timezone.localdate()).filter(institution=institution)
    return list(
        Officer.objects.filter(grants__in=today, suspended_at=None).distinct().order_by("name")
    )


def grants_below(scope: Scope) -> QuerySet[Grant]:
    """Return the grants, past ones too, that this scope could have given."""
    wanted = Q(pk__in=[])
    for held in scope.grants:
        if held.may(Permission.INVITE):
            roles = MAY_INVITE[held.role]
            if held.institution is not None:
                wanted |= Q(role__in=roles, institution__in=below((held.institution,)))
            elif held.area:
                wanted |= Q(role__in=roles, area__code__startswith=held.area)
            else:
                wanted |= Q(role__in=roles)
    return Grant.objects.filter(wanted)


def officers_below(scope: Scope) -> QuerySet[Officer]:
    """Return the officers who hold or held anything below this scope."""
    return Officer.objects.filter(grants__in=grants_below(scope)).distinct()


def is_below(scope: Scope, grant: Grant) -> bool:
    """Tell whether this scope could have given the grant."""
    return grants_below(scope).filter(pk=grant.pk).exists()


def wholly_below(scope: Scope) -> Q:
    """Return the condition that all an officer holds now or later is below this scope.

    Of an officer who holds nothing any more, all that was ever held counts.
    """
    below = grants_below(scope).values("pk")
    ever = Grant.objects.filter(officer=OuterRef("pk"))
    held = not_ended(timezone.localdate()).filter(officer=OuterRef("pk"))
    nothing_beside = ~Exists(held.exclude(pk__in=below))
    return Exists(ever) & nothing_beside & (Exists(held) | ~Exists(ever.exclude(pk__in=below)))


def may_manage(scope: Scope, officer: Officer) -> bool:
    """Tell whether the officer is `wholly_below` this scope."""
    return Officer.objects.filter(wholly_below(scope), pk=officer.pk).exists()


def area_of(officer: Officer) -> str:
    """Return the smallest area around all that an officer holds, for the audit trail."""
    held = not_ended(timezone.localdate()).filter(officer=officer)
    areas = {area or "" for area in held.values_list("area_id", flat=True)}
    first = next(iter(areas), "")
    around = (first[:length] for length in reversed(LENGTHS) if length <= len(first))
    return next((c for c in around if all(area.startswith(c) for area in areas)), "")
