"""The door of the office: who comes in, and what everybody else gets."""

from __future__ import annotations

import pytest
from django.test import Client

from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


def test_an_officer_with_a_second_factor_comes_home(client: Client) -> None:
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get("/kantor/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    page = client.get("/kantor/")
    assert (page.status_code, page.url) == (302, "/kantor/masuk/?next=/kantor/")
