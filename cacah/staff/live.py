"""Answers an open page (staff/live.js) that asks for its figures: them, or when they are of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from cacah.staff.numerals import moment


def answer(
    request: HttpRequest, *, version: str, as_of: datetime, shown: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return what is shown, or 304 where the page has this version of it already.

    `version` is a digest of all that is shown but the time.
    """
    tag = f'"{version}"'
    known = request.headers.get("If-None-Match") == tag
    response = HttpResponseNotModified() if known else shown()
    response["ETag"] = tag
    response["X-As-Of"] = moment(as_of)
    return response
