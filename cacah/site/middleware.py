"""Security headers on every page that Django serves."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# What a page loads follows that page's own policy; on a weak link each header is paid for.
PARTS_OF_A_PAGE = (".js", ".css", ".json")
FOR_PARTS = {"Cross-Origin-Resource-Policy": HEADERS["Cross-Origin-Resource-Policy"]}


# What a file that never changes would be asked for again by.
NEVER_ASKED_AGAIN = ("ETag", "Last-Modified")


def _is_part(path: str) -> bool:
    return path.startswith(settings.STATIC_URL) and path.endswith(PARTS_OF_A_PAGE)


class SecurityHeaders:
    """Add the Content-Security-Policy and its companions to each response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = FOR_PARTS if _is_part(request.path) else HEADERS
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        # LocaleMiddleware says that a page without a language in its address varies: it does not.
        if getattr(request, "for_everybody", False):
            response.headers["Vary"] = "Accept-Encoding"
            response.cookies.clear()
        if re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, request.path):
            for name in NEVER_ASKED_AGAIN:
                del response.headers[name]
        return response
