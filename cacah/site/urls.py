"""All URLs of the site."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from cacah.collection.packs.views import deliver
from cacah.site import office, views

urlpatterns = [
    path("healthz", views.healthy),
    path("readyz", views.ready),
    path("metrics", views.metrics),
    path("api/pack", deliver),
    *i18n_patterns(
        path("", include("cacah.collection.urls")),
        path("kantor/", office.home, name="office"),
        path("kantor/", include("cacah.staff.urls")),
        path("kantor/bantuan/", include("cacah.helpdesk.urls")),
        path("kantor/perkembangan/", include("cacah.monitoring.urls")),
        path("kantor/instansi/", include("cacah.institutions.participation_urls")),
        path("kantor/instansi/", include("cacah.institutions.roster_urls")),
        path("kantor/instansi/", include("cacah.institutions.managing.urls")),
        path("kantor/penjangkauan/", include("cacah.outreach.urls")),
        path("kantor/lapangan/", include("cacah.outreach.laptop_urls")),
        path("perkembangan/", include("cacah.monitoring.public.urls")),
        path("", include("cacah.outreach.public_urls")),
        prefix_default_language=False,
    ),
]
