"""The office's pages of progress: the figures, their order, their files, and who sees them."""

from __future__ import annotations

import csv
import json
import re
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from cacah.monitoring import views_charts
from cacah.monitoring.tests.town import change, expect, respond, settle
from cacah.outreach.models import GuidedSession
from cacah.registry.models import Case, Census
from cacah.staff.roles import Role
from cacah.staff.tests.cast import holds, officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    views_charts.forget()
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


def test_areas_are_ranked_by_any_column_and_sorted_by_the_url(regency: Client) -> None:
    base = "/en/kantor/perkembangan/wilayah/33.25/"
    assert rows(text(regency, base)) == ["Bandar", "Batang"]
    assert rows(text(regency, f"{base}?urut=-responded_persons")) == ["Batang", "Bandar"]
    assert rows(text(regency, f"{base}?urut=responded_persons")) == ["Bandar", "Batang"]
    assert rows(text(regency, f"{base}?urut=-area")) == ["Batang", "Bandar"]
    page = text(regency, f"{base}?urut=-expected_persons&kolom=penduduk")
    assert "Rank by: Persons in the register" in page
    assert 'aria-sort="descending"' in page
    # The second click on a heading turns the order round and keeps the columns.
    assert "?kolom=penduduk&amp;urut=expected_persons#below" in page


def test_filters_choose_areas_and_keep_their_rank(regency: Client) -> None:
    base = "/en/kantor/perkembangan/wilayah/33.25/"
    assert rows(text(regency, f"{base}?hanya=kosong")) == ["Bandar"]
    page = text(regency, f"{base}?hanya=kosong")
    assert "<small>33.25.12</small></th><td>2</td>" in page
    assert "No area matches this filter." in text(
        regency, "/en/kantor/perkembangan/wilayah/33.25.11/?hanya=kosong"
    )


def test_when_the_census_is_over_the_filter_still_shows_who_is_behind(regency: Client) -> None:
    Census.objects.update(closes_at=timezone.now() - timedelta(days=2))
    page = text(regency, "/en/kantor/perkembangan/wilayah/33.25/?hanya=tertinggal")
    assert rows(page) == ["Bandar"]
    assert "(days left: 0)" in page
    assert "state-missing" in page.partition('id="below"')[2]


@pytest.mark.parametrize(
    "query",
    ["urut=password", "urut=--area", "urut=__class__", "kolom=../x", "hanya=<script>", "urut=%00"],
)
def test_a_parameter_that_says_nonsense_changes_nothing(regency: Client, query: str) -> None:
    page = text(regency, f"/en/kantor/perkembangan/wilayah/33.25/?{query}")
    assert rows(page) == ["Bandar", "Batang"]
    assert "<script>" not in page.partition("<main")[2]


def test_the_target_is_told_with_gap_and_daily_pace(regency: Client) -> None:
    page = text(regency, "/en/kantor/perkembangan/wilayah/33.25/")
    # 20 % of 9,000 persons are 1,800; 536 lack, in ten days: 54 a day.
    assert "Target: 20.0\u00a0% of the persons in the register" in page
    assert "<td>1,800</td><td>536</td><td>54</td><td>4.3</td><td>0</td>" in page
    assert '<span class="state state-missing">Behind</span>' in page


def test_modes_and_unfinished_families_have_tables(regency: Client) -> None:
    page = text(regency, "/en/kantor/perkembangan/wilayah/33.25/")
    assert '<th scope="row">Guided in a session</th><td>10</td><td>3.2\u00a0%' in page
    assert '<th scope="row">2 to 6 days ago</th><td>7</td><td>100.0\u00a0%' in page


def test_every_table_comes_as_csv_xlsx_and_json_with_the_numbers_of_the_page(
    regency: Client,
) -> None:
    base = "/en/kantor/perkembangan/wilayah/33.25/"
    query = "?kolom=penduduk&urut=-responded_persons&hanya="
    page = text(regency, base + query)
    links = re.findall(r'<a href="([^"]+)" download>', page)
    assert len(links) == 12
    for link in links:
        assert regency.get(link.replace("&amp;", "&")).status_code == 200
    url = f"{base}unduh/areas/{query}&format="
    read = list(csv.DictReader(StringIO(regency.get(url + "csv").content.decode("utf-8-sig"))))
    assert [row["Area"] for row in read] == rows(page) == ["Batang", "Bandar"]
    assert read[0]["% of the persons in the register responded"] == "21.1"
    assert "21.1\u00a0%" in page
    assert read[0]["Figures as of"]
    told = json.loads(regency.get(url + "json").content)
    assert [row["responded_persons"] for row in told["rows"]] == [1264, 0]
    sheet = load_workbook(BytesIO(regency.get(url + "xlsx").content)).active
    assert [cell.value for cell in sheet["A"]] == ["Area", "Batang", "Bandar"]


def test_it_refuses_a_table_and_a_format_that_do_not_exist(regency: Client) -> None:
    base = "/kantor/perkembangan/wilayah/33.25/unduh/"
    for path in ("persons/?format=csv", "areas/?format=exe", "areas/", "days/?format="):
        assert regency.get(base + path).status_code == 404


def test_an_open_page_is_told_nothing_but_the_time_until_something_changes(
    regency: Client,
) -> None:
    url = "/kantor/perkembangan/wilayah/33.25/angka/"
    first = regency.get(url)
    assert "1.264" in first.content.decode()
    again = regency.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d\.\d\d WIB", again["X-As-Of"])
    respond("3325122001", 1, 4)
    changed = regency.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "1.268" in changed.content.decode()
    # What happens elsewhere is no news here.
    respond("332601", 1, 4)
    same = regency.get(url, headers={"If-None-Match": changed["ETag"]})
    assert same.status_code == 304


@pytest.mark.parametrize("asked", ["kauman", "33.25.11.1015", "3325111015", "KAUM"])
def test_an_area_is_found_by_name_or_code(regency: Client, asked: str) -> None:
    page = regency.get("/kantor/perkembangan/cari/", {"cari": asked})
    assert page["Location"] == "/kantor/perkembangan/wilayah/33.25.11.1015/"


def test_a_search_lists_what_fits_with_the_way_there(regency: Client) -> None:
    page = text(regency, "/kantor/perkembangan/cari/?cari=batang")
    assert re.findall(r'<li><a href="[^"]*wilayah/([^"]*)/">', page) == ["33.25", "33.25.11"]
    assert "Kabupaten Batang, Jawa Tengah" in page


@pytest.mark.parametrize("asked", ["", " ", "%", "_", "\0", "'; drop", "x" * 5000, "<b>zzz</b>"])
def test_a_strange_search_finds_nothing_and_says_so(regency: Client, asked: str) -> None:
    page = regency.get("/kantor/perkembangan/cari/", {"cari": asked})
    assert page.status_code == 200
    assert "<b>zzz" not in page.content.decode()


@pytest.mark.parametrize(
    "chart", ["growth", "growth-narrow", "daily-narrow", "daily", "areas", "areas-narrow"]
)
def test_a_chart_is_a_picture_in_the_language_of_its_page(regency: Client, chart: str) -> None:
    url = f"/kantor/perkembangan/wilayah/33.25/grafik/{chart}.svg"
    picture = regency.get(url)
    assert picture["Content-Type"] == "image/svg+xml"
    assert "private" in picture["Cache-Control"]
    drawn = picture.content.decode()
    assert drawn.startswith("<svg")
    assert "Penduduk yang" in drawn
    assert "<script" not in drawn
    assert "Persons responded" in regency.get("/en" + url).content.decode()


def test_a_page_shows_its_charts_with_a_text_that_tells_them(regency: Client) -> None:
    page = text(regency, "/en/kantor/perkembangan/wilayah/33.25/")
    assert 'alt="Line chart: the persons responded in Kabupaten Batang grew to 1,264' in page
    assert "A dashed line shows the target, 1,800 persons." in page
    assert "Highest: Batang, 21.1\u00a0%; lowest: Bandar, 0.0\u00a0%." in page


def test_before_a_census_is_set_it_says_so(client: Client) -> None:
    Census.objects.all().delete()
    signed_in(client, officer(Role.REGENCY, "33.25"))
    assert "belum disiapkan" in text(client, "/kantor/perkembangan/wilayah/33.25/")
    base = "/kantor/perkembangan/wilayah/33.25/"
    for path in ("angka/", "unduh/areas/?format=csv", "grafik/growth.svg"):
        assert client.get(base + path).status_code == 404


def test_who_holds_several_areas_chooses_one(client: Client) -> None:
    both = officer(Role.DISTRICT, "33.25.11")
    holds(both, Role.DISTRICT, "33.26.01")
    page = text(signed_in(client, both), "/kantor/perkembangan/")
    assert re.findall(r'wilayah/([^"]*)/">', page) == ["33.25.11", "33.26.01"]


def test_who_may_not_see_progress_finds_no_page(client: Client) -> None:
    signed_in(client, officer(Role.COORDINATOR, institution=1))
    assert client.get("/kantor/perkembangan/").status_code == 404


def test_a_page_asks_the_database_for_each_thing_once(
    nation: Client, django_assert_max_num_queries: Any
) -> None:
    text(nation, "/kantor/perkembangan/wilayah/33/")  # notes that the session is in use
    # Session, officer, second factor, roles, the areas around; four sums, census, two of a moment.
    for area in ("indonesia", "33", "33.25", "33.25.11", "33.25.11.1015"):
        with django_assert_max_num_queries(12) as asked:
            text(nation, f"/kantor/perkembangan/wilayah/{area}/")
        statements = [each["sql"] for each in asked.captured_queries]
        assert len(statements) == len(set(statements)), area


def test_an_areas_page_says_what_its_guided_sessions_brought(regency: Client) -> None:
    assert 'id="guided"' not in text(regency, "/kantor/perkembangan/wilayah/3325/")
    GuidedSession.objects.create(
        code="7K2MQXA", title="Balai", area_id="3325", opens_at=timezone.now()
    )
    Case.objects.create(
        household_id=1, area="3325111015", revision=1, guide="7K2MQXA.1", opened_at=timezone.now()
    )
    page = text(regency, "/en/kantor/perkembangan/wilayah/3325/")
    assert "sessions held here: 1, of them at visits and events: 0. Sessions: 1." in page
    assert 'id="guided"' not in text(regency, "/kantor/perkembangan/wilayah/332512/")
