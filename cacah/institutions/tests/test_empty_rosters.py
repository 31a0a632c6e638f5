"""An institution's page before anybody stands on its roster."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cacah.institutions.tests.cast import institution
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["coordinator", "regency"])
def test_an_empty_roster_is_said_to_be_empty_and_not_counted(client: Client, role: str) -> None:
    company = institution("Perumda Air Minum")
    own = {"institution": company.pk} if role == "coordinator" else {}
    page = signed_in(client, officer(role, "33.25", **own)).get(
        reverse("institution", args=[company.pk])
    )
    text = page.content.decode()
    assert text.count("Belum ada orang di daftar ini.") == 1
    assert "0 dari 0" not in text
