"""URLs of managing institutions."""

from __future__ import annotations

from django.urls import path

from cacah.institutions.managing import steps, turnover, views

urlpatterns = [
    path("tambah/", views.add, name="institution-add"),
    path("tertutup/", views.closed, name="institutions-closed"),
    path("pilih/<slug:what>/", views.pick, name="institutions-pick"),
    path("<int:pk>/kelola/", views.manage, name="institution-manage"),
    path("<int:pk>/ubah/", views.change, name="institution-change"),
    path("<int:pk>/pindah/", steps.move, name="institution-move"),
    path("<int:pk>/tutup/", steps.close, name="institution-close"),
    path("<int:pk>/buka/", steps.reopen, name="institution-reopen"),
    path("<int:pk>/nama/", steps.names, name="institution-names"),
    path("<int:pk>/pergantian/", turnover.page, name="institution-turnover"),
]
