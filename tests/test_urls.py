"""Every URL is either on the list of public ones or asks for a permission."""

from __future__ import annotations

from collections import Counter

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
    "kantor/undangan/<str:token>/",  # whoever holds the one-time link
    "kantor/lapangan/<str:key>/",  # on a session's laptop alone, by its link of this start
    "perkembangan/",
    "perkembangan/<area:area>/",
    "perkembangan/<area:area>/sematan/",
    "perkembangan/<area:area>/gambar.<picture:format>",
    "perkembangan/<area:area>/peta.svg",
    "perkembangan/<area:area>/perjalanan.svg",
    "perkembangan/<area:area>/data.<file:format>",
    "sesi/kabar",  # whoever holds a signed seat
    "sesi/<slug:code>/",
    "ajakan/<slug:code>/",
    "kalender/tim/<slug:key>.ics",  # whoever knows the team's key
    "api/pack",  # whoever holds a session pack's key
    "metrics",  # only to this machine, or with the token
}

# Signing in is django-allauth's; of its views only these are mounted.
SIGN_IN = {
    "kantor/masuk/" + each
    for each in (
        "",
        "keluar/",
        "ditutup/",
        "lagi/",
        "sandi/",
        "lupa/",
        "lupa/terkirim/",
        "lupa/<str:uidb36>/<str:key>/",
        "lupa/selesai/",
        "oidc/<str:provider_id>/",
        "oidc/<str:provider_id>/kembali/",
        "oidc-batal/",
        "langkah-kedua/",
        "langkah-kedua/lagi/",
        "kunci-sandi/",
        "kunci-sandi/lagi/",
        "pengaman/",
        "pengaman/aplikasi/",
        "pengaman/aplikasi/lepas/",
        "pengaman/kunci/",
        "pengaman/kunci/<int:pk>/lepas/",
        "pengaman/cadangan/",
        "pengaman/cadangan/baru/",
        "pengaman/cadangan/unduh/",
    )
}


def routes(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        found += routes(entry, route) if isinstance(entry, URLResolver) else [(route, entry)]
    return found


def test_every_url_is_listed_as_public_or_asks_for_a_permission() -> None:
    unguarded = {
        route
        for route, pattern in routes(get_resolver())
        if not hasattr(pattern.callback, "permission")
    }
    assert unguarded == PUBLIC | SIGN_IN


def test_no_two_urls_have_the_same_name() -> None:
    """A link made by a name that two have would lead to the other one."""
    named = Counter(pattern.name for _route, pattern in routes(get_resolver()) if pattern.name)
    assert [name for name, many in named.items() if many > 1] == []


def test_every_page_that_asks_for_a_permission_lies_in_the_office() -> None:
    # Elsewhere there is no session, so nobody could be signed in.
    guarded = [
        r for r, pattern in routes(get_resolver()) if hasattr(pattern.callback, "permission")
    ]
    assert all(route.startswith("kantor/") for route in guarded)
