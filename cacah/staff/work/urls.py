"""URLs of the work behind the pages, below `kantor/pekerjaan/`."""

from __future__ import annotations

from django.urls import path

from cacah.staff.work import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/batal/", views.cancel, name="cancel-job"),
]
