"""An officer's reports: ask for one, see how far it is, take it, throw it away."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cacah.areas.codes import dotted
from cacah.areas.models import Level
from cacah.monitoring.places import NATION_IN_URLS, must_see
from cacah.monitoring.queries import figures
from cacah.monitoring.reports import actions, queries
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission


@require_safe
@office(Permission.SEE_PROGRESS)
def reports(request: OfficeRequest) -> HttpResponse:
    """List the officer's own reports, and the areas of which one is made every week."""
    found = queries.own(request.officer, request.scope)
    return render(
        request,
        "monitoring/reports.html",
        {
            "reports": found,
            "weekly": queries.weekly(request.officer, request.scope),
            "days": settings.CACAH_REPORT_DAYS,
            "is_open": any(each.state != "ready" for each in found),
        },
    )


@require_POST
@office(Permission.SEE_PROGRESS)
def ask(request: OfficeRequest, area: str) -> HttpResponse:
    """Have a report made for the officer who asks, of an area that the officer sees."""
    _must_have_report(request, area)
    try:
        actions.ask(by=request.officer, area=area, language=get_language() or "id")
    except actions.TooMany:
        words = _("%(n)s of your reports are still being made. Wait for them, or cancel one.")
        messages.error(request, words % {"n": actions.MOST_OPEN})
    return redirect("progress-reports")


@require_POST
@office(Permission.SEE_PROGRESS)
def weekly(request: OfficeRequest, area: str) -> HttpResponse:
    """Have the report of an area made every Monday, or no more."""
    _must_have_report(request, area)
    actions.want_weekly(
        by=request.officer,
        area=area,
        language=get_language() or "id",
        wanted=request.POST.get("wanted") == "1",
    )
    return redirect("progress-reports")


@require_POST
@office(Permission.SEE_PROGRESS)
def remove(request: OfficeRequest, report: int) -> HttpResponse:
    """Cancel a report that is being made, or throw one away."""
    found = queries.one(request.officer, request.scope, report)
    if found is None:
        raise Http404
    actions.remove(by=request.officer, report=found)
    return redirect("progress-reports")


@require_safe
@office(Permission.SEE_PROGRESS)
def download(request: OfficeRequest, report: int) -> HttpResponse:
    """Give a report that is made to the officer who asked for it."""
    found = queries.one(request.officer, request.scope, report)
    if found is None or found.pdf is None or found.made_at is None:
        raise Http404
    trace(by=request.officer, verb="monitoring.report_taken", subject=found.pk, area=found.area)
    code = dotted(found.area) if found.area else NATION_IN_URLS
    name = f"evaluasi-{code}-{timezone.localdate(found.made_at)}.pdf"
    response = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _must_have_report(request: OfficeRequest, area: str) -> None:
    """Raise Http404 unless the officer sees the area, and reports go down to it."""
    must_see(request.scope, area)
    found = figures(area)
    if found is None or found.level > Level.DISTRICT:
        raise Http404
