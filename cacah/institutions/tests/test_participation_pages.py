"""What coordinators and officers above see of participation, and what they never see."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from cacah.institutions import actions
from cacah.institutions.actions.people import exempt
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.queries import participation
from cacah.institutions.tests.cast import answers, family, institution, opens, people
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dinas() -> Institution:
    """An office with two units of six people each; four families have come somewhere."""
    dinas = institution()
    for n, name in enumerate(("Puskesmas Batang", "Puskesmas Warungasem")):
        unit = institution(name, parent=dinas)
        family(n * 10 + 1, *range(n * 10 + 1, n * 10 + 6))
        numbers = range(n * 10 + 1, n * 10 + 7)
        actions.add_entries(by=None, institution=unit.pk, people=people(*numbers))
    opens(1)
    answers(11)
    return dinas


@pytest.fixture
def ani(dinas: Institution) -> Officer:
    return officer("coordinator", "33.25", institution=dinas.pk)


def read(client: Client, name: str, *args: object, **query: str) -> str:
    """Return a page's text as its reader sees it, without its language's switch."""
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_coordinator_sees_the_states_of_the_own_people(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    page = read(signed_in(client, ani), "institution", dinas.pk)
    assert page.count("state-done") == 5
    assert page.count("state-begun") == 5
    assert page.count("state-missing") == 2
    assert "Pegawai 11" in page
    assert AuditEntry.objects.filter(verb="institutions.people_read", officer=ani).exists()


def test_a_coordinator_sees_no_household_no_time_and_no_whole_nik(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani)
    for query in ({}, {"format": "csv"}, {"format": "json"}):
        page = client.get(reverse("institution", args=[dinas.pk]), query).content.decode()
        assert not re.search(r"\d{16}", page)
        assert "household" not in page
        assert "submitted" not in page


def test_the_list_is_filtered_by_state_unit_and_name(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani)
    unit = Institution.objects.get(name="Puskesmas Batang").pk

    def names(**query: str) -> set[str]:
        address = reverse("institution", args=[dinas.pk])
        rows = json.loads(client.get(address, query | {"format": "json"}).content)["rows"]
        return {row["name"] for row in rows}

    assert len(names()) == 12
    assert names(keadaan="not_found") == {"Pegawai 6", "Pegawai 16"}
    assert names(keadaan="left", unit=str(unit)) == {f"Pegawai {n}" for n in range(1, 7)}
    assert names(nama="pegawai 16") == {"Pegawai 16"}
    assert names(nama="nobody at all") == set()


def test_the_list_comes_in_pages(client: Client, dinas: Institution, ani: Officer) -> None:
    actions.add_entries(by=None, institution=dinas.pk, people=people(*range(100, 160)))
    signed_in(client, ani)
    first = read(client, "institution", dinas.pk)
    last = read(client, "institution", dinas.pk, hal="2")
    assert (first.count('class="state '), last.count('class="state ')) == (50, 22)
    for wrong in ("0", "99", "-1", "x", "٣", "9" * 30):
        assert read(client, "institution", dinas.pk, hal=wrong)


@pytest.mark.parametrize(
    "query", [{"unit": "1"}, {"unit": "x"}, {"unit": "9" * 40}, {"format": "exe"}]
)
def test_it_answers_404_to_what_is_not_there(
    client: Client, dinas: Institution, ani: Officer, query: dict[str, str]
) -> None:
    other = institution("Dinas Pendidikan")
    if query == {"unit": "1"}:
        query = {"unit": str(other.pk)}
    response = signed_in(client, ani).get(reverse("institution", args=[dinas.pk]), query)
    assert response.status_code == 404


def test_a_coordinator_of_a_unit_sees_that_unit_only(client: Client, dinas: Institution) -> None:
    unit, other = dinas.units.order_by("name")
    signed_in(client, officer("coordinator", "33.25", institution=unit.pk))
    assert "Pegawai 1<" in read(client, "institution", unit.pk)
    for page in (dinas.pk, other.pk):
        for name in ("institution", "institution-reminders", "institution-receipt"):
            assert client.get(reverse(name, args=[page])).status_code == 404
        assert client.get(reverse("institution-evidence", args=[page, "pdf"])).status_code == 404
    assert client.get(reverse("institutions-evidence", args=["pdf"])).status_code == 404


def test_an_officer_above_sees_counts_and_no_name(client: Client, dinas: Institution) -> None:
    signed_in(client, officer("regency", "33.25"))
    page = read(client, "institution", dinas.pk)
    assert "Pegawai" not in page
    assert "Puskesmas Batang" in page
    assert client.get(reverse("institution", args=[dinas.pk]), {"format": "csv"}).status_code == 404
    entry = RosterEntry.objects.earliest("id").pk
    for name, args in (
        ("institution-person", [dinas.pk, entry]),
        ("institution-reminders", [dinas.pk]),
        ("institution-receipt", [dinas.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_names_reach_officers_where_the_mandate_says_so_and_leave_a_trace(
    client: Client, dinas: Institution
) -> None:
    Institution.objects.filter(pk=dinas.pk).update(names_to_officers=True)
    budi = officer("regency", "33.25")
    page = read(signed_in(client, budi), "institution", dinas.pk)
    assert "Pegawai 1<" in page
    assert "…" not in page.partition("<table")[2]
    entry = AuditEntry.objects.get(verb="institutions.people_read")
    assert (entry.officer, entry.details["people"]) == (budi, 12)
    file = client.get(reverse("institution", args=[dinas.pk]), {"format": "json"}).json()
    assert [column["key"] for column in file["columns"]] == ["name", "unit", "state", "why"]


def test_an_officer_of_another_regency_sees_nothing(client: Client, dinas: Institution) -> None:
    signed_in(client, officer("regency", "33.74"))
    assert client.get(reverse("institution", args=[dinas.pk])).status_code == 404
    assert "Dinas Kesehatan" not in read(client, "institutions")
    assert client.get(reverse("institutions"), {"wilayah": "3325"}).status_code == 404
    assert (
        client.get(reverse("institutions-evidence", args=["xlsx"]), {"wilayah": "33"}).status_code
        == 404
    )


def test_an_unknown_institution_and_a_strangers_look_the_same(
    client: Client, dinas: Institution
) -> None:
    signed_in(client, officer("coordinator", "33.25", institution=institution("Bank").pk))
    stranger = client.get(reverse("institution", args=[dinas.pk]))
    unknown = client.get(reverse("institution", args=[999_999]))
    assert stranger.status_code == unknown.status_code == 404
    # The page names its own address, for the other languages.
    assert stranger.content.replace(str(dinas.pk).encode(), b"999999") == unknown.content


def test_a_small_unit_is_shown_together_with_another(client: Client, dinas: Institution) -> None:
    small = institution("Puskesmas Kecil", parent=dinas)
    actions.add_entries(by=None, institution=small.pk, people=people(900, 901))
    budi = signed_in(client, officer("regency", "33.25"))
    page = read(budi, "institution", dinas.pk)
    assert "Puskesmas Kecil" not in page
    assert sum(name in page for name in ("Puskesmas Batang", "Puskesmas Warungasem")) == 1
    alone = read(budi, "institution", small.pk)
    assert "participation" not in alone.partition("<main")[2]
    assert client.get(reverse("institution-evidence", args=[small.pk, "pdf"])).status_code == 404
    assert "Puskesmas Kecil" not in read(budi, "institutions", semua="1")


def test_the_league_is_ranked_sorted_and_filtered(client: Client, dinas: Institution) -> None:
    faculty = institution("Universitas Batang")
    Institution.objects.filter(pk=faculty.pk).update(kind="university", obliged=False)
    family(50, *range(50, 60))
    answers(50)
    actions.add_entries(by=None, institution=faculty.pk, people=people(*range(50, 60)))
    signed_in(client, officer("province", "33"))

    def rows(**query: str) -> list[dict[str, object]]:
        return client.get(reverse("institutions"), query | {"format": "json"}).json()["rows"]

    assert [(row["rank"], row["name"]) for row in rows()] == [
        (1, "Universitas Batang"),
        (2, "Dinas Kesehatan"),
    ]
    assert next(row["name"] for row in rows(urut="-people")) == "Dinas Kesehatan"
    assert [row["name"] for row in rows(jenis="university")] == ["Universitas Batang"]
    assert [row["name"] for row in rows(wajib="1")] == ["Dinas Kesehatan"]
    assert len(rows(semua="1")) == 4
    assert rows(urut="nonsense", jenis="nonsense") == rows()
    page = read(client, "institutions")
    assert "Universitas Batang" in page


def test_a_submit_changes_the_figure_at_once(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani)
    url = f"/en{reverse('institution', args=[dinas.pk])}"
    assert "5 of 12" in client.get(url).content.decode()
    answers(1)
    assert "10 of 12" in client.get(url).content.decode()


def entry_page(of: Institution, name: str = "Pegawai 1") -> tuple[RosterEntry, str]:
    entry = RosterEntry.objects.earliest("id")
    return entry, reverse("institution-person", args=[of.pk, entry.pk])


def test_a_person_is_exempted_with_a_reason_and_asked_again(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    entry, url = entry_page(dinas)
    signed_in(client, ani)
    assert client.get(url).status_code == 200
    client.post(url, {"lakukan": "exempt", "reason": "abroad"})
    assert participation(dinas.pk).exempt == 1
    refused = client.post(url, {"lakukan": "exempt", "reason": "nonsense"})
    assert 'role="alert"' in refused.content.decode()
    client.post(url, {"lakukan": "ask"})
    assert participation(dinas.pk).exempt == 0
    assert RosterEntry.objects.get(pk=entry.pk).state == "opened"
    verbs = AuditEntry.objects.filter(verb__startswith="institutions.").values_list(
        "verb", flat=True
    )
    assert {"institutions.exempted", "institutions.asked_again"} <= set(verbs)


def test_a_person_is_removed_and_put_back(client: Client, dinas: Institution, ani: Officer) -> None:
    _entry, url = entry_page(dinas)
    signed_in(client, ani)
    assert client.post(url, {"lakukan": "remove"}).status_code == 200
    assert participation(dinas.pk).people == 11
    assert client.get(url).status_code == 404
    client.post(url, {"lakukan": "restore"})
    assert (participation(dinas.pk).people, participation(dinas.pk).opened) == (12, 5)


def test_a_person_is_moved_to_another_unit(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    entry, url = entry_page(dinas)
    other = Institution.objects.get(name="Puskesmas Warungasem")
    signed_in(client, ani)
    client.post(url, {"lakukan": "move", "unit": str(other.pk)})
    assert RosterEntry.objects.get(pk=entry.pk).institution == other
    assert participation(other.pk).people == 7
    for wrong in ("x", "", str(institution("Bank").pk), "9" * 40):
        refused = client.post(url, {"lakukan": "move", "unit": wrong})
        assert 'role="alert"' in refused.content.decode()


def test_somebody_elses_person_is_not_found(client: Client, dinas: Institution) -> None:
    bank = institution("Bank")
    signed_in(client, officer("coordinator", "33.25", institution=bank.pk))
    entry = RosterEntry.objects.earliest("id").pk
    url = reverse("institution-person", args=[bank.pk, entry])
    assert client.get(url).status_code == 404
    for doing in ("exempt", "remove", "restore", "receipt", "nik", "ask"):
        posted = client.post(url, {"lakukan": doing, "reason": "abroad"})
        assert posted.status_code == 404
    assert participation(dinas.pk).exempt == 0


def test_the_camera_is_allowed_on_the_page_of_receipts_alone(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani)
    scanning = client.get(reverse("institution-receipt", args=[dinas.pk]))
    assert scanning["Permissions-Policy"].startswith("camera=(self)")
    assert client.get(reverse("institution", args=[dinas.pk]))["Permissions-Policy"].startswith(
        "camera=()"
    )


def test_a_person_without_a_nik_is_added_by_name(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    signed_in(client, ani)
    url = reverse("institution-receipt", args=[dinas.pk])
    client.post(url, {"name": "Budi", "unit": str(dinas.pk), "number": "", "receipt": ""})
    assert participation(dinas.pk).own.not_yet == 1
    entry = RosterEntry.objects.latest("id")
    wrong = client.post(f"{url}?orang={entry.pk}", {"receipt": "7K3M-9QXA"}).content.decode()
    assert "13" in wrong
    exempt(by=ani, institution=dinas.pk, entry=entry.pk, reason="other")
    assert client.get(f"{url}?orang=999999").status_code == 404


def test_an_officer_finds_no_staff_number_by_trying(
    client: Client, dinas: Institution, ani: Officer
) -> None:
    unit = dinas.units.first()
    person = actions.Person("3325019999999999", "Wati", "NIP-77")
    actions.add_entries(by=None, institution=unit.pk, people=[person])
    Institution.objects.filter(pk=dinas.pk).update(names_to_officers=True)
    address, query = reverse("institution", args=[dinas.pk]), {"nama": "nip-77"}
    assert "Wati" not in signed_in(client, officer("regency", "33.25")).get(address, query).text
    assert "Wati" in signed_in(Client(), ani).get(address, query).text
