"""The list of officers and its files: what is below the reader, whoever was found and however."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cacah.staff import listing, queries
from cacah.staff.actions import trace
from cacah.staff.models import Grant, Officer
from cacah.staff.queries import scope_of
from cacah.staff.roles import Role
from cacah.staff.scope import Held, Scope
from cacah.staff.tests.cast import holds, officer, signed_in

pytestmark = pytest.mark.django_db
LIST = "/kantor/petugas/"


@pytest.fixture
def regency() -> Officer:
    """Return an officer of Batang, with one officer below, one elsewhere, and one of both."""
    officer(Role.DISTRICT, "33.25.07", email="bawah@example.org")
    officer(Role.DISTRICT, "33.26.01", email="luar@example.org")
    both = officer(Role.DISTRICT, "33.25.07", email="dua@example.org")
    holds(both, Role.DISTRICT, "33.26.02")
    return officer(Role.REGENCY, "33.25", email="atasan@example.org")


def text_of(client: Client, query: str = "") -> str:
    """Return what the list says, as a page or as a file of any format."""
    content = client.get(f"{LIST}?{query}").content
    if "format=xlsx" in query:
        rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
        return "\n".join(str(row) for row in rows)
    return content.decode()


@pytest.mark.parametrize("format", ["", "format=csv", "format=json", "format=xlsx"])
def test_the_list_and_its_files_hold_what_is_below_and_nothing_else(
    client: Client, regency: Officer, format: str
) -> None:
    told = text_of(signed_in(client, regency), format)
    for shown in ("bawah@example.org", "dua@example.org", "33.25.07"):
        assert shown in told
    for hidden in ("luar@example.org", "33.26", "Area 3326"):
        assert hidden not in told


@pytest.mark.parametrize("format", ["", "format=csv", "format=json", "format=xlsx"])
@pytest.mark.parametrize(
    "query", ["q=luar@", "q=Oficer", "q=%25", "area=33.26", "area=3326xx", "area=33,25", "area=3"]
)
def test_what_is_misspelt_or_elsewhere_finds_nobody(
    client: Client, regency: Officer, query: str, format: str
) -> None:
    told = text_of(signed_in(client, regency), f"{query}&{format}")
    assert "example.org</small>" not in told
    for each in ("bawah@", "dua@", "luar@example.org", "33.26.0"):
        assert each not in told


def test_rows_leave_out_whoever_was_found_beside_the_scope(regency: Officer) -> None:
    rows = listing.rows(scope_of(regency), Officer.objects.order_by("email"))
    assert [row.officer.email for row in rows] == ["bawah@example.org", "dua@example.org"]
    assert [[line.where for line in row.lines] for row in rows] == [["Area 332507 (33.25.07)"]] * 2
    assert [row.state for row in rows] == ["active", "elsewhere"]


def test_a_misspelt_search_finds_nothing_in_the_trail(client: Client, regency: Officer) -> None:
    trace(by=None, verb="staff.tested", subject="di-dalam", area="332507")
    trace(by=None, verb="staff.tested", subject="di-luar", area="332601")
    reader = signed_in(client, regency)
    assert "di-dalam" in reader.get("/kantor/jejak/").content.decode()
    for query in ("area=33.25x", "area=3325070", "subject=di-dalem", "who=nobdy", "area=33.26"):
        page = reader.get(f"/kantor/jejak/?{query}").content.decode()
        assert "<td>di-" not in page, query


CODES = ("33", "3325", "332507", "3326", "332601")
ROLES = {2: Role.PROVINCE, 4: Role.REGENCY, 6: Role.DISTRICT}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    held=st.lists(st.tuples(st.sampled_from(CODES), st.booleans()), min_size=1, max_size=3),
    mine=st.lists(st.sampled_from(CODES), max_size=2),
)
def test_wholly_below_is_what_it_says(held: list[tuple[str, bool]], mine: list[str]) -> None:
    """Compared with the rule in plain words, for each officer and each scope."""
    other = officer(Role.DISTRICT, "51.71.01")
    Grant.objects.filter(officer=other).delete()
    for code, ended in held:
        given = holds(other, ROLES[len(code)], code)
        if ended:
            Grant.objects.filter(pk=given.pk).update(revoked_at="2020-01-01T00:00:00Z")
    scope = Scope(tuple(Held(ROLES[len(code)], code, None) for code in mine))
    counted = [code for code, ended in held if not ended] or [code for code, _ in held]
    expected = all(
        any(code.startswith(own) and len(own) < len(code) for own in mine if len(own) < 6)
        for code in counted
    )
    assert queries.may_manage(scope, other) == expected
