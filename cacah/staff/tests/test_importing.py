"""Officers from a file: all of them, or every mistake by row and column."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from cacah.staff.importing import MOST_BYTES, Unusable, import_officers
from cacah.staff.models import Grant, Officer
from cacah.staff.roles import Role
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = pytest.mark.django_db
GOOD = (
    "email;name;role;area;until\r\n"
    "siti@example.org;Siti Aminah;district;33.25.07;31/12/2090\r\n"
    "\r\n"
    "budi@example.org;Budi;help_desk;33;\r\n"
)


@pytest.fixture(autouse=True)
def areas() -> None:
    area("33.25.07")
    area("33.26.01")


def troubles(text: str | bytes, by: Officer | None = None) -> list[tuple[int, str]]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(Unusable) as unusable:
        import_officers(content, by=by)
    assert not Officer.objects.filter(email__startswith="x").exists()
    return [(each.row, each.column) for each in unusable.value.troubles]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_everybody_in_a_good_file_is_invited(encoding: str) -> None:
    invited = import_officers(GOOD.encode(encoding), by=None)
    assert [each.email for each in invited] == ["siti@example.org", "budi@example.org"]
    assert all(each.invitation for each in invited)
    assert Grant.objects.get(officer=invited[0]).until_day.year == 2090


def test_every_mistake_is_named_by_row_and_column_and_nobody_is_invited() -> None:
    text = (
        "email,name,role,area,institution,from,until\n"
        "x1@example.org,Good,district,33.25.07,,,\n"
        "x2,Bad mail,district,33.25.07,,,\n"
        "x3@example.org,,boss,33.25.07,,,\n"
        "x4@example.org,Wrong level,district,33.25,,,\n"
        "x5@example.org,No such area,district,99.99.99,,,\n"
        "x6@example.org,Days,district,33.25.07,,2090-02-01,2090-01-01\n"
        "x7@example.org,Day,district,33.25.07,,31.12.2090,\n"
        "x8@example.org,Where,coordinator,,77,,\n"
        "x1@example.org,Again,district,33.25.07,,,\n"
        "x9@example.org,Float,coordinator,,1.0E+5,,\n"
    )
    assert troubles(text) == [
        (3, "email"),
        (4, "name"),
        (4, "role"),
        (5, "area"),
        (6, "area"),
        (7, "until"),
        (8, "from"),
        (9, "institution"),
        (10, "role"),
        (11, "institution"),
    ]


def test_files_of_another_kind_are_explained() -> None:
    assert troubles(b"PK\x03\x04 an xlsx") == [(0, "")]
    assert troubles(b"") == [(1, "email"), (1, "name"), (1, "role")]
    assert troubles("email,name,role\n") == [(0, "")]
    assert troubles("email,name,role,salary\nx@example.org,X,national,1\n") == [(1, "salary")]
    assert troubles("email,name,role\nx@example.org,X,national,too,many\n") == [(2, "")]
    assert troubles(b"x" * (MOST_BYTES + 1)) == [(0, "")]
    assert troubles("email,name,role\n" + "x@example.org,X,national\n" * 5001) == [(0, "")]


def test_a_file_invites_nobody_outside_the_own_area() -> None:
    me = officer(Role.REGENCY, "33.25")
    text = (
        "email,name,role,area\n"
        "x1@example.org,In,district,33.25.07\n"
        "x2@example.org,Out,district,33.26.01\n"
        "x3@example.org,Above,national,\n"
    )
    assert troubles(text, by=me) == [(3, "area"), (4, "role")]


def test_the_page_shows_mistakes_and_successes(client: Client) -> None:
    me = signed_in(client, officer(Role.NATIONAL))

    def uploaded(text: str) -> str:
        file = SimpleUploadedFile("officers.csv", text.encode())
        return me.post("/en/kantor/petugas/berkas/", {"file": file}).content.decode()

    assert "Nothing was imported" in uploaded("email,name,role\nx,<b>,boss\n")
    assert "2 officers have their roles now" in uploaded(GOOD)


def test_the_command_makes_the_first_officer(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("staff", "invite", "--role", "national", "first@example.org")
    assert "http://127.0.0.1:8000/kantor/undangan/" in capsys.readouterr().out
    first = Officer.objects.get(email="first@example.org")
    call_command("staff", "suspend", "first@example.org")
    first.refresh_from_db()
    assert first.suspended_at
    call_command("staff", "reinstate", "first@example.org")
    call_command("staff", "renew", "First@example.org")
    call_command("staff", "list")
    assert "national nation" in capsys.readouterr().out
    call_command("staff", "address", "first@example.org", "New@example.org")
    assert "new@example.org  http://127.0.0.1:8000/kantor/undangan/" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("staff", "address", "new@example.org", "x")
    with pytest.raises(CommandError, match="there is no officer"):
        call_command("staff", "suspend", "nobody@example.org")
    with pytest.raises(CommandError, match="digits"):
        call_command("staff", "invite", "--role", "regency", "--area", "33", "x@example.org")
