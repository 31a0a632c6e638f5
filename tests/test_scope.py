"""No officer learns anything of an area, institution or person outside the own scope.

A world in which every name, number and count is a mark; officers with random roles; every office
URL with random arguments; and a judge (tests/scope/sight.py) that says in plain words who may see
what. A mark that is not allowed in a body, header, download or PDF is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from fpdf import FPDF
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from cacah.staff.models import Grant
from cacah.staff.roles import Permission, Role
from cacah.staff.tests.cast import signed_in
from tests.scope.asking import ARGUMENTS, FIELDS, SEARCHES, Asked, Pools
from tests.scope.marks import MADE, found_in
from tests.scope.sight import Held, Sight
from tests.scope.world import AREAS, World, make_world, outside_rows, second_factor
from tests.test_urls import routes

OFFICE = "kantor/"
ROOT = Path(__file__).resolve().parents[1]
FORGED = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
UNKNOWABLE = re.compile(r"(?:GET|POST|query)(?:\.get|\.getlist)?[\[(]\s*[\"']([a-zA-Z_-]+)")
ROUTES = {
    route.removeprefix(OFFICE): pattern
    for route, pattern in routes(get_resolver())
    if route.startswith(OFFICE)
}


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    second_factor(made.probe)
    return made


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect what is printed into PDFs: their fonts hold numbers of glyphs and no letters."""
    said: list[str] = []
    plain = FPDF.normalize_text

    def noted(self: FPDF, text: str) -> str:
        said.append(text)
        return plain(self, text)

    monkeypatch.setattr(FPDF, "normalize_text", noted)
    yield said


def test_every_office_url_has_arguments_to_be_tried_with() -> None:
    given_for = {route: set(names) for route, names in ARGUMENTS.items()}
    there = {r: set(pattern.pattern.converters) for r, pattern in ROUTES.items()}
    assert given_for == there, "tests/scope/asking.py: ARGUMENTS"


def test_every_parameter_that_an_office_page_reads_is_tried() -> None:
    read = {
        name
        for room in ("staff", "institutions", "monitoring", "site")
        for path in (ROOT / "cacah" / room).glob("**/*.py")
        if "tests" not in path.parts
        for name in UNKNOWABLE.findall(path.read_text())
    }
    assert read - set(FIELDS) == set(), "tests/scope/asking.py: FIELDS"


WHERE = {
    Role.NATIONAL: ("",),
    Role.PROVINCE: ("33", "34"),
    Role.REGENCY: ("3325", "3326", "3401"),
    Role.DISTRICT: ("332501", "332502", "332601"),
    Role.STATISTICIAN: ("", "33", "3326"),
    Role.HELP_DESK: ("33", "332501"),
    Role.COORDINATOR: ("province/batang", "province", "campus", "ministry/batang", "elsewhere"),
}
HELD = st.sampled_from(sorted(WHERE)).flatmap(
    lambda role: st.builds(
        Held,
        st.just(Role(role)),
        st.sampled_from(WHERE[Role(role)]),
        st.sampled_from(["now"] * 6 + ["ended", "later", "revoked"]),
    )
)
GRANTS = st.lists(HELD, min_size=1, max_size=3).map(tuple)
SLOW = settings(
    max_examples=25,
    # A failure names the request and what it told; to make the example smaller takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Probe:
    """An officer with some grants, and what pages answer to him or her."""

    def __init__(self, world: World, grants: tuple[Held, ...], printed: list[str]) -> None:
        self.world, self.printed = world, printed
        self.sight = Sight(world, grants)
        self.allowed = self.sight.allowed()
        for held in grants:
            self._hold(held)

    def _hold(self, held: Held) -> None:
        institution = self.world.institutions.get(held.where)
        first, last = held.days
        Grant.objects.create(
            officer=self.world.probe,
            role=held.role,
            area_id=(institution.area_id if institution else held.where) or None,
            institution=institution.pk if institution else None,
            from_day=first,
            until_day=last,
            revoked_at=timezone.now() if held.when == "revoked" else None,
        )

    def ask(self, asked: Asked) -> Any:
        """Return the answer, after a look for what it may not hold."""
        self.printed.clear()
        response = asked.send(signed_in(Client(raise_request_exception=True), self.world.probe))
        leaked = {
            mark
            for mark in found_in(response, self.printed)
            if mark not in self.allowed | asked.said and self.is_secret(mark)
        }
        assert not leaked, f"{asked} told of {self.named(leaked)}"
        assert response.status_code < 500
        return response

    def is_secret(self, mark: str | int) -> bool:
        """Tell whether it is a mark, and not something that happens to look like one."""
        if isinstance(mark, str):
            return mark in MADE
        return any(mark in each for each in self.world.counts.values())

    def named(self, marks: set[str | int]) -> list[str]:
        of = [f"name of {key}" for key, name in self.world.names.items() if name.lower() in marks]
        of += [f"number of {key!r}" for key, counts in self.world.counts.items() if counts & marks]
        of += [f"person of {p.institution}" for p in self.world.people if p.name.lower() in marks]
        of += [
            f"{c.role} of {c.where}"
            for c in self.world.colleagues
            if {each.lower() for each in c.marks} & marks
        ]
        return [*of, *map(str, marks)]

    def is_hidden(self, pool: str, value: Any) -> bool:
        """Tell whether an argument names something that this officer may not know of."""
        hidden = self.sight.hidden_rows()
        by_id = {
            "officer": hidden["staff_officer"],
            "grant": hidden["staff_grant"],
            "authenticator": [c.authenticator for c in self.world.colleagues],
            "institution": hidden["institutions_institution"],
            "entry": hidden["institutions_rosterentry"],
            "report": hidden["monitoring_report"],
        }
        if pool == "upload":
            return str(value) in hidden["institutions_upload"]
        if pool == "area":
            return value in AREAS and value not in self.sight.areas(Permission.SEE_PROGRESS)
        return value in by_id.get(pool, [])


@SLOW
@given(data=st.data())
def test_no_answer_holds_a_mark_from_outside_and_no_post_changes_anything_there(
    world: World, printed: list[str], data: st.DataObject
) -> None:
    with transaction.atomic():
        probe = Probe(world, data.draw(GRANTS), printed)
        hidden = probe.sight.hidden_rows()
        before = outside_rows(hidden)
        pools = Pools(world)
        for asked in data.draw(st.lists(pools.asked(sorted(ROUTES)), min_size=4, max_size=10)):
            response = probe.ask(asked)
            event(f"{response.status_code}")
        assert outside_rows(hidden) == before
        transaction.set_rollback(True)


@SLOW
@given(data=st.data())
def test_what_is_outside_answers_like_what_does_not_exist(
    world: World, printed: list[str], data: st.DataObject
) -> None:
    naming = [route for route in ROUTES if set(ARGUMENTS[route].values()) & set(Pools.UNKNOWN)]
    with transaction.atomic():
        probe = Probe(world, data.draw(GRANTS), printed)
        for asked in data.draw(st.lists(Pools(world).asked(naming), min_size=4, max_size=8)):
            if not any(probe.is_hidden(pool, value) for _, pool, value in asked.values):
                continue
            unknown = replace(
                asked,
                values=tuple(
                    (name, pool, Pools.UNKNOWN[pool] if probe.is_hidden(pool, value) else value)
                    for name, pool, value in asked.values
                ),
            )
            outside, nowhere = (probe.ask(each) for each in (asked, unknown))
            assert outside.status_code == nowhere.status_code, asked
            assert outside.status_code in (302, 404, 405), asked
            assert told(outside, asked) == told(nowhere, unknown), asked
        transaction.set_rollback(True)


@pytest.mark.parametrize("grant", ["3326", "campus"])
def test_no_search_finds_what_is_outside(world: World, printed: list[str], grant: str) -> None:
    role = Role.REGENCY if grant.isdigit() else Role.COORDINATOR
    probe = Probe(world, (Held(role, grant, "now"),), printed)
    own = world.institutions["campus" if role == Role.COORDINATOR else "province/pekalongan"].pk
    pools = Pools(world)
    for route, fields in SEARCHES.items():
        values = tuple((n, pool, own) for n, pool in ARGUMENTS[route].items())
        for field in fields:
            for wanted in [v for pool in FIELDS[field] for v in pools.known[pool][::12]]:
                probe.ask(Asked(route, values, ((field, str(wanted)),)))


def test_who_coordinates_elsewhere_sees_no_people_here(world: World, printed: list[str]) -> None:
    probe = Probe(
        world,
        (Held(Role.REGENCY, "3325", "now"), Held(Role.COORDINATOR, "elsewhere", "now")),
        printed,
    )
    here = {
        "institution": world.institutions["province/batang"].pk,
        "entry": next(p.entry for p in world.people if p.institution == "province/batang"),
        "upload": next(pk for pk, (key, _) in world.uploads.items() if key == "province/batang"),
        "format": "xlsx",
    }
    for route, names in ARGUMENTS.items():
        if route.startswith("instansi/<int:pk>/"):
            probe.ask(Asked(route, tuple((n, pool, here[pool]) for n, pool in names.items())))


def told(response: Any, asked: Asked) -> list[str]:
    """Return the lines of an answer and where it leads, without what must differ.

    That is the token against forgery, and the address itself, which a page writes in its links.
    """
    path = asked.url.split("?")[0].removeprefix("/en")
    lines = FORGED.sub("", response.content.decode()).splitlines()
    return [line.replace(path, "HERE") for line in [response.get("Location", ""), *lines]]


def test_a_suspended_officer_opens_nothing(world: World, printed: list[str]) -> None:
    probe = Probe(world, (Held(Role.NATIONAL, "", "now"),), printed)
    probe.allowed = set()
    world.probe.suspended_at = timezone.now()
    world.probe.save()
    known = Pools(world).known
    for route, names in ARGUMENTS.items():
        probe.ask(Asked(route, tuple((n, pool, known[pool][-1]) for n, pool in names.items())))
