"""URLs of the resident's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from cacah.collection import views
from cacah.collection.waiting.views import line

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.landing, name="landing"),
    path("isi/", views.form, name="form"),
    path("polos/", include("cacah.collection.plain.urls")),
    path("antre/", line, name="line"),
    path("bukti/", views.verify, name="verify"),
    path("bukti/<str:code>.pdf", views.proof_pdf, name="proof-pdf"),
    path("bukti/<str:code>", views.verify, name="proof"),
    path("sw.js", views.service_worker, name="service-worker"),
]
