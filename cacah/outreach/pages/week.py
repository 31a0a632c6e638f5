"""The page of a week: the board, what waits, and having the week planned."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from cacah.areas.codes import dotted
from cacah.areas.queries import names
from cacah.outreach import seats
from cacah.outreach.actions import plan, proposals
from cacah.outreach.models import Proposal, Team, Visit
from cacah.outreach.pages.board import board_of, card, clock, weeks_around
from cacah.outreach.pages.findings import say
from cacah.outreach.pages.tables import week_table
from cacah.outreach.queries.teams import teams_in
from cacah.outreach.queries.weeks import last_proposal, meetings_of, waiting
from cacah.staff import numerals, tables
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.work.models import Advance

# More rows and cards than anybody reads, and than a phone draws.
MOST_TEAMS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def week(request: OfficeRequest) -> HttpResponse:
    """Show who plans the week of an area, and take changes; lead a member to the own day."""
    if not request.scope.may(Permission.PLAN_OUTREACH):
        return _own_day(request)
    area, monday = seats.area_asked(request), seats.monday_asked(request)
    if request.method == "POST":
        return _changed(request, area, monday)
    teams = list(teams_in(area))
    if len(teams) > MOST_TEAMS:
        return _choose_area(request, area, teams)
    board = board_of(area, monday, teams)
    if format := request.GET.get("format"):
        return tables.download(week_table(board.visits, area, monday), format)
    waits = list(waiting(area))
    asked = last_proposal(area, monday)
    before, after = weeks_around(monday)
    context = _of_proposal(asked, [*board.visits, *waits], teams, monday)
    context |= _heading(area, monday) | {
        "board": board,
        "waits": [card(visit) for visit in waits],
        "headings": [(day, numerals.weekday(day)) for day in board.days],
        "meetings": [
            (numerals.weekday(each.day), clock(each.starts_at), each)
            for each in meetings_of(area, monday)
        ],
        "before": address(area, before),
        "after": address(area, after),
        "areas": [(code, area_name(code)) for code in _areas(request)],
        "is_over": after <= timezone.localdate(),
        "today": timezone.localdate(),
        "downloads": tables.downloads(request),
    }
    return render(request, "outreach/week.html", context)


def address(area: str, monday: date) -> str:
    """Return the address of the board of an area's week."""
    query = urlencode({"wilayah": dotted(area) if area else "0", "pekan": monday.isoformat()})
    return f"{reverse('outreach')}?{query}"


def area_name(code: str) -> str:
    """Return what an area is called."""
    return names([code]).get(code, code) if code else _("Indonesia")


def _areas(request: OfficeRequest) -> tuple[str, ...]:
    return request.scope.areas(Permission.PLAN_OUTREACH)


def _heading(area: str, monday: date) -> dict[str, Any]:
    return {
        "area": dotted(area) if area else "0",
        "name": area_name(area),
        "monday": monday,
        "from_day": numerals.day(monday),
        "here": address(area, monday),
    }


def _own_day(request: OfficeRequest) -> HttpResponse:
    """Lead a member to the team's day; where there are several teams, let choose."""
    teams = list(seats.own_teams(request))
    if len(teams) == 1:
        return redirect("outreach-day", teams[0].pk)
    return render(request, "outreach/own.html", {"teams": teams})


def _choose_area(request: OfficeRequest, area: str, teams: list[Team]) -> HttpResponse:
    """Let the officer choose an area with fewer teams."""
    digits = 2 if not area else 4
    many: dict[str, int] = {}
    for team in teams:
        many[team.area_id[:digits]] = many.get(team.area_id[:digits], 0) + 1
    called = names(many)
    monday = seats.monday_asked(request)
    rows = [
        (called.get(code, code), numerals.count(n), address(code, monday))
        for code, n in sorted(many.items())
        if code != area
    ]
    context = _heading(area, monday) | {"rows": rows, "many": len(teams)}
    return render(request, "outreach/choose.html", context)


def _of_proposal(
    asked: Proposal | None, visits: list[Visit], teams: list[Team], monday: date
) -> dict[str, Any]:
    """Return what the newest proposal says: that it is being made, or what came of it."""
    if asked is None:
        return {"proposal": None, "is_being_made": False}
    result = asked.result or {}
    by_id = {visit.pk: visit for visit in visits}
    said = say(result.get("findings", []), by_id, {team.pk: team for team in teams}, monday)
    return {
        "proposal": asked,
        "is_being_made": asked.ended_at is None,
        "result": result,
        "findings": said,
        "asked_at": numerals.moment(asked.asked_at),
        "travel": numerals.count(result.get("travel")),
    }


def _changed(request: OfficeRequest, area: str, monday: date) -> HttpResponse:
    """Move, agree on or cancel the visit that a button of the board or a drag names."""
    doing, _colon, which = request.POST.get("lakukan", "").partition(":")
    number, _colon, version = which.partition(":")
    if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
        raise Http404
    visit = seats.visit(request, int(number[:19]), to_plan=True)
    verbs = {"pindah": _move, "kunci": _lock, "lepas": _unlock, "batal": _cancel}
    if doing not in verbs:
        raise Http404
    try:
        verbs[doing](request, visit, int(version[:9]))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{address(area, monday)}#kunjungan-{visit.pk}")


def _move(request: OfficeRequest, visit: Visit, version: int) -> None:
    plan.move(by=request.officer, visit=visit.pk, version=version, to=place_asked(request))
    messages.success(request, _("Moved: %(title)s.") % {"title": visit.title})


def place_asked(request: OfficeRequest) -> plan.Place | None:
    """Return the team's day that a form names, None for those that wait; raises Http404."""
    team, position = request.POST.get("tim", ""), request.POST.get("urutan", "")
    if not team:
        return None
    if not (team.isascii() and team.isdigit()):
        raise Http404
    found = seats.team(request, int(team[:19]), to_plan=True)
    wanted = int(position[:4]) if position.isascii() and position.isdigit() else None
    return plan.Place(found.pk, seats.day_asked(request), wanted)


def _lock(request: OfficeRequest, visit: Visit, version: int) -> None:
    plan.lock(by=request.officer, visit=visit.pk, version=version, locked=True)


def _unlock(request: OfficeRequest, visit: Visit, version: int) -> None:
    plan.lock(by=request.officer, visit=visit.pk, version=version, locked=False)


def _cancel(request: OfficeRequest, visit: Visit, version: int) -> None:
    plan.cancel(by=request.officer, visit=visit.pk, version=version, reason="other", again=True)
    messages.success(
        request,
        _("Cancelled: %(title)s. It waits for another day; plan the rest anew to fill the gap.")
        % {"title": visit.title},
    )


@require_POST
@office(Permission.PLAN_OUTREACH)
def propose(request: OfficeRequest) -> HttpResponse:
    """Have the week planned: at once where it is small, else by a job that the board follows."""
    area, monday = seats.area_asked(request), seats.monday_asked(request)
    try:
        asked, elsewhere = proposals.ask(by=request.officer, area=area, monday=monday)
        if not elsewhere:
            asked = proposals.make(proposal=asked.pk)
            _tell(request, asked)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(address(area, monday))


def _tell(request: OfficeRequest, asked: Proposal) -> None:
    if (asked.result or {}).get("state") == proposals.STORED:
        messages.success(request, _("The week is planned."))
    else:
        messages.error(
            request,
            _("Somebody changed the week while it was being planned: nothing was stored."),
        )


@require_safe
@office(Permission.PLAN_OUTREACH)
def proposal(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say how far a proposal is; the board asks every two seconds, and loads anew at the end."""
    asked = Proposal.objects.filter(pk=pk if pk <= seats.LARGEST_ID else 0).first()
    if asked is None or not seats.plans(request, asked.area_id):
        raise Http404
    if asked.ended_at is not None:
        return HttpResponse(headers={"HX-Redirect": address(asked.area_id, asked.monday)})
    return render(request, "outreach/proposal.html", {"proposal": asked, "far": how_far(asked)})


def how_far(asked: Proposal) -> int | None:
    """Return per cent of the time that a proposal's job takes at most; None before it begins."""
    job = ProcrastinateJob.objects.filter(
        task_name=proposals.JOB, args__proposal_id=asked.pk
    ).first()
    far = Advance.objects.filter(pk=job.pk).first() if job else None
    return 100 * far.done // far.of if far and far.of else None
