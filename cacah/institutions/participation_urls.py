"""URLs of participation: the league, an institution, its people, receipts, letters, sheets."""

from __future__ import annotations

from django.urls import path

from cacah.institutions import (
    participation_evidence,
    participation_letters,
    participation_people,
    participation_views,
)

urlpatterns = [
    path("", participation_views.institutions, name="institutions"),
    path("evaluasi.<slug:format>", participation_evidence.of_area, name="institutions-evidence"),
    path("surel-mingguan/", participation_letters.digest_wish, name="institutions-digest"),
    path("<int:pk>/", participation_views.institution, name="institution"),
    path("<int:pk>/angka/", participation_views.figures, name="institution-figures"),
    path(
        "<int:pk>/orang/<int:entry>/", participation_people.roster_person, name="institution-person"
    ),
    path("<int:pk>/tanda-terima/", participation_people.hand_in, name="institution-receipt"),
    path(
        "<int:pk>/pengingat/",
        participation_letters.institution_reminders,
        name="institution-reminders",
    ),
    path(
        "<int:pk>/evaluasi.<slug:format>",
        participation_evidence.of_institution,
        name="institution-evidence",
    ),
]
