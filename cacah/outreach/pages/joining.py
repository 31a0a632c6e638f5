"""The people's side of a guided session: join by its code, and tell how far one is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cacah.collection import guide
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession, Seat
from cacah.outreach.queries.sessions import is_open

LARGEST_BODY = 2000
BLOCK = re.compile(r"[a-z0-9_:/-]{1,40}", re.ASCII)


# A page that anybody opens, without a cookie: there is nothing here that a forged form could do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the session is; who begins gets a number, and the form with it."""
    session = GuidedSession.objects.filter(code=code.upper()).first()
    if session is None:
        raise Http404
    now = datetime.now(UTC)
    state = "open" if is_open(session, now) else "early" if now < session.opens_at else "over"
    if request.method == "POST" and state == "open":
        try:
            return redirect(_form(request, verbs.take_seat(session.code).token))
        except verbs.Closed:
            state = "over"
        except verbs.Full:
            state = "full"
    status = 200 if request.method != "POST" else 409
    return render(
        request, "outreach/join.html", {"session": session, "state": state}, status=status
    )


def _form(request: HttpRequest, token: str) -> str:
    if "polos" in request.POST:
        return reverse("plain") + guide.as_query({guide.SEAT_NAME: token})
    said = {"bersama": "1"} if "bersama" in request.POST else {}
    return f"{reverse('form')}?{urlencode(said | {'sesi': token})}"


@csrf_exempt
@require_POST
def news(request: HttpRequest) -> HttpResponse:
    """Take how far a device is, and tell it what the guide says.

    `{"token", "block", "wanted"}` → 200 `{"hint"}`; 410 where the session is over, 404 where there
    is no such seat, 400 for anything else.
    """
    told = _read(request)
    seat = guide.seat_of(told.get("token"))
    block = told.get("block")
    if not seat or not isinstance(block, str) or not BLOCK.fullmatch(block):
        return JsonResponse({"code": "bad-request"}, status=400)
    try:
        found = verbs.tell(
            seat=seat, block=block, wanted=told.get("wanted") is True, at=datetime.now(UTC)
        )
    except Seat.DoesNotExist:
        return JsonResponse({"code": "not-found"}, status=404)
    except verbs.Closed:
        return JsonResponse({"code": "closed"}, status=410)
    answer = JsonResponse({"hint": found.hint or ""})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(request: HttpRequest) -> dict[str, Any]:
    """Return the object that was sent; an empty one for anything that is none."""
    try:
        found = orjson.loads(request.read(LARGEST_BODY))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
