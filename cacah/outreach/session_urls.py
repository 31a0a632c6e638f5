"""URLs of guided sessions, below `kantor/penjangkauan/sesi/`."""

from __future__ import annotations

from django.urls import path

from cacah.outreach.pages import packs, session_board, sessions

urlpatterns = [
    path("", sessions.sessions, name="outreach-sessions"),
    path("<int:pk>/", sessions.session, name="outreach-session"),
    path("<int:pk>/papan/", session_board.board, name="outreach-session-board"),
    path("<int:pk>/paket/", packs.packs, name="outreach-packs"),
    path("<int:pk>/layar/", sessions.screen, name="outreach-session-screen"),
]
