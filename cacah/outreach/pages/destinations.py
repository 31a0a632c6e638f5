"""Pages of where teams may go: choosing institutions, and what a team needs to know of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cacah.outreach import seats
from cacah.outreach.actions import plan
from cacah.outreach.actions.destinations import describe
from cacah.outreach.forms import DestinationForm, code_of
from cacah.outreach.models import Destination
from cacah.outreach.pages.week import address, area_name
from cacah.outreach.queries.left import goals
from cacah.outreach.queries.teams import teams_in
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

# Longer lists nobody ticks; the others come up once these wait.
MOST_SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def choose(request: OfficeRequest) -> HttpResponse:
    """Let the officer choose which institutions are to be visited, most people left first."""
    area, monday = seats.area_asked(request), seats.monday_asked(request)
    if request.method == "POST":
        chosen = {
            int(text)
            for text in request.POST.getlist("instansi")
            if text.isascii() and text.isdigit() and len(text) < 19
        }
        made = plan.want_visits(by=request.officer, area=area, institutions=chosen)
        words = _("Added to those that wait: %(many)s.")
        messages.success(request, words % {"many": numerals.count(len(made))})
        return redirect(address(area, monday))
    found = goals(area)
    free = [goal for goal in found if not goal.is_planned]
    room = sum(team.visits_per_week for team in teams_in(area))
    context = {
        "area": code_of(area) or "0",
        "name": area_name(area),
        "monday": monday,
        "rows": [(goal, roughly(goal.left), n < room) for n, goal in enumerate(free[:MOST_SHOWN])],
        "more": numerals.count(len(free[MOST_SHOWN:])) if free[MOST_SHOWN:] else "",
        "planned": len(found) - len(free),
        "room": numerals.count(room),
        "week": address(area, monday),
    }
    return render(request, "outreach/destinations.html", context)


def roughly(people: int) -> str:
    """Return a number of people in tens, so that nobody can be picked out of it."""
    tens = round(people, -1)
    return _("about %(many)s") % {"many": numerals.count(tens)} if tens >= 10 else _("a few")


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def destination(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note what a team needs to know of an institution."""
    found = seats.institution(request, pk)
    known = Destination.objects.filter(pk=found.pk).first() or Destination(institution=found)
    if request.method == "POST":
        form = DestinationForm(request.POST, instance=known)
        if form.is_valid():
            try:
                describe(by=request.officer, institution=found, **form.cleaned_data)
            except ValidationError as refused:
                form.tell(refused)
            else:
                messages.success(request, _("Stored."))
                return redirect("outreach-destination", pk)
    else:
        form = DestinationForm(instance=known)
    context = {"form": form, "institution": found}
    return render(request, "outreach/destination.html", context)
