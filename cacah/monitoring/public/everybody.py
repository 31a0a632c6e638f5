"""Answers that are the same bytes for everybody, so that any cache between may keep them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from cacah.collection.views import compressed

# How long a server and the caches before it go on giving one answer.
SECONDS = 60
CACHED = f"public, max-age={SECONDS}, stale-while-revalidate={5 * SECONDS}"
# Already as small as they get.
PACKED = ("image/png", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """Give one answer per path and coding, whoever asks and whatever else the request says.

    It is made at most once in `SECONDS` by each process: a headline costs the same as a visit.
    The view must not look at the query, at cookies or at headers.
    """

    @require_safe
    @conditional_page
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        coding = request.headers.get("Accept-Encoding", "")
        best = next((each for each in ("br", "gzip") if each in coding), "")
        key = f"public:{best}:{request.path}"
        known: HttpResponse | None = cache.get(key)
        # The site's middleware then leaves out what differs between people.
        request.for_everybody = True  # type: ignore[attr-defined]
        if known is not None:
            return known
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers["Cache-Control"] = CACHED
            if response.headers["Content-Type"] not in PACKED:
                compressed(request, response)
            cache.set(key, response, SECONDS)
        return response

    return answered
