"""The pages of one's own account."""

from __future__ import annotations

import pytest
from django.test import Client

from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


def test_an_officer_changes_the_password(client: Client) -> None:
    page = signed_in(client, officer(Role.NATIONAL)).get("/kantor/masuk/sandi/")
    assert page.status_code == 200


def test_who_signs_in_through_a_provider_is_offered_no_password(client: Client) -> None:
    them = officer(Role.NATIONAL)
    them.set_unusable_password()
    them.save()
    browser = signed_in(client, them)
    assert browser.get("/kantor/masuk/sandi/").status_code == 404
    assert "/kantor/masuk/sandi/" not in browser.get("/kantor/masuk/pengaman/").content.decode()


def test_a_passkey_s_device_must_ask_who_holds_it(client: Client) -> None:
    page = signed_in(client, officer(Role.NATIONAL)).get("/kantor/masuk/pengaman/kunci/")
    wanted = page.context["js_data"]["creation_options"]["publicKey"]["authenticatorSelection"]
    assert wanted["userVerification"] == "required"
