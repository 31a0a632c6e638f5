"""What of outreach an officer may open: areas to plan, own teams, and their visits and meetings.

Whatever lies outside answers like what does not exist.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from cacah.areas.codes import NotAnAreaCode, parse
from cacah.areas.models import Area
from cacah.institutions.models import Institution
from cacah.outreach.models import Activity, GuidedSession, Team, Visit
from cacah.outreach.queries.sight import Sight
from cacah.outreach.queries.teams import teams_seen
from cacah.outreach.queries.weeks import monday_of
from cacah.staff.door import OfficeRequest
from cacah.staff.roles import Permission

LARGEST_ID = 2**63 - 1


def plans(request: OfficeRequest, area: str) -> bool:
    """Tell whether the officer plans an area (undotted code, "" is the nation)."""
    return request.scope.sees(area, Permission.PLAN_OUTREACH)


def area_asked(request: OfficeRequest) -> str:
    """Return the area that the address or the form names, the officer's first where none is.

    Raises Http404 where the officer does not plan it or it does not exist.
    """
    text = request.POST.get("wilayah") or request.GET.get("wilayah") or ""
    own = request.scope.areas(Permission.PLAN_OUTREACH)
    if not text and own:
        return own[0]
    try:
        code = "" if text == "0" else parse(text)
    except NotAnAreaCode:
        raise Http404 from None
    if not plans(request, code) or (code and not Area.objects.filter(pk=code).exists()):
        raise Http404
    return code


def team(request: OfficeRequest, pk: int, *, to_plan: bool = False) -> Team:
    """Return a team that the officer sees, or plans; raises Http404."""
    found = (
        teams_seen(request.officer, request.scope).filter(pk=known_id(pk)).select_related("area")
    )
    seen = found.first()
    if seen is None or (to_plan and not plans(request, seen.area_id)):
        raise Http404
    return seen


def own_teams(request: OfficeRequest) -> QuerySet[Team]:
    """Return the open teams that the officer sees, by name."""
    return teams_seen(request.officer, request.scope).filter(closed_at=None).order_by("name", "pk")


def visit(request: OfficeRequest, pk: int, *, to_plan: bool = False) -> Visit:
    """Return a visit of a team that the officer sees, or of an area that he or she plans.

    Raises Http404. Of a visit that a team of another area does, its planner sees it too.
    """
    found = (
        Visit.objects.filter(pk=known_id(pk))
        .select_related("team", "area", "institution__destination", "follows")
        .first()
    )
    if found is None:
        raise Http404
    is_planned_here = plans(request, found.area_id) and (
        found.team is None or plans(request, found.team.area_id)
    )
    if not is_planned_here:
        mine = teams_seen(request.officer, request.scope).filter(pk=found.team_id or 0)
        if to_plan or not mine.exists():
            raise Http404
    return found


def meeting(request: OfficeRequest, pk: int, *, to_plan: bool = False) -> Activity:
    """Return a meeting of an area that the officer plans, or of an own team; raises Http404."""
    found = (
        Activity.objects.filter(pk=known_id(pk), cancelled_at=None).select_related("area").first()
    )
    if found is None:
        raise Http404
    if not plans(request, found.area_id):
        mine = teams_seen(request.officer, request.scope).filter(activities=found)
        if to_plan or not mine.exists():
            raise Http404
    return found


def institution(request: OfficeRequest, pk: int) -> Institution:
    """Return an open institution in an area that the officer plans; raises Http404."""
    found = Institution.objects.filter(pk=known_id(pk), closed_at=None, area__isnull=False).first()
    if found is None or not plans(request, found.area_id or ""):
        raise Http404
    return found


def sight(request: OfficeRequest) -> Sight:
    """Return what the officer sees of sessions and souvenirs."""
    return Sight(request.officer, request.scope)


def session(request: OfficeRequest, pk: int) -> GuidedSession:
    """Return a guided session that the officer sees; raises Http404."""
    own = sight(request).sessions().filter(pk=known_id(pk))
    found = own.select_related("area", "visit", "team", "institution").first()
    if found is None:
        raise Http404
    return found


def day_asked(request: OfficeRequest, name: str = "hari") -> date:
    """Return the day that the address or the form names, today where it is none."""
    text = request.POST.get(name) or request.GET.get(name) or ""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    # Beyond, weeks before and after could not be reckoned.
    return found if 2000 <= found.year <= 2999 else timezone.localdate()


def monday_asked(request: OfficeRequest) -> date:
    """Return the Monday of the week that is asked for, this week's where none is."""
    return monday_of(day_asked(request, "pekan"))


def known_id(pk: int) -> int:
    return pk if pk <= LARGEST_ID else 0
