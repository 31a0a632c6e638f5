"""Leaves a laptop's site with the pages of its session; everything else answers 404 there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

# By the names of their URLs: what residents need, and the guide's board.
PAGES = {
    "landing", "form", "line", "verify", "proof", "proof-pdf", "service-worker",
    "join", "session-news", "laptop-guide",
}  # fmt: skip
BEGINNINGS = ("plain", "outreach-session-")
MACHINE = ("/healthz", "/readyz")


class OnlyTheSession:
    """Answers 404 to whatever does not belong to a session; at the centre it is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.CACAH_PACK:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Raise Http404 where the page is not one of the session's."""
        found = request.resolver_match
        name = (found.url_name or "") if found else ""
        if not (belongs(name) or request.path in MACHINE):
            raise Http404


def belongs(name: str) -> bool:
    """Tell whether a laptop has the page of this URL name."""
    return name in PAGES or name == "outreach-session" or name.startswith(BEGINNINGS)
