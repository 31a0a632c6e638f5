"""The people's side of an invitation: who invites, and the way into the form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from cacah.outreach.actions import invitations as verbs
from cacah.outreach.models import Invitation, InvitationKind

# Whoever loads the page again within it has opened it once.
AGAIN = timedelta(minutes=1)


@require_safe
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Show who invites as far as an institution's name, and lead to the form.

    It counts that it was opened. A browser that loads it again says since when it has it, and is
    not counted: nothing is written down of anybody for that.
    """
    found = Invitation.objects.filter(code=code.upper()).select_related("institution").first()
    if found is None:
        raise Http404
    now = datetime.now(UTC)
    if _has_it(request, now):
        return HttpResponseNotModified()
    is_seen = request.method == "GET" and "Sec-Purpose" not in request.headers
    if is_seen:
        verbs.opened(code=found.code)
    whole = found.kind == InvitationKind.INSTITUTION and found.institution
    context = {"code": found.code, "institution": whole.name if whole else ""}
    response = render(request, "outreach/invitation.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Last-Modified"] = http_date(now.timestamp())
    return response


def _has_it(request: HttpRequest, now: datetime) -> bool:
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and 0 <= now.timestamp() - since < AGAIN.total_seconds()
