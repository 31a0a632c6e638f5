"""Who stands as high as somebody else over an officer: by whom a suspension may be lifted."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from cacah.staff.models import Grant, Officer
from cacah.staff.queries import grants_below, is_below
from cacah.staff.roles import Permission, Role
from cacah.staff.scope import Held, Scope


def may_lift(scope: Scope, officer: Officer) -> bool:
    """Tell whether this scope stands as high over an officer as whoever suspended him or her.

    What counts is what the suspender held at that moment, so that nobody lower lifts it once the
    suspender has gone. A suspension by a command on the server is lifted by national officers.
    """
    if officer.suspended_at is None or any(held.role == Role.NATIONAL for held in scope.grants):
        return True
    if officer.suspended_by is None:
        return False
    reach = _reach_over(officer, officer.suspended_by, officer.suspended_at)
    return bool(reach) and all(_stands_as_high(scope, grant) for grant in reach)


def _reach_over(officer: Officer, by: Officer, moment: datetime) -> list[Grant]:
    """Return the grants by which `by` stood above the officer at a moment."""
    day = timezone.localdate(moment)
    held = Grant.objects.filter(
        Q(until_day=None) | Q(until_day__gte=day),
        Q(revoked_at=None) | Q(revoked_at__gt=moment),
        officer=by,
        from_day__lte=day,
    )
    return [grant for grant in held if _reaches(_held(grant), officer)]


def _reaches(held: Held, officer: Officer) -> bool:
    return (
        held.may(Permission.INVITE)
        and grants_below(Scope((held,))).filter(officer=officer).exists()
    )


def _stands_as_high(scope: Scope, grant: Grant) -> bool:
    """Tell whether the scope has the same grant, or could have given it."""
    same = _held(grant)
    if same.institution is not None:
        has_it = (same.role, same.institution) in {(h.role, h.institution) for h in scope.grants}
    else:
        has_it = same in scope.grants
    return has_it or is_below(scope, grant)


def _held(grant: Grant) -> Held:
    return Held(Role(grant.role), grant.area_id or "", grant.institution)
