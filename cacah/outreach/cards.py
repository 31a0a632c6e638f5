"""What the outreach room puts on an officer's home page."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.models import Visit, VisitState
from cacah.staff.home import Card
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


def cards(scope: Scope) -> list[Card]:
    """Return what plans, goes out or invites: visits that wait, the own day, links to share."""
    return _of_visits(scope) + _of_invitations(scope)


def _of_invitations(scope: Scope) -> list[Card]:
    if not scope.institutions(Permission.MANAGE_ROSTER):
        return []
    sentence = _("Links and posters for your institution and its people.")
    return [Card(_("Invite family and neighbours"), sentence, reverse("outreach-inviting"))]


def _of_visits(scope: Scope) -> list[Card]:
    """Return a planner's visits that wait or were missed; lead a team member to the own day."""
    areas = scope.areas(Permission.PLAN_OUTREACH)
    url = reverse("outreach")
    if not areas:
        if not scope.may(Permission.RUN_OUTREACH):
            return []
        return [Card(_("Your team's day"), _("Where to go, when, and whom to ask for."), url)]
    inside = reduce(or_, (Q(area__code__startswith=code) for code in areas))
    planned = Visit.objects.filter(inside, state=VisitState.PLANNED)
    made = []
    if missed := planned.filter(day__lt=timezone.localdate()).count():
        sentence = _("Their day is over and they did not begin: plan the rest of the week anew.")
        made.append(Card(_("Visits that were missed"), sentence, url, missed, "todo"))
    if waiting := planned.filter(day=None).count():
        sentence = _("They have no team and no day yet: propose a plan.")
        made.append(Card(_("Visits to be planned"), sentence, url, waiting, "todo"))
    return made
