"""URLs of souvenirs, below `kantor/penjangkauan/cenderamata/`."""

from __future__ import annotations

from django.urls import path

from cacah.outreach.pages import handing, stock

urlpatterns = [
    path("", stock.souvenirs, name="outreach-souvenirs"),
    path("tempat/baru/", stock.new_place, name="outreach-place-new"),
    path("tempat/<int:pk>/", stock.place, name="outreach-place"),
    path("serah/", handing.hand_out, name="outreach-hand-out"),
    path("serah/luring/", handing.kept, name="outreach-hand-out-kept"),
    path("serah/pekerja.js", handing.worker, name="outreach-hand-out-worker"),
    path("serah/kirim/", handing.handed, name="outreach-handed"),
    path("ganda/", handing.doubles, name="outreach-doubles"),
    path("aturan/<int:pk>/", handing.rule, name="outreach-souvenir-rule"),
]
