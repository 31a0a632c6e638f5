"""The office across rooms: coordinators invited for real institutions, the home page, the menu."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cacah.institutions.actions import NewInstitution, add_institution
from cacah.institutions.models import Institution
from cacah.staff.models import Grant
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = pytest.mark.django_db


def institution(name: str, code: str, parent: Institution | None = None) -> Institution:
    area(code)
    told = {"area": code.replace(".", ""), "parent": parent.pk if parent else None}
    return add_institution(by=None, new=NewInstitution(name, **told))


def invited(client: Client, institution: int) -> int:
    """Try to invite a coordinator; return how many grants that made."""
    before = Grant.objects.count()
    told = {"email": "k@example.org", "name": "K", "role": "coordinator"}
    client.post("/kantor/petugas/undang/", told | {"institution": institution})
    return Grant.objects.count() - before


def test_coordinators_are_invited_for_institutions_within_the_area(client: Client) -> None:
    here, there = institution("Dinas", "33.25"), institution("Dinas lain", "33.26")
    regency = signed_in(client, officer(Role.REGENCY, "33.25"))
    page = regency.get(f"/kantor/petugas/undang/?institution={here.pk}").content.decode()
    assert "Dinas" in page
    assert regency.get(f"/kantor/petugas/undang/?institution={there.pk}").status_code == 404
    assert [invited(regency, each) for each in (there.pk, 999_999, here.pk)] == [0, 0, 1]
    assert Grant.objects.get(institution=here.pk).area_id == "3325"


def test_a_coordinator_invites_strictly_below_the_own_institution(client: Client) -> None:
    root = institution("Universitas", "33.25")
    faculty, other = institution("Fakultas", "33.25", root), institution("Lain", "33.25")
    mine = officer(Role.COORDINATOR, institution=faculty.pk)
    unit = institution("Jurusan", "33.25", faculty)
    coordinator = signed_in(client, mine)
    tried = (root.pk, other.pk, faculty.pk, unit.pk)
    assert [invited(coordinator, each) for each in tried] == [0, 0, 0, 1]
    listed = coordinator.get("/kantor/petugas/").content.decode()
    assert "k@example.org" in listed
    assert mine.email not in listed.partition("<main")[2]


def test_home_says_what_needs_doing_about_officers(client: Client) -> None:
    officer(Role.DISTRICT, "33.25.07", second_factor=False)
    officer(Role.DISTRICT, "33.25.08", until=timezone.localdate() + timedelta(days=3))
    officer(Role.DISTRICT, "33.26.01", second_factor=False)
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get("/en/kantor/").content.decode()
    assert "One officer can sign in, but open no page" in page
    assert "One officer&#x27;s role ends within two weeks" in page


@pytest.mark.parametrize("role", Role)
def test_the_menu_offers_what_the_role_may_open(client: Client, role: Role) -> None:
    where = {Role.PROVINCE: "33", Role.REGENCY: "33.25", Role.DISTRICT: "33.25.07"}
    root = institution("Dinas", "33.25").pk if role == Role.COORDINATOR else None
    reader = signed_in(client, officer(role, where.get(role, ""), institution=root))
    page = reader.get("/kantor/").content.decode()
    menu = page.partition('class="menu"')[2].partition("</ul>")[0]
    links = re.findall(r'href="([^"]+)"', menu)
    assert links[0] == "/kantor/"
    for link in links:
        assert reader.get(link).status_code in (200, 302), link
    may_invite = role not in (Role.DISTRICT, Role.STATISTICIAN, Role.HELP_DESK, Role.TEAM)
    assert ("/kantor/petugas/" in links) == may_invite


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/kantor/", 'href="/kantor/" aria-current="page"'),
        ("/en/kantor/petugas/", 'href="/en/kantor/petugas/" aria-current="page"'),
        ("/kantor/petugas/undang/", 'href="/kantor/petugas/" aria-current="true"'),
    ],
)
def test_the_menu_marks_the_room_that_is_open(client: Client, path: str, marked: str) -> None:
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get(path).content.decode()
    menu = page.partition('class="menu"')[2].partition("</ul>")[0]
    assert marked in menu and menu.count("aria-current") == 1
