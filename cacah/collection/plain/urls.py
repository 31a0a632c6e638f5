"""URLs of the plain form."""

from __future__ import annotations

from django.urls import URLPattern, path

from cacah.collection.plain import views

urlpatterns: list[URLPattern] = [path("", views.plain, name="plain")]
