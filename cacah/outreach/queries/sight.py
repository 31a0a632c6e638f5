"""Which of an area's sessions and souvenirs an officer sees: where he or she plans, all of them.

Whoever goes out sees what is of the own teams, in the areas where the role holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from cacah.outreach.models import GuidedSession, Place, Team, Visit, VisitKind
from cacah.outreach.queries.teams import members_on
from cacah.staff.models import Officer
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


@dataclass(frozen=True, slots=True)
class Sight:
    """An officer of outreach with the areas of the own roles."""

    officer: Officer
    scope: Scope

    def planned(self, field: str = "area") -> Q:
        """Return the condition that an area is one that the officer plans."""
        return _within(self.scope.areas(Permission.PLAN_OUTREACH), field)

    def gone_to(self, field: str = "area") -> Q:
        """Return the condition that an area is one in which the officer goes out."""
        return _within(self.scope.areas(Permission.RUN_OUTREACH), field)

    def teams(self) -> QuerySet[Team]:
        """Return the teams of which the officer is a member today."""
        mine = members_on(timezone.localdate()).filter(officer=self.officer)
        return Team.objects.filter(pk__in=mine.values("team"))

    def sessions(self) -> QuerySet[GuidedSession]:
        """Return the sessions of the own teams and those that the officer has opened."""
        own = Q(team__in=self.teams()) | Q(opened_by=self.officer)
        return GuidedSession.objects.filter(self.planned() | (self.gone_to() & own))

    def places(self) -> QuerySet[Place]:
        """Return the places from which the own teams hand out, closed ones too."""
        own = Place.teams.through.objects.filter(team__in=self.teams()).values("place")
        return Place.objects.filter(self.planned() | (self.gone_to() & Q(pk__in=own)))

    def events(self) -> QuerySet[Visit]:
        """Return the own teams' visits, and the events of the area: many teams work at them."""
        own = Q(team__in=self.teams()) | Q(kind=VisitKind.EVENT)
        return Visit.objects.filter(self.planned() | (self.gone_to() & own))


def _within(codes: tuple[str, ...], field: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__code__startswith": code}) for code in codes), Q(pk__in=[]))
