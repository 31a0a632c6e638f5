"""Pages of visits: one with all that can be done to it, and a new event or village."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cacah.outreach import seats
from cacah.outreach.actions import plan
from cacah.outreach.forms import EventForm, code_of
from cacah.outreach.models import CancelReason, Visit, VisitState
from cacah.outreach.pages.board import card
from cacah.outreach.pages.directions import directions
from cacah.outreach.pages.week import address, place_asked
from cacah.outreach.queries.teams import teams_in
from cacah.outreach.queries.weeks import monday_of
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def visit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a visit, and take what is done to it: by its planner all, by its team how far it is."""
    found = seats.visit(request, pk)
    plans = seats.plans(request, found.area_id)
    if request.method == "POST":
        doing = request.POST.get("lakukan", "")
        if doing not in (PLANNERS | TEAMS if plans else TEAMS):
            raise Http404
        try:
            (PLANNERS | TEAMS)[doing](request, found)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect(_back(request, found))
    return render(request, "outreach/visit.html", _context(request, found, plans))


def _back(request: OfficeRequest, found: Visit) -> str:
    """Return where a form was sent from: the team's day, or the visit's own page."""
    if request.POST.get("dari") == "hari" and found.team_id and found.day:
        shown = redirect("outreach-day", found.team_id).url
        return f"{shown}?hari={found.day.isoformat()}#kunjungan-{found.pk}"
    return redirect("outreach-visit", found.pk).url


def _context(request: OfficeRequest, found: Visit, plans: bool) -> dict[str, Any]:
    there = getattr(found.institution, "destination", None) if found.institution_id else None
    week = address(_board_area(request, found), monday_of(found.day)) if found.day else ""
    follows = found.followed_by.order_by("-pk").first()
    return {
        "visit": found,
        "card": card(found),
        "day": numerals.day(found.day),
        "destination": there,
        "directions": directions(found),
        "plans": plans,
        "week": week if plans else "",
        "teams": teams_in(_board_area(request, found)) if plans else [],
        "reasons": CancelReason.choices,
        "followed_by": follows,
        "next": plan.NEXT[found.state],
        "is_open": found.state in (VisitState.PLANNED, VisitState.UNDER_WAY),
    }


def _board_area(request: OfficeRequest, found: Visit) -> str:
    """Return the area whose board shows the visit: the officer's own around it."""
    own = request.scope.areas(Permission.PLAN_OUTREACH)
    around = found.team.area_id if found.team else found.area_id
    return next((area for area in own if around.startswith(area)), around)


def version_asked(request: OfficeRequest) -> int:
    """Return which version of a visit the form was made for; raises Http404."""
    text = request.POST.get("versi", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _move(request: OfficeRequest, found: Visit) -> None:
    version, to = version_asked(request), place_asked(request)
    plan.move(by=request.officer, visit=found.pk, version=version, to=to)
    messages.success(request, _("Moved: %(title)s.") % {"title": found.title})


def _lock(request: OfficeRequest, found: Visit) -> None:
    begins = None
    if text := request.POST.get("pukul", ""):
        try:
            begins = time.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("Write the time as 09:30.")) from None
    version = version_asked(request)
    plan.lock(by=request.officer, visit=found.pk, version=version, locked=True, starts_at=begins)
    messages.success(request, _("Agreed: no proposal changes it."))


def _unlock(request: OfficeRequest, found: Visit) -> None:
    version = version_asked(request)
    plan.lock(by=request.officer, visit=found.pk, version=version, locked=False)


def _cancel(request: OfficeRequest, found: Visit) -> None:
    plan.cancel(
        by=request.officer,
        visit=found.pk,
        version=version_asked(request),
        reason=request.POST.get("alasan", ""),
        again=request.POST.get("lagi") == "1",
    )
    messages.success(request, _("Cancelled: %(title)s.") % {"title": found.title})


def _reinstate(request: OfficeRequest, found: Visit) -> None:
    plan.reinstate(by=request.officer, visit=found.pk, version=version_asked(request))


def _follow_up(request: OfficeRequest, found: Visit) -> None:
    plan.follow_up(by=request.officer, visit=found)
    messages.success(request, _("A further visit waits to be planned."))


def _cost(request: OfficeRequest, found: Visit) -> None:
    text = "".join(request.POST.get("biaya", "").split()).replace(".", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 14):
        raise ValidationError(_("Write an amount in rupiah, as 250000."))
    plan.set_cost(by=request.officer, visit=found.pk, cost=int(text) if text else None)
    messages.success(request, _("Stored."))


def _state(request: OfficeRequest, found: Visit) -> None:
    plan.set_state(by=request.officer, visit=found.pk, state=request.POST.get("keadaan", ""))


PLANNERS = {
    "pindah": _move,
    "kunci": _lock,
    "lepas": _unlock,
    "pulihkan": _reinstate,
    "biaya": _cost,
}
TEAMS = {"keadaan": _state, "batal": _cancel, "lanjutan": _follow_up}


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def new_event(request: OfficeRequest) -> HttpResponse:
    """Add an event or a village to those that wait."""
    area = seats.area_asked(request)
    if request.method == "POST":
        form = EventForm(request.POST, scope=request.scope)
        if form.is_valid():
            try:
                made = plan.add_visit(by=request.officer, new=form.instance)
            except ValidationError as refused:
                form.tell(refused)
            else:
                messages.success(request, _("Added: %(title)s.") % {"title": made.title})
                return redirect(address(area, monday_of(made.day or seats.day_asked(request))))
    else:
        form = EventForm(scope=request.scope, initial={"area": code_of(area), "minutes": 180})
    return render(request, "outreach/event_new.html", {"form": form})
