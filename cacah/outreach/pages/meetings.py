"""Pages of meetings: a new one, and one with its agenda, who came and what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cacah.outreach import seats
from cacah.outreach.actions import meetings as verbs
from cacah.outreach.forms import MeetingForm, code_of
from cacah.outreach.models import Activity
from cacah.outreach.pages.board import clock
from cacah.outreach.pages.week import address
from cacah.outreach.queries.weeks import monday_of
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def new_meeting(request: OfficeRequest) -> HttpResponse:
    """Add a meeting to the teams' calendar."""
    area, teams = seats.area_asked(request), seats.own_teams(request)
    if request.method == "POST":
        form = MeetingForm(request.POST, scope=request.scope, teams=teams)
        if form.is_valid():
            try:
                made = verbs.add_meeting(
                    by=request.officer, new=form.instance, teams=form.cleaned_data["teams"]
                )
            except ValidationError as refused:
                form.tell(refused)
            else:
                return redirect("outreach-meeting", made.pk)
    else:
        initial = {"area": code_of(area), "day": seats.day_asked(request), "minutes": 120}
        form = MeetingForm(scope=request.scope, teams=teams, initial=initial)
    return render(request, "outreach/meeting_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def meeting(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a meeting to who plans it and to the teams that come; take changes of its planner."""
    found = seats.meeting(request, pk)
    plans = seats.plans(request, found.area_id)
    form: MeetingForm | None = None
    if plans:
        form = MeetingForm(instance=found, scope=request.scope, teams=seats.own_teams(request))
    if request.method == "POST":
        doing = request.POST.get("lakukan", "")
        if not plans or doing not in DOINGS:
            raise Http404
        answered = DOINGS[doing](request, found)
        if isinstance(answered, HttpResponse):
            return answered
        form = answered
    return render(request, "outreach/meeting.html", _context(request, found, form))


def _context(request: OfficeRequest, found: Activity, form: MeetingForm | None) -> dict[str, Any]:
    people = list(found.attendances.order_by("pk"))
    return {
        "meeting": found,
        "form": form,
        "day": numerals.weekday_and_day(found.day),
        "clock": clock(found.starts_at),
        "teams": seats.own_teams(request).filter(activities=found),
        "people": people,
        "present": sum(each.present for each in people),
        "names": "\n".join(each.name for each in people),
        "week": address(found.area_id, monday_of(found.day)) if form else "",
    }


def _change(request: OfficeRequest, found: Activity) -> HttpResponse | MeetingForm:
    teams = seats.own_teams(request)
    form = MeetingForm(request.POST, instance=found, scope=request.scope, teams=teams)
    if form.is_valid():
        # Teams that the officer does not see stay as they are.
        others = found.teams.exclude(pk__in=teams.values("pk"))
        try:
            verbs.change_meeting(
                by=request.officer,
                meeting=found.pk,
                teams=[*others, *form.cleaned_data["teams"]],
                **form.changes(),
            )
        except ValidationError as refused:
            form.tell(refused)
            return form
        messages.success(request, _("Stored."))
        return redirect("outreach-meeting", found.pk)
    return form


def _attend(request: OfficeRequest, found: Activity) -> HttpResponse:
    try:
        verbs.note_attendance(
            by=request.officer,
            meeting=found.pk,
            expected=request.POST.get("daftar", "")[: 500 * 101].splitlines(),
            present=request.POST.getlist("hadir"),
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("outreach-meeting", found.pk)


def _decide(request: OfficeRequest, found: Activity) -> HttpResponse:
    text = request.POST.get("putusan", "").strip().replace("\0", "")
    if len(text) > LONGEST:
        messages.error(request, _("Write at most 4,000 characters."))
    else:
        verbs.change_meeting(by=request.officer, meeting=found.pk, decisions=text)
        messages.success(request, _("Stored."))
    return redirect("outreach-meeting", found.pk)


def _cancel(request: OfficeRequest, found: Activity) -> HttpResponse:
    verbs.cancel_meeting(by=request.officer, meeting=found.pk)
    messages.success(request, _("The meeting is cancelled."))
    return redirect(address(found.area_id, monday_of(found.day)))


DOINGS = {"ubah": _change, "hadir": _attend, "putusan": _decide, "batal": _cancel}
