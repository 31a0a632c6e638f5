"""URLs of the officers' pages, below `kantor/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", include("cacah.staff.urls_of_signin")),
]
