"""URLs of a roster's upload, and of the import of institutions."""

from __future__ import annotations

from django.urls import path

from cacah.institutions import import_views, roster_views

urlpatterns = [
    path("impor/", import_views.import_page, name="institutions-import"),
    path("<int:pk>/unggah/", roster_views.upload, name="roster-upload"),
    path("<int:pk>/unggah/<uuid:upload>/", roster_views.draft, name="roster-draft"),
    path("<int:pk>/unggah/<uuid:upload>/kemajuan", roster_views.progress, name="roster-progress"),
    path("<int:pk>/unggah/<uuid:upload>/perbaiki", roster_views.correct, name="roster-correct"),
    path("<int:pk>/unggah/<uuid:upload>/simpan", roster_views.take, name="roster-take"),
    path("<int:pk>/unggah/<uuid:upload>/batal", roster_views.drop, name="roster-drop"),
]
