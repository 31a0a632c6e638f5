"""Which institutions an officer may manage: those of the area, or units below the own one.

An area officer with the permission manages every institution that lies in the area. A coordinator
adds units below the own institution, and renames, moves and closes (while nobody stands on their
rosters) those that are there; the institution itself is for officers above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from cacah.institutions.models import Institution, RosterEntry, Turnover
from cacah.institutions.queries import is_within
from cacah.staff.door import OfficeRequest
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

NOBODYS = Q(pk__in=[])
REFUSED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reach:
    """What one officer may do with an institution."""

    institution: Institution
    # It lies in an area where the officer manages institutions.
    by_area: bool
    # It is the officer's own, or lies below it.
    is_own: bool
    # It lies below the officer's own.
    is_below_own: bool
    # The one above it is within reach too, so that it may be taken away from there.
    holds_parent: bool

    @property
    def is_closed(self) -> bool:
        return self.institution.closed_at is not None

    @property
    def may_add(self) -> bool:
        return not self.is_closed

    @property
    def may_change(self) -> bool:
        return not self.is_closed and (self.by_area or self.is_below_own)

    @property
    def may_move(self) -> bool:
        return self.may_change and self.holds_parent

    @property
    def may_close(self) -> bool:
        """Tell whether it may be closed; a coordinator only closes what is empty."""
        if self.is_closed or not (self.by_area or self.is_below_own):
            return False
        return self.by_area or not self.has_people()

    @property
    def may_reopen(self) -> bool:
        return self.is_closed and self.by_area

    @property
    def may_set_mandate(self) -> bool:
        """Tell whether area, duty and names, which a decree says, are this officer's to set."""
        return not self.is_closed and self.by_area

    def has_people(self) -> bool:
        """Tell whether anybody stands on its roster or one below it."""
        below = RosterEntry.objects.filter(institution__path__startswith=self.institution.path)
        return below.filter(removed_at=None).exists()


def in_areas(scope: Scope) -> QuerySet[Institution]:
    """Return the institutions, closed ones too, of the areas where the officer manages them."""
    wanted = NOBODYS
    for code in scope.areas(Permission.MANAGE_INSTITUTIONS):
        if not code:
            return Institution.objects.all()
        wanted |= Q(area__code__startswith=code)
    return Institution.objects.filter(wanted)


def own(scope: Scope) -> QuerySet[Institution]:
    """Return the institutions that the officer coordinates, with all below that is not closed."""
    roots = scope.institutions(Permission.MANAGE_ROSTER)
    wanted = NOBODYS
    for path in Institution.objects.filter(pk__in=roots, closed_at=None).values_list("path"):
        wanted |= Q(path__startswith=path[0])
    return Institution.objects.filter(wanted, closed_at=None)


def places(scope: Scope) -> QuerySet[Institution]:
    """Return the open institutions below which the officer may add or move others."""
    return (in_areas(scope) | own(scope)).filter(closed_at=None)


def may_add_somewhere(scope: Scope) -> bool:
    """Tell whether there is a place where the officer may add an institution or a unit."""
    return scope.may(Permission.MANAGE_INSTITUTIONS) or own(scope).exists()


def refused_turnovers(scope: Scope) -> QuerySet[Turnover]:
    """Return what was refused within a week and not allowed since, of the officer's areas."""
    refused = Turnover.objects.filter(
        Q(allowed_at=None) | Q(allowed_at__lt=F("refused_at")),
        refused_at__gt=timezone.now() - REFUSED_FOR,
        institution__in=in_areas(scope).filter(closed_at=None),
    )
    return refused.select_related("institution").order_by("-refused_at")


def reach(request: OfficeRequest, institution: int) -> Reach:
    """Return what may be done with an institution; raises Http404 where nothing may."""
    scope = request.scope
    found = Institution.objects.filter(pk=institution).select_related("parent").first()
    if found is None:
        raise Http404
    by_area = in_areas(scope).filter(pk=institution).exists()
    is_own = own(scope).filter(pk=institution).exists()
    if not by_area and not is_own:
        raise Http404
    parent = found.parent
    return Reach(
        found,
        by_area,
        is_own,
        is_own
        and parent is not None
        and is_within(parent, scope.institutions(Permission.MANAGE_ROSTER)),
        parent is None or places(scope).filter(pk=parent.pk).exists(),
    )
