"""The URL of the guide's sign-in on a laptop, below `kantor/lapangan/`."""

from __future__ import annotations

from django.urls import path

from cacah.outreach.pages import laptop

urlpatterns = [path("<str:key>/", laptop.sign_in, name="laptop-guide")]
