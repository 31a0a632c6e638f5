"""Sessions, forgery checks and sign-in for the office's pages alone; residents have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import get_language_from_path

OFFICE = "/kantor/"


def is_in_the_office(request: HttpRequest) -> bool:
    """Tell whether the address lies under `kantor/`, in whatever language."""
    path = request.path_info
    if language := get_language_from_path(path):
        path = path.removeprefix(f"/{language}")
    return path.startswith(OFFICE)


class _OnlyInTheOffice:
    """Passes every other request on, as if this middleware were not there."""

    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> Any:
        if not is_in_the_office(request):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class Sessions(_OnlyInTheOffice, SessionMiddleware):
    """Django's sessions; and forms that say from where they are sent, or each would look forged."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return super().process_response(request, response)


class Forgery(_OnlyInTheOffice, CsrfViewMiddleware):
    """Django's protection against forged requests."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        return super().process_view(request, *args) if is_in_the_office(request) else None


class Authentication(_OnlyInTheOffice, AuthenticationMiddleware):
    """Django's request.user."""


class Messages(_OnlyInTheOffice, MessageMiddleware):
    """Django's messages."""
