"""No officer learns anything of an area, institution or person outside the own scope.

A world in which every name, number and count is a mark; officers with random roles; every office
URL with random arguments; and a judge (tests/scope/sight.py) that says in plain words who may see
what. A mark that is not allowed in a body, header, download or PDF is a leak.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from cacah.staff.roles import Role
from tests.scope import fixtures
from tests.scope.asking import ARGUMENTS, FIELDS, Pools
from tests.scope.probing import Probe, told
from tests.scope.sight import Held
from tests.scope.world import World, outside_rows
from tests.test_urls import routes

world, printed = fixtures.world, fixtures.printed
_django_db_marker = fixtures._django_db_marker
OFFICE = "kantor/"
ROOT = Path(__file__).resolve().parents[1]
UNKNOWABLE = re.compile(r"(?:GET|POST|query)(?:\.get|\.getlist)?[\[(]\s*[\"']([a-zA-Z_-]+)")
ROUTES = {
    route.removeprefix(OFFICE): pattern
    for route, pattern in routes(get_resolver())
    if route.startswith(OFFICE)
}


def test_every_office_url_has_arguments_to_be_tried_with() -> None:
    given_for = {route: set(names) for route, names in ARGUMENTS.items()}
    there = {r: set(pattern.pattern.converters) for r, pattern in ROUTES.items()}
    assert given_for == there, "tests/scope/asking.py: ARGUMENTS"


def test_every_parameter_that_an_office_page_reads_is_tried() -> None:
    read = {
        name
        for room in ("staff", "helpdesk", "institutions", "outreach", "monitoring", "site")
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
    Role.TEAM: ("3325", "332601"),
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
RANDOM = settings(
    max_examples=6,
    # The same requests in every run, and as many as cost a few seconds: what must not be missed
    # is swept in tests/test_scope_sweeps.py. More are tried by raising the number here.
    derandomize=True,
    database=None,
    # A failure names the request and what it told; to make the example smaller takes minutes.
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.django_db
@RANDOM
@given(data=st.data())
def test_no_answer_holds_a_mark_from_outside_and_no_post_changes_anything_there(
    world: World, printed: list[str], data: st.DataObject
) -> None:
    with transaction.atomic():
        probe = Probe(world, data.draw(GRANTS), printed)
        hidden = probe.sight.hidden_rows()
        before = outside_rows(hidden)
        pools = Pools(world)
        for asked in data.draw(st.lists(pools.asked(sorted(ROUTES)), min_size=4, max_size=6)):
            response = probe.ask(asked)
            event(f"{response.status_code}")
        assert outside_rows(hidden) == before
        transaction.set_rollback(True)


@pytest.mark.django_db
@RANDOM
@given(data=st.data())
def test_what_is_outside_answers_like_what_does_not_exist(
    world: World, printed: list[str], data: st.DataObject
) -> None:
    naming = [route for route in ROUTES if set(ARGUMENTS[route].values()) & set(Pools.UNKNOWN)]
    with transaction.atomic():
        probe = Probe(world, data.draw(GRANTS), printed)
        for asked in data.draw(st.lists(Pools(world).asked(naming), min_size=4, max_size=6)):
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
