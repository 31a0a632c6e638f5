"""The audit trail: it only grows, shows each reader their own areas, and stays fast."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cacah.staff import trail
from cacah.staff.actions import trace
from cacah.staff.models import AuditEntry
from cacah.staff.roles import Permission, Role
from cacah.staff.scope import Held, Scope
from cacah.staff.tests.cast import holds, officer, signed_in

pytestmark = pytest.mark.django_db
CODES = ["", "33", "3325", "332507", "3325072001", "3326", "332601", "51", "5171"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_auditentry SET verb = 'staff.nothing'",
        "DELETE FROM staff_auditentry",
        "TRUNCATE staff_auditentry",
        "TRUNCATE staff_auditentry CASCADE",
        "UPDATE staff_auditentry SET verb = '' WHERE false",
    ],
)
def test_the_database_refuses_to_alter_the_trail(statement: str) -> None:
    trace(by=None, verb="staff.tested")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEntry.objects.filter(verb="staff.tested").exists()


def test_a_reader_finds_their_own_areas_only(client: Client) -> None:
    for code in CODES:
        trace(by=None, verb="staff.tested", subject=f"at-{code}", area=code)
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get("/kantor/jejak/").content.decode()
    assert set(re.findall(r"at-\d*", page)) == {"at-3325", "at-332507", "at-3325072001"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(areas=st.sets(st.sampled_from(CODES), max_size=3), asked=st.sampled_from([*CODES, "x"]))
def test_no_search_leads_outside_the_scope(areas: set[str], asked: str) -> None:
    with transaction.atomic():
        for code in CODES:
            trace(by=None, verb="staff.tested", area=code)
        scope = Scope(tuple(Held(Role.REGENCY, code, None) for code in areas))
        seen = set(
            trail.found(scope, trail.Search(verb="staff.tested", area=asked)).values_list(
                "area", flat=True
            )
        )
        expected = {
            code
            for code in CODES
            if scope.sees(code, Permission.SEE_AUDIT) and (not asked or code.startswith(asked))
        }
        transaction.set_rollback(True)
    assert seen == expected


def test_pages_follow_each_other_without_a_gap(client: Client) -> None:
    for n in range(120):
        trace(by=None, verb="staff.tested", subject=f"n{n:03}", area="3325")
    reader = signed_in(client, officer(Role.REGENCY, "33.25"))
    url, seen = "?verb=&subject=", []
    while url:
        page = reader.get(f"/kantor/jejak/{url}").content.decode()
        seen += re.findall(r"<td>(n\d{3})</td>", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        url = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [f"n{n:03}" for n in reversed(range(120))]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    done=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(CODES)), max_size=12),
    walked=st.integers(0, 6),
    areas=st.sets(st.sampled_from(["", "33", "3325", "51"]), min_size=1, max_size=2),
)
def test_lines_of_several_officers_are_found_however_rare_they_are(
    done: list[tuple[str, str]], walked: int, areas: set[str]
) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(trail, "WALKED", walked)
        patched.setattr(trail, "PER_PAGE", 3)
        twins = [officer(Role.REGENCY, "33.25", email=f"kembar{n}@example.org") for n in (1, 2)]
        doers = {"a": None, "b": None}
        for n, (who, code) in enumerate(done):
            by = twins[n % 2] if who == "a" else doers["b"]
            trace(by=by, verb="staff.tested", subject=f"{who}{n}", area=code)
        scope = Scope(tuple(Held(Role.REGENCY, code, None) for code in areas))
        search = trail.Search(who="kembar")
        seen, older = trail.page(scope, search, size=3)
        expected = [
            each.pk
            for each in AuditEntry.objects.filter(officer__in=twins).order_by("-at", "-pk")
            if scope.sees(each.area, Permission.SEE_AUDIT)
        ]
        assert [each.pk for each in seen] == expected[:3]
        assert bool(older) == (len(expected) > 3)
        transaction.set_rollback(True)


def test_every_filter_cuts_down_and_nonsense_finds_nothing(client: Client) -> None:
    me = officer(Role.PROVINCE, "33")
    trace(by=me, verb="staff.granted", subject="a@example.org", area="3325")
    trace(by=me, verb="staff.suspended", subject="b@example.org", area="3326")
    reader = signed_in(client, me)

    def found(query: str) -> list[str]:
        page = reader.get(f"/kantor/jejak/?{query}").content.decode()
        return re.findall(r"<td>([ab]@example\.org)</td>", page)

    assert found("verb=staff.granted") == ["a@example.org"]
    assert found("subject=b@example.org") == ["b@example.org"]
    assert found("area=33.26") == ["b@example.org"]
    assert sorted(found(f"who={me.email}")) == ["a@example.org", "b@example.org"]
    assert found("until_day=2001-01-01") == []
    for nonsense in ("area=zz", "who=%25x", "subject=%27", "verb=none", "from_day=x", "before=x~y"):
        assert reader.get(f"/kantor/jejak/?{nonsense}").status_code == 200
    assert reader.get("/kantor/jejak/?before=0001-01-01T00:00:00%2B00:00~1").status_code == 200


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_it_is_exported_and_that_stands_in_it(client: Client, format: str) -> None:
    reader = signed_in(client, officer(Role.REGENCY, "33.25"))
    trace(by=None, verb="staff.tested", subject="=cmd()", area="3325")
    file = reader.get(f"/kantor/jejak/?format={format}")
    assert file.status_code == 200
    assert b"".join(file.streaming_content)
    assert AuditEntry.objects.filter(verb="staff.trail_exported", area="3325").exists()


def test_all_of_a_long_trail_is_exported_in_order_and_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "AT_ONCE", 7)
    me = officer(Role.REGENCY, "33.25")
    holds(me, Role.REGENCY, "33.27")
    for n in range(50):
        trace(by=None, verb="staff.tested", subject=f"n{n:03}", area="3325" if n % 2 else "3327")
    trace(by=None, verb="staff.tested", subject="elsewhere", area="3326")
    reader = signed_in(client, me)
    for most, format in ((50, "csv"), (50, "json"), (20, "xlsx")):
        monkeypatch.setattr(trail, "MOST_IN_A_WORKBOOK", 20)
        file = reader.get(f"/kantor/jejak/?verb=staff.tested&format={format}")
        content = b"".join(file.streaming_content)
        if format == "xlsx":
            rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))[1:]
            seen = [row[3] for row in rows]
        else:
            seen = re.findall(r"(?<=[\",])n\d{3}|elsewhere", content.decode())
        assert seen == [f"n{n:03}" for n in reversed(range(50))][:most], format


def test_every_search_walks_an_index() -> None:
    """Whatever the length of the trail, a page is read from an index in order."""
    cases: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (("",), {}),
        (("33",), {}),
        (("3325",), {}),
        (("",), {"verb": "staff.signed_in"}),
        (("",), {"subject": "a@example.org"}),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for areas, search in cases:
            scope = Scope(tuple(Held(Role.PROVINCE, code, None) for code in areas))
            plan = trail.found(scope, trail.Search(**search))[:51].explain()
            assert "Seq Scan on staff_auditentry" not in plan, plan
            assert "Sort" not in plan, plan
