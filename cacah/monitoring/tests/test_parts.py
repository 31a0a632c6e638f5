"""Small charts of many areas come in parts, and the page says which it shows."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cacah.areas.actions import put_areas
from cacah.monitoring import views_charts
from cacah.monitoring.parts import MOST_AREAS, part_of, parts
from cacah.monitoring.tests.town import expect, respond, settle
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

PAGE = "/en/kantor/perkembangan/wilayah/33.25.11/"
VILLAGES = 64


@given(st.integers(0, 1000))
def test_every_area_is_in_one_part(areas: int) -> None:
    shown = [each for part in parts(areas) for each in part.of(range(areas))]
    assert shown == list(range(areas))
    assert all(len(part.of(range(areas))) <= MOST_AREAS for part in parts(areas))


@given(st.text(max_size=6), st.integers(0, 200))
def test_whatever_a_url_says_is_one_of_the_parts(asked: str, areas: int) -> None:
    assert part_of(asked, areas) in parts(areas)


@pytest.fixture
def district(client: Client, db: None) -> Client:
    settle()
    put_areas((f"33251120{n:02}", f"Desa {n:02}") for n in range(VILLAGES - 2))
    for n in range(VILLAGES - 2):
        expect(f"33251120{n:02}", 100, 400)
        respond(f"33251120{n:02}", 1 + n, 4 + n)
    views_charts.forget()
    return signed_in(client, officer(Role.REGENCY, "33.25"))


def test_the_page_says_what_it_shows_and_leads_to_the_rest(district: Client) -> None:
    page = district.get(f"{PAGE}?kolom=keluarga").content.decode()
    assert "Areas 1 to 60 of 64, by code." in page
    assert 'href="?kolom=keluarga&amp;bagian=2#trends"' in page
    rest = district.get(f"{PAGE}?kolom=keluarga&bagian=2").content.decode()
    assert "Areas 61 to 64 of 64, by code." in rest
    assert "4 small charts, one for each area" in rest
    assert "?urut=-persons_percent" not in rest  # the other choices stay as they are
    charts = re.findall(r'srcset="([^"]+)"|<img src="([^"]+)"', rest.partition('id="trends"')[2])
    assert len(charts) == 2
    drawn = district.get(charts[1][1].replace("&amp;", "&")).content.decode()
    names = set(re.findall(r">(Desa \d\d)<", drawn))
    assert names == {"Desa 58", "Desa 59", "Desa 60", "Desa 61"}


def test_a_page_of_few_areas_has_no_parts(district: Client) -> None:
    page = district.get("/en/kantor/perkembangan/wilayah/33.25/?bagian=7").content.decode()
    assert "bagian=2" not in page
    assert "2 small charts" in page


def test_every_chart_says_of_when_it_is(district: Client) -> None:
    for chart in ("growth", "daily", "areas", "areas-narrow"):
        drawn = district.get(f"{PAGE}grafik/{chart}.svg").content.decode()
        assert re.search(r"as of \d+ \w+ \d{4}, \d\d:\d\d WIB", drawn), chart
