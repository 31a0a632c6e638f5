"""URLs of outreach that nobody signs in to: whoever has the address may open it."""

from __future__ import annotations

from django.urls import path

from cacah.outreach.pages import calendar, inviting, joining

urlpatterns = [
    path("kalender/tim/<slug:key>.ics", calendar.feed, name="outreach-feed"),
    path("ajakan/<slug:code>/", inviting.invitation, name="invited"),
    path("sesi/kabar", joining.news, name="session-news"),
    path("sesi/<slug:code>/", joining.join, name="join"),
]
