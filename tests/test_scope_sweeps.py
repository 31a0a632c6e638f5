"""Each way of learning of what is outside one's scope, swept through for chosen officers.

What tests/test_scope.py tries at random is tried here on purpose: each test is one kind of leak,
and says also that what is the officer's own was found, or it would have tried nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cacah.areas.codes import dotted
from cacah.institutions.models import RosterEntry
from cacah.monitoring.models import Report
from cacah.monitoring.reports import actions as reports
from cacah.staff.models import Grant
from cacah.staff.roles import AREA_DIGITS, Permission, Role
from tests.scope import fixtures
from tests.scope.asking import ARGUMENTS, FIELDS, SEARCHES, Asked, Pools
from tests.scope.marks import marks_in, part
from tests.scope.probing import Probe, told
from tests.scope.sight import Held, invites
from tests.scope.world import AREAS, LENGTHS, Colleague, World, outside_rows

pytestmark = pytest.mark.django_db
world, printed = fixtures.world, fixtures.printed
_django_db_marker = fixtures._django_db_marker

NATION = Held(Role.NATIONAL, "", "now")
BATANG = Held(Role.REGENCY, "3325", "now")
PEKALONGAN = Held(Role.REGENCY, "3326", "now")
DISTRICT = Held(Role.DISTRICT, "332502", "now")
AGENCY = Held(Role.COORDINATOR, "province/batang", "now")
CAMPUS = Held(Role.COORDINATOR, "campus", "now")
ELSEWHERE = Held(Role.COORDINATOR, "elsewhere", "now")
# Nobody's in particular: sign-in and the own account.
# Not those by which one comes in; `lapangan/` is a laptop's.
ENTRANCES = ("masuk/", "undangan/", "lapangan/")
PAGES = [route for route in ARGUMENTS if not route.startswith(ENTRANCES)]
FILES = ("csv", "json", "xlsx")


def named(grants: Any) -> str:
    return "+".join(f"{held.role}-{held.where or 'nation'}" for held in grants)


def officers(*held: tuple[Held, ...]) -> Any:
    return pytest.mark.parametrize("grants", held, ids=named)


def ways(probe: Probe, route: str, most: int) -> list[tuple[tuple[str, str, Any], ...]]:
    """Return up to `most` values of what a route names, each seen by the officer."""
    pools = list(ARGUMENTS[route].values())
    pool = next((each for each in pools if len(probe.seen(each)) > 1), pools[0] if pools else "")
    values = probe.seen(pool)[:most] if pool else [None]
    return [probe.calls(route, pool, value) for value in values]


@officers((BATANG,), (PEKALONGAN,), (DISTRICT,), (AGENCY,), (BATANG, ELSEWHERE))
def test_every_page_and_download_of_ones_own_tells_of_nothing_else(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    for route in PAGES:
        for values in ways(probe, route, 99 if route == "instansi/<int:pk>/" else 2):
            probe.ask(Asked(route, values))
    lists = ["petugas/", "jejak/", "instansi/", "instansi/<int:pk>/"]
    for route in [*lists, "perkembangan/wilayah/<area:area>/unduh/<slug:table>/"]:
        for values in ways(probe, route, 2):
            for format in FILES:
                probe.ask(Asked(route, values, (("format", format),)))
    sheet = "instansi/<int:pk>/evaluasi.<slug:format>"
    for number, pk in enumerate(probe.seen("institution")):
        format = "xlsx" if number else "pdf"
        probe.ask(Asked(sheet, (("pk", "institution", pk), ("format", "format", format))))
    for more in (("tabel", "unit"), ("semua", "1"), ("urut", "-complete")):
        for route in lists[2:]:
            for values in ways(probe, route, 2):
                probe.ask(Asked(route, values, (more, ("format", "csv"))))
    assert {world.names[h.where].lower() for h in grants} <= probe.told
    own = {p.name.lower() for p in world.people if p.institution in probe.sight.own()}
    assert own <= probe.told
    assert {m.lower() for c in probe.sight.colleagues() for m in c.marks} <= probe.told
    trail = probe.sight.areas(Permission.SEE_AUDIT)
    assert {mark.lower() for area, mark in world.trail if area in trail} <= probe.told


def by_id() -> list[tuple[str, str]]:
    """Return every route with each argument that may name what is another's."""
    found = [(r, pool) for r, names in ARGUMENTS.items() for pool in names.values()]
    return [(route, pool) for route, pool in found if pool in Pools.UNKNOWN]


FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "instansi/<int:pk>/orang/<int:entry>/": tuple(
        ("lakukan", each) for each in ("exempt", "ask", "move", "remove", "receipt", "nik")
    ),
    "petugas/<int:pk>/peran/": (("role", "district"),),
    "perkembangan/wilayah/<area:area>/mingguan/": (("wanted", "1"),),
}


@officers((BATANG,), (CAMPUS,))
def test_whatever_is_named_by_its_id_and_lies_outside_is_unknown(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    hidden = probe.sight.hidden_rows()
    before = outside_rows(hidden)
    for turn, (route, pool) in enumerate(by_id()):
        others = probe.by_pool[pool]
        # The first, and another one at each route.
        few = {others[0], others[-1 - turn % len(others)]} if others else set()
        for value in others if pool == "report" else few:
            forms = [None, *([field] for field in FORMS.get(route, (("x", "1"),)))]
            for form in forms[:2] if value != others[0] else forms:
                same_as_unknown(probe, route, pool, value, tuple(form) if form else None)
    assert outside_rows(hidden) == before


def same_as_unknown(probe: Probe, route: str, pool: str, value: Any, form: Any) -> None:
    outside, unknown = (
        Asked(route, probe.calls(route, pool, each), form=form)
        for each in (value, Pools.UNKNOWN[pool])
    )
    answer, nothing = probe.ask(outside), probe.ask(unknown)
    assert answer.status_code == nothing.status_code, outside
    # How far an upload is may be asked before it has arrived.
    if not route.endswith("/kemajuan"):
        assert answer.status_code in (302, 404, 405), outside
    assert told(answer, outside) == told(nothing, unknown), outside


def test_what_does_not_exist_is_not_found_even_by_who_sees_everything(
    world: World, printed: list[str]
) -> None:
    probe = Probe(world, (NATION, Held(Role.COORDINATOR, "province", "now")), printed)
    for route, pool in by_id():
        if pool in ("area", "officer", "institution", "entry", "report", "grant"):
            for chart in WORDS_OF_CHARTS if "chart" in ARGUMENTS[route].values() else ("",):
                values = probe.calls(route, pool, Pools.UNKNOWN[pool])
                values = tuple((n, p, chart if p == "chart" else v) for n, p, v in values)
                status = probe.ask(Asked(route, values)).status_code
                assert status in (404, 405), (route, values, status)


WORDS_OF_CHARTS = ("growth", "daily", "areas", "areas-narrow")


@officers((PEKALONGAN,), (CAMPUS,))
def test_no_search_or_filter_finds_what_is_outside(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    for route, fields in SEARCHES.items():
        values = ways(probe, route, 1)[0]
        if probe.ask(Asked(route, values)).status_code != 200:
            continue
        for field in fields:
            for wanted in outside_of(probe, field):
                # Where one alone is found the page leads to it, which tells of it too.
                answer = probe.ask(Asked(route, values, ((field, wanted),)))
                assert answer.status_code in (200, 404), (route, field, wanted)
    for area in probe.by_pool["area"]:
        if area:
            query = ("wilayah", dotted(area)), ("format", "csv")
            probe.ask(Asked("instansi/", (), query))
            probe.ask(
                Asked("instansi/evaluasi.<slug:format>", (("format", "", "xlsx"),), query[:1])
            )


def outside_of(probe: Probe, field: str) -> list[str]:
    """Return what a field may be given to look for something outside."""
    found: list[str] = []
    for pool in FIELDS[field]:
        if pool == "word":
            names = [probe.world.names[code] for code in probe.by_pool["area"] if code]
            officers = set(probe.by_pool["officer"])
            people = [m for c in probe.world.colleagues if c.pk in officers for m in c.marks[:2]]
            # Half a name: what is found says the whole one.
            found += [part(each) for each in (*names[::4], *people[::5])]
        elif pool == "area":
            villages = [c for c in probe.by_pool["area"] if len(c) == LENGTHS[3]]
            names = [probe.world.names[code] for code in villages]
            # Whole, and with one letter wrong.
            found += [*names[:2], *(f"{each[:6]}o{each[7:]}" for each in names[:2])]
            found += [dotted(code) for code in probe.by_pool["area"][1::6]]
        else:
            others = [each for each in probe.by_pool.get(pool, ()) if each != ""]
            found += [str(each) for each in others[::3]]
    return found


@officers(
    (BATANG, Held(Role.PROVINCE, "33", "revoked")), (AGENCY,), (Held(Role.PROVINCE, "33", "now"),)
)
def test_nobody_is_given_a_role_outside(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    wanted = list(appointments(world))
    last = max(Grant.objects.values_list("pk", flat=True))
    for number, (role, _where, fields) in enumerate(wanted):
        person = (("email", f"new{number}@example.net"), ("name", "New"))
        probe.ask(Asked("petugas/undang/", form=(*person, ("role", role), *fields)))
    made = {(g.role, g.institution or g.area_id) for g in Grant.objects.filter(pk__gt=last)}
    assert made == {
        (role, world.institutions[where].pk if where in world.institutions else where)
        for role, where, _fields in wanted
        if any(invites(held, Colleague(0, 0, 0, role, where, ())) for held in grants)
    }
    assert made


def appointments(world: World) -> Any:
    """Yield (role, where, form) of every role at every place where it may be held."""
    for role, digits in AREA_DIGITS.items():
        for code in AREAS:
            if len(code) == digits:
                yield role, code, (("area", dotted(code)),)
    for role in (Role.HELP_DESK, Role.STATISTICIAN, Role.TEAM):
        for code in ("3325", "3326", "34"):
            yield role, code, (("area", dotted(code)),)
    for key, institution in world.institutions.items():
        yield Role.COORDINATOR, key, (("institution", str(institution.pk)),)


@officers((BATANG,), (AGENCY,))
def test_neither_a_file_nor_a_further_role_gives_anything_outside(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    own = probe.sight.colleagues()[0].pk
    last = max(Grant.objects.values_list("pk", flat=True))
    for role, where, fields in appointments(world):
        if any(invites(held, Colleague(0, 0, 0, role, where, ())) for held in grants):
            continue
        form = (("role", role), *fields)
        probe.ask(Asked("petugas/<int:pk>/peran/", (("pk", "officer", own),), form=form))
        names = ["email", "name", "role", *dict(fields)]
        cells = ["new@example.net", "New", str(role), *dict(fields).values()]
        content = f"{','.join(names)}\n{','.join(cells)}\n"
        file = SimpleUploadedFile("list.csv", content.encode())
        probe.client.post("/kantor/petugas/berkas/", {"file": file})
    assert not Grant.objects.filter(pk__gt=last).exists()


def test_nobody_is_moved_to_a_unit_outside(world: World, printed: list[str]) -> None:
    probe = Probe(world, (AGENCY,), printed)
    own = next(p.entry for p in world.people if p.institution == "province/batang")
    here = world.institutions["province/batang"].pk
    for other in [*probe.by_pool["institution"], Pools.UNKNOWN["institution"]]:
        form = (("lakukan", "move"), ("unit", str(other)))
        values = (("pk", "institution", here), ("entry", "entry", own))
        probe.ask(Asked("instansi/<int:pk>/orang/<int:entry>/", values, form=form))
        assert RosterEntry.objects.get(pk=own).institution_id == here


@pytest.mark.parametrize("when", ["ended", "later", "revoked"])
def test_a_role_that_does_not_hold_today_opens_nothing(
    world: World, printed: list[str], when: str
) -> None:
    held = (Held(Role.NATIONAL, "", when), Held(Role.COORDINATOR, "province", when))
    probe = Probe(world, held, printed)
    known = Pools(world).known
    for route in PAGES[1:]:
        values = tuple((n, pool, known[pool][2]) for n, pool in ARGUMENTS[route].items())
        status = probe.ask(Asked(route, values)).status_code
        assert status in (404, 405), route


def test_a_suspended_officer_opens_nothing(world: World, printed: list[str]) -> None:
    probe = Probe(world, (NATION, Held(Role.COORDINATOR, "province", "now")), printed)
    assert probe.ask(Asked("petugas/")).status_code == 200
    probe.allowed = set()
    world.probe.suspended_at = timezone.now()
    world.probe.save()
    known = Pools(world).known
    for route in PAGES:
        values = tuple((n, pool, known[pool][2]) for n, pool in ARGUMENTS[route].items())
        answer = probe.ask(Asked(route, values))
        assert answer.status_code in (302, 405), route
        assert "/kantor/masuk/" in answer.get("Location", "/kantor/masuk/")


@officers((PEKALONGAN,), (DISTRICT,))
def test_a_report_that_a_job_makes_holds_nothing_of_what_is_outside(
    world: World, printed: list[str], grants: tuple[Held, ...]
) -> None:
    probe = Probe(world, grants, printed)
    area = grants[0].where
    asked = Asked("perkembangan/wilayah/<area:area>/laporan/", (("area", "area", area),), form=())
    assert probe.ask(asked).status_code == 302
    (waiting,) = Report.objects.filter(officer=world.probe, made_at=None)
    printed.clear()
    assert reports.make(report_id=waiting.pk, job_id=1, tell=lambda **far: None)
    probe.look("the report", marks_in(printed))
    assert world.names[area].lower() in probe.told
    values = (("report", "report", waiting.pk),)
    assert probe.ask(Asked("perkembangan/laporan/<int:report>/", values)).status_code == 200


def test_no_job_makes_a_report_for_who_may_not_see_it_any_more(
    world: World, printed: list[str]
) -> None:
    probe = Probe(world, (PEKALONGAN,), printed)
    values = (("area", "area", "3326"),)
    probe.ask(Asked("perkembangan/wilayah/<area:area>/laporan/", values, form=()))
    (waiting,) = Report.objects.filter(officer=world.probe, made_at=None)
    Grant.objects.filter(officer=world.probe).update(revoked_at=timezone.now())
    assert not reports.make(report_id=waiting.pk, job_id=1, tell=lambda **far: None)
    assert not Report.objects.filter(pk=waiting.pk).exists()
