"""The office's pages of progress: the figures, their order, their files, and who sees them."""

from __future__ import annotations

import csv
import json
import re
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from cacah.monitoring.tests.town import change, expect, respond, settle
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    settle()
    expect("3325111015", 1000, 4000)
    expect("3325111016", 500, 2000)
    expect("3325122001", 800, 3000)
    expect("332601", 10, 40)
    respond("3325111015", 300, 1234)
    respond("3325111016", 10, 30, ago=3, mode="guided")
    change("3325111015", ago=5, mode="cawi", opened_families=7)


@pytest.fixture
def nation(client: Client) -> Client:
    return signed_in(client, officer(Role.NATIONAL))


@pytest.fixture
def regency(client: Client) -> Client:
    return signed_in(client, officer(Role.REGENCY, "33.25"))


def text(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    return page.content.decode()


def rows(page: str) -> list[str]:
    """Return the names of the areas in the order of the page."""
    return re.findall(r'<tr><th scope="row"><a href="[^"]*">([^<]+)</a>', page)


def test_an_officer_lands_on_the_own_area(regency: Client) -> None:
    page = regency.get("/kantor/perkembangan/", follow=True)
    assert page.redirect_chain == [("/kantor/perkembangan/wilayah/33.25/", 302)]
    assert "Kabupaten Batang" in page.content.decode()


@pytest.mark.parametrize(
    "area", ["indonesia", "33", "33.25", "33.25.11", "33.25.11.1015", "3325111015"]
)
def test_every_level_has_its_page(nation: Client, area: str) -> None:
    assert "1.264" in text(nation, "/kantor/perkembangan/wilayah/33.25/")
    assert "1.234" in text(nation, f"/kantor/perkembangan/wilayah/{area}/")


def test_it_says_families_and_persons_with_the_denominator(regency: Client) -> None:
    page = text(regency, "/en/kantor/perkembangan/wilayah/33.25/")
    assert "% of the register responded" in page
    assert "<strong>1,264</strong></td><td><strong>14.0\u00a0%" in page
    assert "<strong>310</strong></td><td><strong>13.5\u00a0%" in page
    assert "7 of 317 families that opened the form have not finished" in page
