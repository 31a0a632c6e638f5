"""URLs of invitations, below `kantor/penjangkauan/ajakan/`."""

from __future__ import annotations

from django.urls import path

from cacah.outreach.pages import invitations

urlpatterns = [
    path("", invitations.choose, name="outreach-inviting"),
    path("<int:pk>/", invitations.invitations, name="outreach-invitations"),
    path("<int:pk>/pembuatan/", invitations.making, name="outreach-making-links"),
    path("<int:pk>/poster.pdf", invitations.posters, name="outreach-posters"),
]
