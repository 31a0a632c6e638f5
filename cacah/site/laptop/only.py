"""Leaves a laptop's site with the pages of its session; everything else answers 404 there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from cacah.outreach.packs.facts import here
from cacah.outreach.packs.loading import session_here

# By the names of their URLs: what residents need, and the guide's board.
PAGES = {"form", "line", "verify", "proof", "proof-pdf", "service-worker"}
PAGES |= {"join", "session-news", "laptop-guide", "outreach-session", "account_logout"}
BEGINNINGS = ("plain", "outreach-session-")
MACHINE = ("/healthz", "/readyz")
# What leads elsewhere at the centre leads to the session here.
TO_JOIN = ("landing",)
TO_THE_BOARD = ("office", "outreach", "outreach-sessions", "mfa_index")


class OnlyTheSession:
    """Answers 404 to whatever does not belong to a session; at the centre it is not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        facts = here()
        if facts is None:
            raise MiddlewareNotUsed
        self.code = facts.session["code"]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer in place of a page that is not the session's; raises Http404."""
        found = request.resolver_match
        name = (found.url_name or "") if found else ""
        if name in TO_JOIN:
            return redirect("join", self.code)
        if name in TO_THE_BOARD:
            return redirect("outreach-session", session_here().pk)
        if name == settings.LOGIN_URL:
            return render(request, "outreach/laptop_locked.html", status=403)
        if belongs(name) or request.path in MACHINE:
            return None
        raise Http404


def belongs(name: str) -> bool:
    """Tell whether a laptop has the page of this URL name."""
    return name in PAGES or name.startswith(BEGINNINGS)
