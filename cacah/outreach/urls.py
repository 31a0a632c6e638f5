"""URLs of the office's pages of outreach, below `kantor/penjangkauan/`."""

from __future__ import annotations

from django.urls import include, path

from cacah.outreach.pages import day, destinations, meetings, results, teams, visits, week

urlpatterns = [
    path("", week.week, name="outreach"),
    path("susun/", week.propose, name="outreach-propose"),
    path("usulan/<int:pk>/", week.proposal, name="outreach-proposal"),
    path("tujuan/", destinations.choose, name="outreach-destinations"),
    path("tujuan/<int:pk>/", destinations.destination, name="outreach-destination"),
    path("kunjungan/baru/", visits.new_event, name="outreach-event"),
    path("kunjungan/<int:pk>/", visits.visit, name="outreach-visit"),
    path("tim/", teams.teams, name="outreach-teams"),
    path("tim/baru/", teams.new_team, name="outreach-team-new"),
    path("tim/<int:pk>/", teams.team, name="outreach-team"),
    path("tim/<int:pk>/hari/", day.day, name="outreach-day"),
    path("tim/<int:pk>/lembar/", day.sheet, name="outreach-sheet"),
    path("rapat/baru/", meetings.new_meeting, name="outreach-meeting-new"),
    path("rapat/<int:pk>/", meetings.meeting, name="outreach-meeting"),
    path("sesi/", include("cacah.outreach.session_urls")),
    path("hasil/", results.results, name="outreach-results"),
    path("ajakan/", include("cacah.outreach.invitation_urls")),
    path("cenderamata/", include("cacah.outreach.souvenir_urls")),
]
