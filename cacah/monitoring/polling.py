"""Answers an open page that asks for its figures: them, or the time alone if they are the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from cacah.staff.numerals import moment


class Figures(Protocol):
    """What an open page shows at one moment."""

    @property
    def as_of(self) -> datetime: ...

    @property
    def version(self) -> str:
        """A digest of all that is shown but the time."""


def answer(request: HttpRequest, found: Figures, shown: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what is shown, or 304 where the page has it already; either says of when it is."""
    tag = f'"{found.version}"'
    known = request.headers.get("If-None-Match") == tag
    response = HttpResponseNotModified() if known else shown()
    response["ETag"] = tag
    response["X-As-Of"] = moment(found.as_of)
    return response
