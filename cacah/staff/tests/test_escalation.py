"""What a dishonest officer tries by hand-made forms: to become more, or to stay longer."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from cacah.staff import actions, invitations, letters
from cacah.staff.actions import Refused
from cacah.staff.appointing import Appointment
from cacah.staff.models import Grant, Officer
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
HIGH = "tinggi@example.org"


@pytest.fixture
def regency(client: Client) -> Client:
    """Sign in an officer of Batang."""
    area("33.25.07")
    return signed_in(client, officer(Role.REGENCY, "33.25"))


def invited(role: Role, code: str) -> Officer:
    """Invite somebody by a command; they have not taken it up."""
    made, _ = actions.invite(by=None, email=HIGH, name="T", appointment=Appointment(role, code))
    return made


def give_district(client: Client) -> str:
    told = {"email": HIGH, "name": "T", "role": "district", "area": "33.25.07"}
    answer = client.post("/kantor/petugas/undang/", told, follow=True)
    return answer.content.decode()


def test_a_small_role_more_does_not_show_the_link_of_somebody_above(regency: Client) -> None:
    above = invited(Role.PROVINCE, "33")
    page = give_district(regency)
    assert Grant.objects.filter(officer=above).count() == 2
    assert "/undangan/" not in page
    assert HIGH in page
    # It goes to the address alone.
    letters.everything_is_sent()
    above.refresh_from_db()
    assert [each.to for each in mail.outbox] == [[HIGH]]
    # The same link a second later has another moment in it.
    token = re.search(r"/undangan/([^/]+)/", mail.outbox[0].body)
    assert token and invitations.invited(token[1]) == above


def test_a_link_from_below_is_void_once_more_is_given_from_above(regency: Client) -> None:
    page = give_district(regency)
    link = page.partition('id="link" readonly value="')[2].partition('"')[0]
    path = link.removeprefix(SITE)
    assert Client().get(path).status_code == 200
    invited(Role.PROVINCE, "33")
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"password": "gajah minum kopi susu"}).status_code == 410


def test_a_role_given_on_an_officer_s_page_makes_the_older_link_void_too(regency: Client) -> None:
    area("33.25.08")
    page = give_district(regency)
    link = page.partition('id="link" readonly value="')[2].partition('"')[0]
    below = Officer.objects.get(email=HIGH)
    told = {"role": "district", "area": "33.25.08"}
    page = regency.post(f"/kantor/petugas/{below.pk}/peran/", told, follow=True).content.decode()
    assert Client().get(link.removeprefix(SITE)).status_code == 410
    newer = page.partition('id="link" readonly value="')[2].partition('"')[0]
    assert Client().get(newer.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("role", [Role.HELP_DESK, Role.REGENCY])
def test_nobody_gives_a_role_to_oneself(client: Client, role: Role) -> None:
    area("33.25")
    me = officer(Role.PROVINCE, "33")
    told = {"email": me.email.upper(), "name": "I", "role": role.value, "area": "33.25"}
    page = signed_in(client, me).post("/en/kantor/petugas/undang/", told).content.decode()
    assert "cannot give yourself a role" in page
    assert Grant.objects.filter(officer=me).count() == 1
    with pytest.raises(Refused):
        actions.invite(by=me, email=me.email, name="I", appointment=Appointment(role, "3325"))


def test_reinstating_revives_no_session(regency: Client) -> None:
    below = officer(Role.DISTRICT, "33.25.07")
    theirs = signed_in(Client(), below)
    assert theirs.get("/kantor/").status_code == 200
    regency.post(f"/kantor/petugas/{below.pk}/tangguhkan/")
    regency.post(f"/kantor/petugas/{below.pk}/pulihkan/")
    assert theirs.get("/kantor/").url.startswith("/kantor/masuk/")
    below.refresh_from_db()
    assert signed_in(Client(), below).get("/kantor/").status_code == 200
