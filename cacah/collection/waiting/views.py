"""The waiting room without a script: a page that asks again by itself until it is one's turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cacah.collection import admission, guide, pages
from cacah.collection.admission import Waiting

PLACE = "tempat"
# A page costs twenty times what the form's own question does.
SHORTEST_PAUSE = 5
LONG_MINUTES = 100


def to_the_line(place: str, came_by: Mapping[str, str]) -> HttpResponse:
    """Lead to the page on which this place waits, with what it came by."""
    return HttpResponseRedirect(reverse("line") + "?" + urlencode({PLACE: place, **came_by}))


def how_long(seconds: int) -> str:
    """Return in words how long it will take."""
    if seconds < 60:
        return _("It will take less than a minute.")
    minutes = -(-seconds // 60)
    if minutes < LONG_MINUTES:
        one, more = "It will take about one minute.", "It will take about {n} minutes."
        return (_(one) if minutes == 1 else _(more)).format(n=minutes)
    return _("It will take about {n} hours.").format(n=-(-minutes // 60))


def words_of(waiting: Waiting) -> dict[str, Any]:
    """Return what a page says of a place."""
    position = _("You are next")
    if waiting.position > 1:
        number = localize(waiting.position)
        position = _("You are number {n} in line").format(n=number)
    return {"position": position, "how_long": how_long(waiting.estimate_seconds)}


@require_safe
def line(request: HttpRequest) -> HttpResponse:
    """Show where a place stands, ask again when it is time, and go on when it is called."""
    given, came_by = request.GET.get(PLACE, ""), guide.came_by(request.GET.dict())
    verdict = admission.look(given)
    if not isinstance(verdict, Waiting):
        return HttpResponseRedirect(reverse("plain") + "?" + urlencode({PLACE: given, **came_by}))
    again = reverse("line") + "?" + urlencode({PLACE: verdict.place, **came_by})
    # The place comes along to the page of another language.
    languages = pages.by_language(
        get_language() or settings.LANGUAGE_CODE, lambda code: translate_url(again, code)
    )
    context = words_of(verdict) | {"again": again, "languages": languages}
    response = render(request, "collection/line.html", context)
    pause = max(SHORTEST_PAUSE, verdict.retry_after)
    response.headers["Refresh"] = f"{pause}; url={again}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
