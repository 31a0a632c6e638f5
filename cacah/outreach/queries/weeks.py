"""The visits and meetings of a week, of an area's teams or of one."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from cacah.outreach.models import Activity, Proposal, Team, Visit

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    """Return the seven days of a week."""
    return [monday + timedelta(days=n) for n in range(7)]


def visits_of(area: str, monday: date) -> QuerySet[Visit]:
    """Return what an area's teams do in a week, cancelled ones too, by day and place in it."""
    theirs = Q(team__area__code__startswith=area) | Q(team=None, area__code__startswith=area)
    return (
        Visit.objects.filter(theirs, day__gte=monday, day__lt=monday + WEEK)
        .select_related("institution__destination", "team", "area")
        .order_by("day", "team", "position", "starts_at", "pk")
    )


def waiting(area: str) -> QuerySet[Visit]:
    """Return the visits of an area that have no day yet, the oldest first."""
    return (
        Visit.objects.filter(area__code__startswith=area, day=None, state="planned")
        .select_related("institution__destination", "area")
        .order_by("pk")
    )


def day_of(team: Team, day: date) -> QuerySet[Visit]:
    """Return a team's day in its order, cancelled visits last."""
    return (
        Visit.objects.filter(team=team, day=day)
        .select_related("institution__destination", "area")
        .order_by("position", "pk")
    )


def meetings_of(area: str, monday: date) -> QuerySet[Activity]:
    """Return the meetings of a week that lie in an area or that its teams attend."""
    here = Q(area__code__startswith=area) | Q(teams__area__code__startswith=area)
    return (
        Activity.objects.filter(here, day__gte=monday, day__lt=monday + WEEK, cancelled_at=None)
        .prefetch_related("teams")
        .distinct()
        .order_by("day", "starts_at", "pk")
    )


def last_proposal(area: str, monday: date) -> Proposal | None:
    """Return the newest proposal of a week for exactly this area."""
    found = Proposal.objects.filter(area=area, monday=monday)
    return found.order_by("-asked_at", "-pk").first()
