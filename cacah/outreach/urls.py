"""URLs of the office's pages of outreach, below `kantor/penjangkauan/`."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
