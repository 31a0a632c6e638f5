"""Every URL is either on the list of public ones or asks for a permission."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver

# What anybody may open without signing in. A new page is not public until it stands here.
PUBLIC = {
    "",
    "isi/",
    "polos/",
    "antre/",
    "bukti/",
    "bukti/<str:code>",
    "bukti/<str:code>.pdf",
    "sw.js",
    "healthz",
    "readyz",
    "metrics",  # only to this machine, or with the token
}


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        found += routes(entry, route) if isinstance(entry, URLResolver) else [(route, entry)]
    return found


def test_every_url_is_listed_as_public() -> None:
    assert {route for route, _ in routes(get_resolver())} == PUBLIC
