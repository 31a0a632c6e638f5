"""URLs of the officers' pages, below `kantor/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from cacah.staff import views
from cacah.staff.views_of_files import import_file
from cacah.staff.views_of_trail import trail

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", include("cacah.staff.urls_of_signin")),
    path("undangan/<str:token>/", views.accept, name="invitation"),
    path("petugas/", views.officers, name="officers"),
    path("petugas/undang/", views.invite, name="invite"),
    path("petugas/berkas/", import_file, name="import-officers"),
    path("petugas/<int:pk>/", views.officer, name="officer"),
    path("petugas/<int:pk>/peran/", views.grant, name="grant"),
    path("petugas/<int:pk>/tangguhkan/", views.suspend, name="suspend"),
    path("petugas/<int:pk>/pulihkan/", views.reinstate, name="reinstate"),
    path("petugas/<int:pk>/undang-lagi/", views.begin_again, name="begin-again"),
    path("petugas/<int:pk>/surel/", views.change_email, name="change-email"),
    path("petugas/peran/<int:pk>/cabut/", views.revoke, name="revoke"),
    path("jejak/", trail, name="audit"),
    path("pekerjaan/", include("cacah.staff.work.urls")),
]
