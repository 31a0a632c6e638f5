"""Addresses, files and answers that nobody sends by mistake: none breaks a page or tells much."""

from __future__ import annotations

import logging
import re
import smtplib
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from cacah.staff import letters, verbs
from cacah.staff.importing import Unusable, import_officers
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.roles import Role
from cacah.staff.signin import Accounts
from cacah.staff.tests.cast import area, holds, officer, signed_in
from cacah.staff.verbs import WORDS

pytestmark = pytest.mark.django_db
ROOMS = Path(verbs.__file__).parents[1]
# A verb as `trace` takes it, and as a room's own helper that puts the room before it.
WRITTEN = re.compile(r'verb ?= ?"([a-z]+\.[a-z_]+)"')
SHORT = re.compile(r'trace(?:_entry)?\([a-z_.]+, "([a-z_]+)"')


@pytest.mark.parametrize(
    "address",
    [
        "jejak/?until_day=9999-12-31",
        "jejak/?from_day=0001-01-01",
        "jejak/?from_day=0001-01-01&until_day=0001-01-01",
        "jejak/?format=%00",
        "petugas/?format=%00",
        "petugas/undang/?institution=" + "9" * 5000,
        "petugas/undang/?institution=99999999999999999999",
        "petugas/99999999999999999999999/",
    ],
)
def test_no_number_or_day_is_too_large(client: Client, address: str) -> None:
    assert signed_in(client, officer(Role.NATIONAL)).get(f"/kantor/{address}").status_code in (
        200,
        404,
    )


@pytest.mark.parametrize(
    "address",
    ["pekerjaan/99999999999999999999999/batal/", "petugas/peran/99999999999999999999999/cabut/"],
)
def test_no_number_of_a_form_is_too_large(client: Client, address: str) -> None:
    me = signed_in(client, officer(Role.NATIONAL))
    assert me.post(f"/kantor/{address}").status_code in (302, 404)


def test_an_invitation_for_a_number_too_large_is_not_found(client: Client) -> None:
    told = {"email": "x@example.org", "name": "X", "role": "coordinator", "institution": "9" * 5000}
    me = signed_in(client, officer(Role.NATIONAL))
    assert me.post("/kantor/petugas/undang/", told).status_code == 404


@pytest.mark.parametrize("cell", ["n" * 200_000, '"' + "n" * 200_000])
def test_a_cell_of_any_length_is_explained(cell: str) -> None:
    with pytest.raises(Unusable):
        import_officers(f"email,name,role\nx@example.org,{cell},national\n".encode(), by=None)


def test_an_address_too_long_to_keep_is_explained() -> None:
    long = "x@" + ".".join(["a" * 60] * 5) + ".org"
    with pytest.raises(Unusable) as unusable:
        import_officers(f"email,name,role\n{long},X,national\n".encode(), by=None)
    assert [(each.row, each.column) for each in unusable.value.troubles] == [(2, "email")]


def test_a_name_is_one_line() -> None:
    text = 'email,name,role\nx@example.org,"Ani\n\nhttps://evil.example",national\n'
    import_officers(text.encode(), by=None)
    assert Officer.objects.get(email="x@example.org").name == "Ani https://evil.example"


@pytest.mark.parametrize(
    "address",
    ["http://localhost/x", "http://127.0.0.1/x", "http://testserver/x", "https://[::1]/", "//x/"],
)
def test_sign_in_goes_on_to_no_other_origin(address: str) -> None:
    assert not Accounts().is_safe_url(address)
    assert Accounts().is_safe_url("/kantor/petugas/?state=invited")


def test_a_letter_that_fails_is_logged_without_its_address(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({"siti@example.org": (550, b"no siti@example.org")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with caplog.at_level(logging.ERROR):
        letters.post(EmailMessage("x", "y", to=["siti@example.org"]))
        letters.everything_is_sent()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "550" in caplog.text
    assert "siti" not in caplog.text


def test_a_download_of_officers_stands_where_the_reader_holds(client: Client) -> None:
    signed_in(client, officer(Role.REGENCY, "33.25")).get(
        "/kantor/petugas/?format=csv&role=district"
    )
    entry = AuditEntry.objects.get(verb="staff.officers_exported")
    assert entry.area == "3325"
    assert entry.details == {"search": "role=district", "format": "csv"}


def test_a_download_of_the_trail_stands_where_all_that_is_held_lies(client: Client) -> None:
    me = officer(Role.REGENCY, "33.25")
    holds(me, Role.REGENCY, "33.26")
    signed_in(client, me).get("/kantor/jejak/?format=csv")
    assert AuditEntry.objects.get(verb="staff.trail_exported").area == "33"


def test_what_any_room_writes_into_the_trail_is_searched_by_words() -> None:
    unknown = set()
    for room in ("staff", "helpdesk", "institutions", "monitoring"):
        for file in (ROOMS / room).rglob("*.py"):
            text = "" if "tests" in file.parts else file.read_text()
            unknown |= set(WRITTEN.findall(text)) - WORDS.keys()
            unknown |= {f"{room}.{verb}" for verb in SHORT.findall(text)} - WORDS.keys()
    assert not unknown


def test_more_coordinators_cost_no_more_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    area("33.25")
    for number in range(1, 40):
        officer(Role.COORDINATOR, "33.25", institution=number)
    me = signed_in(client, officer(Role.REGENCY, "33.25"))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert me.get("/kantor/petugas/?format=csv").status_code == 200
