"""Pages of teams: the list, one of them, its members."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cacah.outreach import seats
from cacah.outreach.actions import teams as verbs
from cacah.outreach.forms import TeamForm, code_of
from cacah.outreach.models import Membership, Team
from cacah.outreach.pages.tables import teams_table, weekdays
from cacah.outreach.queries.teams import members_on, members_to_be
from cacah.staff import tables
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission


@require_safe
@office(Permission.PLAN_OUTREACH)
def teams(request: OfficeRequest) -> HttpResponse:
    """List the teams of the officer's areas."""
    today = members_on(timezone.localdate()).values("pk")
    found = (
        seats.own_teams(request)
        .select_related("area")
        .annotate(members=Count("memberships", filter=Q(memberships__in=today)))
    )
    if format := request.GET.get("format"):
        return tables.download(teams_table(found), format)
    rows = [(team, weekdays(team.working_days)) for team in found]
    context = {"rows": rows, "downloads": tables.downloads(request)}
    return render(request, "outreach/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def new_team(request: OfficeRequest) -> HttpResponse:
    """Add a team."""
    first = request.scope.areas(Permission.PLAN_OUTREACH)[0]
    if request.method == "POST":
        form = TeamForm(request.POST, scope=request.scope)
        if form.is_valid():
            try:
                made = verbs.add_team(by=request.officer, new=form.instance)
            except ValidationError as refused:
                form.tell(refused)
            else:
                messages.success(request, _("The team is there. Now add its members."))
                return redirect("outreach-team", made.pk)
    else:
        form = TeamForm(scope=request.scope, initial={"area": code_of(first)})
    return render(request, "outreach/team_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def team(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a team and its members, and take changes."""
    found = seats.team(request, pk, to_plan=True)
    if found.closed_at is not None:
        raise Http404
    form = TeamForm(instance=found, scope=request.scope)
    if request.method == "POST":
        doing = request.POST.get("lakukan", "")
        if doing not in DOINGS:
            raise Http404
        answered = DOINGS[doing](request, found)
        if isinstance(answered, HttpResponse):
            return answered
        form = answered
    return render(request, "outreach/team.html", _context(request, found, form))


def _context(request: OfficeRequest, found: Team, form: TeamForm) -> dict[str, Any]:
    members = members_on(timezone.localdate()).filter(team=found).select_related("officer")
    there = {member.officer_id for member in members}
    feed = reverse("outreach-feed", args=[found.feed_key])
    return {
        "team": found,
        "form": form,
        "members": members.order_by("officer__name"),
        "offered": [o for o in members_to_be(request.scope, found.area_id) if o.pk not in there],
        "feed": settings.CACAH_PUBLIC_URL.rstrip("/") + feed,
        "may_invite": request.scope.may(Permission.INVITE),
    }


def _change(request: OfficeRequest, found: Team) -> HttpResponse | TeamForm:
    form = TeamForm(request.POST, instance=found, scope=request.scope)
    if form.is_valid():
        try:
            verbs.change_team(by=request.officer, team=found.pk, **form.changes())
        except ValidationError as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Stored."))
            return redirect("outreach-team", found.pk)
    return form


def _join(request: OfficeRequest, found: Team) -> HttpResponse:
    number = request.POST.get("officer", "")
    offered = members_to_be(request.scope, found.area_id)
    wanted = number if number.isascii() and number.isdigit() and len(number) < 19 else "0"
    officer = offered.filter(pk=int(wanted)).first()
    if officer is None:
        messages.error(request, _("Choose somebody who may go out with a team of this area."))
    else:
        verbs.add_member(by=request.officer, team=found.pk, officer=officer)
    return redirect("outreach-team", found.pk)


def _leave(request: OfficeRequest, found: Team) -> HttpResponse:
    number = request.POST.get("anggota", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    member = Membership.objects.filter(team=found, pk=int(number)).first()
    if member is None:
        raise Http404
    verbs.remove_member(by=request.officer, membership=member.pk)
    return redirect("outreach-team", found.pk)


def _renew(request: OfficeRequest, found: Team) -> HttpResponse:
    verbs.renew_feed(by=request.officer, team=found.pk)
    messages.success(request, _("The calendar has a new address; the old one no longer works."))
    return redirect("outreach-team", found.pk)


def _close(request: OfficeRequest, found: Team) -> HttpResponse:
    verbs.close_team(by=request.officer, team=found.pk)
    messages.success(
        request, _("%(team)s goes out no more; its visits wait again.") % {"team": found.name}
    )
    return redirect("outreach-teams")


DOINGS = {
    "ubah": _change,
    "masuk": _join,
    "keluar": _leave,
    "kalender": _renew,
    "tutup": _close,
}
