"""No officer learns anything of an area outside the own ones, whatever the URL says."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.areas.codes import dotted
from cacah.monitoring.measures import FILTER_CHOICES, MEASURES, SETS
from cacah.monitoring.tests.town import AREAS, expect, respond, settle
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
ROLE = {0: Role.NATIONAL, 2: Role.PROVINCE, 4: Role.REGENCY, 6: Role.DISTRICT}
CODES = ["", *(code for code, _ in AREAS)]
OWN = [code for code in CODES if len(code) in ROLE]
PATHS = [
    "wilayah/{area}/",
    "wilayah/{area}/angka/",
    *(f"wilayah/{{area}}/unduh/{t}/" for t in ("areas", "days", "modes", "unfinished", "none")),
    *(f"wilayah/{{area}}/grafik/{chart}.svg" for chart in ("growth", "none")),
    "dinding/{area}/",
    "dinding/{area}/angka/",
]
# A number of persons that no other area has, so that it can be recognised anywhere.
PERSONS = {code: 10_007 + 1_009 * n for n, code in enumerate(CODES) if len(code) == 10}
PERSONS |= {"332601": 77_003, "5101": 88_001}

# As ISO 8601, as in the names of files, and as people read it.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+|\d{8}-\d{4}Z|\d\d[.:]\d\d (?=WIB|WITA|WIT)")


@pytest.fixture
def clients(db: None) -> dict[str, Client]:
    """Return an officer's browser for each area that a role can hold for."""
    settle()
    for code, persons in PERSONS.items():
        expect(code, persons // 4, persons)
        respond(code, persons // 40, persons // 10)
    return {own: signed_in(Client(), officer(ROLE[len(own)], own)) for own in OWN}


def seen(client: Client, path: str) -> tuple[int, str]:
    """Return status and what is told, without what differs at each request."""
    answer = client.get(path)
    told = answer.content.decode(errors="replace")
    told = re.sub(r'<input type="hidden" name="csrfmiddlewaretoken" value="\w+">', "", told)
    # A minute or a second may be a province's code.
    told = MOMENT.sub("", told)
    # The same page in the other languages is offered under its own address.
    return answer.status_code, told.replace(path, "").replace(path.partition("?")[0], "")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    own=st.sampled_from(OWN),
    area=st.sampled_from([*CODES, "99", "332599", "3325119999"]),
    path=st.sampled_from(PATHS),
    sort=st.sampled_from(["", *MEASURES, "area", "parent__name", "password"]),
    descending=st.booleans(),
    columns=st.sampled_from([*SETS, "x"]),
    only=st.sampled_from([*(each.value for each in FILTER_CHOICES), "x"]),
    format=st.sampled_from(["csv", "json", "xlsx", "sql"]),
)
def test_what_lies_outside_is_as_if_it_did_not_exist(
    clients: dict[str, Client], own: str, area: str, path: str, **asked: object
) -> None:
    client = clients[own]
    sort = f"{'-' if asked['descending'] else ''}{asked['sort']}"
    query = f"?urut={sort}&kolom={asked['columns']}&hanya={asked['only']}&format={asked['format']}"
    base = "/kantor/perkembangan/"
    code = dotted(area) if area else "indonesia"
    status, told = seen(client, base + path.format(area=code) + query)
    unknown = seen(client, base + path.format(area="98.76") + query)
    if not area.startswith(own):
        assert (status, told) == (404, unknown[1])
    assert not outside_names(told, own)


def outside_names(told: str, own: str) -> list[str]:
    """Return names and numbers of areas outside that were told; the way down may name its areas."""
    outside = [(c, n) for c, n in AREAS if not c.startswith(own) and not own.startswith(c)]
    if told.startswith("<svg"):
        # Its coordinates are numbers, too.
        return [n for _, n in outside if f">{n}<" in told]
    names = [n for c, n in outside if re.search(rf"\b{re.escape(dotted(c))}\b", told)]
    numbers = [str(PERSONS[c]) for c, _ in outside if c in PERSONS]
    return names + [n for n in numbers if n in told or f"{int(n):,}".replace(",", ".") in told]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    own=st.sampled_from(OWN),
    asked=st.one_of(
        st.sampled_from([name for _, name in AREAS]),
        st.sampled_from([dotted(code) for code, _ in AREAS]),
        st.sampled_from(["kab", "a", "33", "%", "batnag", "kaumann", "Sanur", "jembrana"]),
        st.text(max_size=12),
    ),
)
def test_a_search_finds_nothing_outside(clients: dict[str, Client], own: str, asked: str) -> None:
    client = clients[own]
    answer = client.get("/kantor/perkembangan/cari/", {"cari": asked})
    told = answer.get("Location", "") + answer.content.decode()
    found = re.findall(r"wilayah/([0-9.]+)/", told)
    assert all(code.replace(".", "").startswith(own) for code in found)
    assert answer.status_code in (200, 302)
