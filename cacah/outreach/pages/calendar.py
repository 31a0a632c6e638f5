"""A team's calendar for any phone: iCalendar under an address that only the team knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cacah.outreach.models import Activity, Team, Visit, VisitState
from cacah.outreach.pages.directions import directions
from cacah.outreach.queries.problems import spot_of

# What lies longer ago nobody looks up in a phone.
DAYS_BACK = timedelta(days=31)
STATUS = {VisitState.CANCELLED: "CANCELLED"}


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Give the calendar of the team whose address this is; nobody signs in to a calendar.

    It says where and when, and names neither contact nor telephone.
    """
    team = Team.objects.filter(feed_key=key, closed_at=None).first()
    if team is None:
        raise Http404
    body = calendar_of(team, since=timezone.localdate() - DAYS_BACK).to_ical()
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'inline; filename="tim.ics"'
    return response


def calendar_of(team: Team, *, since: date) -> Calendar:
    """Return a team's visits and meetings from a day on."""
    calendar = Calendar()
    calendar.add("prodid", "-//cacah//outreach//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", team.name)
    calendar.refresh_interval = timedelta(minutes=15)
    visits = Visit.objects.filter(Q(team=team), day__gte=since, starts_at__isnull=False)
    for visit in visits.select_related("institution__destination", "area").order_by("day", "pk"):
        calendar.add_component(_of_visit(visit))
    meetings = team.activities.filter(day__gte=since, cancelled_at=None)
    _add(calendar, (_of_meeting(meeting) for meeting in meetings.order_by("day", "pk")))
    return calendar


def _add(calendar: Calendar, events: Iterable[Event]) -> None:
    for event in events:
        calendar.add_component(event)


def _of_visit(visit: Visit) -> Event:
    assert visit.day is not None and visit.starts_at is not None
    event = _event(f"visit-{visit.pk}", visit.title, visit.day, visit.starts_at, visit.minutes)
    event.add("sequence", visit.version)
    event.add("status", STATUS.get(VisitState(visit.state), "CONFIRMED"))
    event.add("location", visit.address or visit.area.name)
    spot = spot_of(visit)
    if spot.is_located:
        event.add("geo", (spot.latitude, spot.longitude))
    there = getattr(visit.institution, "destination", None) if visit.institution_id else None
    page = settings.CACAH_PUBLIC_URL.rstrip("/") + reverse("outreach-visit", args=[visit.pk])
    said = [there.note if there else "", _("Map: %(url)s") % {"url": directions(visit).map}, page]
    event.add("description", "\n".join(each for each in said if each))
    return event


def _of_meeting(meeting: Activity) -> Event:
    event = _event(
        f"meeting-{meeting.pk}", meeting.title, meeting.day, meeting.starts_at, meeting.minutes
    )
    event.add("location", meeting.place)
    event.add("description", meeting.agenda)
    return event


def _event(uid: str, title: str, day: date, begins: time, minutes: int) -> Event:
    event = Event()
    starts = timezone.make_aware(datetime.combine(day, begins))
    event.add("uid", f"{uid}@cacah")
    event.add("dtstamp", timezone.now())
    event.add("summary", title)
    event.add("dtstart", starts.astimezone(tz=UTC))
    event.add("dtend", starts.astimezone(tz=UTC) + timedelta(minutes=minutes))
    return event
