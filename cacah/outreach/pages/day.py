"""A team's day on a phone, and its week on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cacah.outreach import seats
from cacah.outreach.models import Activity, CancelReason, Destination, Team, Visit, VisitState
from cacah.outreach.pages.board import Card, card, clock
from cacah.outreach.pages.directions import Directions, directions
from cacah.outreach.pages.tables import weekdays
from cacah.outreach.queries.teams import members_on
from cacah.outreach.queries.weeks import day_of, days_of
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Line:
    """A visit as its team needs it on the way."""

    card: Card
    destination: Destination | None
    directions: Directions
    hours: str
    closed: str
    can_begin: bool
    can_end: bool
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a route sheet."""

    name: str
    lines: list[Line]
    meetings: list[tuple[str, Activity]]


@require_safe
@office(Permission.RUN_OUTREACH)
def day(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a team's day: where to, when, whom to ask for, and buttons for how far it is."""
    team = seats.team(request, pk)
    when = seats.day_asked(request)
    shown = _day(team, when)
    context = {
        "team": team,
        "when": when,
        "day": shown,
        "is_today": when == timezone.localdate(),
        "before": (when - timedelta(days=1)).isoformat(),
        "after": (when + timedelta(days=1)).isoformat(),
        "reasons": CancelReason.choices,
        "done": sum(line.card.visit.state == VisitState.DONE for line in shown.lines),
        "many": sum(line.card.visit.state != VisitState.CANCELLED for line in shown.lines),
        "plans": seats.plans(request, team.area_id),
    }
    return render(request, "outreach/day.html", context)


@require_safe
@office(Permission.RUN_OUTREACH)
def sheet(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a team's week as a sheet to print, with room for what happens."""
    team = seats.team(request, pk)
    monday = seats.monday_asked(request)
    days = [_day(team, when) for when in days_of(monday)]
    members = members_on(monday).filter(team=team).select_related("officer")
    context = {
        "team": team,
        "days": [each for each in days if each.lines or each.meetings],
        "from_day": numerals.day(monday),
        "members": [member.officer.name for member in members],
        "printed": numerals.moment(timezone.now()),
    }
    return render(request, "outreach/sheet.html", context)


def _day(team: Team, when: date) -> Day:
    meetings = team.activities.filter(day=when, cancelled_at=None).order_by("starts_at", "pk")
    return Day(
        numerals.weekday_and_day(when),
        [line(visit) for visit in day_of(team, when)],
        [(clock(meeting.starts_at), meeting) for meeting in meetings],
    )


def line(visit: Visit) -> Line:
    """Return a visit as its team needs it."""
    there = getattr(visit.institution, "destination", None) if visit.institution_id else None
    hours = f"{clock(there.opens)}–{clock(there.closes)}" if there and there.opens else ""
    closed = weekdays(there.closed_days) if there and there.closed_days else ""
    return Line(
        card(visit),
        there,
        directions(visit),
        hours,
        closed,
        visit.state == VisitState.PLANNED,
        visit.state in (VisitState.PLANNED, VisitState.UNDER_WAY),
        visit.state in (VisitState.UNDER_WAY, VisitState.DONE),
    )
