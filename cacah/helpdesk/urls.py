"""URLs of the help desk, below `kantor/bantuan/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from cacah.helpdesk import views

urlpatterns: list[URLPattern] = [
    path("", views.desk, name="helpdesk"),
    path("keluarga/<str:call>/", views.family, name="helpdesk-family"),
]
