"""Everybody sees the progress down to districts, and from no figure a single family."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from cacah.areas.actions import Outline, put_areas, put_boundaries
from cacah.areas.models import Area
from cacah.monitoring.actions import fold
from cacah.monitoring.models import Published
from cacah.monitoring.public.actions import publish, publish_anew
from cacah.registry.actions import set_census
from cacah.registry.models import ProgressDelta

pytestmark = pytest.mark.django_db
BATANG, KENDAL, BANDAR, TERSONO = "3325", "3324", "332505", "332503"
ALL = ["", "sematan/", "gambar.svg", "gambar.png", "peta.svg", "perjalanan.svg"]
ALL += ["data.csv", "data.xlsx", "data.json"]


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def today() -> date:
    return timezone.localdate()


def look_anew(*, days_ago: int = 0) -> None:
    """Bring everybody's pages up to date, as the worker does each minute."""
    publish(at=timezone.now() - timedelta(days=days_ago))
    cache.clear()


def came(area: str, families: int, *, days_ago: int = 0, expected: int = 0) -> None:
    """Let families respond in a district; each has three people."""
    ProgressDelta.objects.create(
        area=area,
        day=today() - timedelta(days=days_ago),
        mode="" if expected else "cawi",
        expected_families=expected,
        expected_persons=3 * expected,
        responded_families=families,
        responded_persons=3 * families,
        complete_families=families,
        complete_persons=3 * families,
    )


@pytest.fixture
def country() -> None:
    """Two regencies of Central Java; in Batang are two districts."""
    put_areas(
        [
            ("33", "Jawa Tengah"),
            (BATANG, "Kabupaten Batang"),
            (KENDAL, "Kabupaten Kendal"),
            (BANDAR, "Bandar"),
            (TERSONO, "Tersono"),
            ("332402", "Weleri"),
            ("3325052001", "Wonokerto"),
        ]
    )
    now = timezone.now()
    set_census(opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=20))
    for area in (BANDAR, TERSONO, "332402"):
        came(area, 0, days_ago=20, expected=30_000)
    Area.objects.filter(code="33").update(projected_population=300_000, target_percent=Decimal(17))
    look_anew(days_ago=20)


def rows(client: Client, path: str) -> dict[str, dict[str, object]]:
    found = client.get(f"{path}data.json").json()
    return {row["code"]: row for row in found["rows"]}


def test_the_public_page_names_what_each_per_cent_is_of(client, country):
    came(BANDAR, 9_000, days_ago=3)
    look_anew()
    page = client.get("/perkembangan/33.25/").content.decode()
    assert "9.000 dari 60.000 keluarga dalam register" in page
    assert "15,0\u00a0%" in page
    assert "Bandar" in page and "Tersono" in page
    english = client.get("/en/perkembangan/33.25/").content.decode()
    assert "9,000 of the 60,000 families in the register have responded." in english
    assert '<html lang="en">' in english


def test_all_levels_down_to_the_district_have_pages_and_villages_have_none(client, country):
    for path in ("/perkembangan/", "/perkembangan/33/", "/perkembangan/33.25.05/"):
        assert client.get(path).status_code == 200
    assert client.get("/perkembangan/33.25.05.2001/").status_code == 404
    assert client.get("/perkembangan/99/").status_code == 404
    assert client.get("/perkembangan/3.3/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/perkembangan/3325/", "/perkembangan/33.25/"),
        ("/perkembangan/indonesia/", "/perkembangan/"),
        ("/jv/perkembangan/33.25/", "/perkembangan/33.25/"),
        ("/en/perkembangan/3325/gambar.svg", "/en/perkembangan/33.25/gambar.svg"),
    ],
)
def test_each_page_has_one_address(client, country, asked, leads_to):
    assert client.get(asked)["Location"] == leads_to


@pytest.mark.parametrize("part", ALL)
def test_any_cache_may_keep_it_and_nobody_gets_a_cookie(client, country, part):
    path = f"/perkembangan/33.25/{part}"
    client.cookies["sessionid"] = "somebody"
    first = client.get(path, headers={"Accept-Language": "en", "Accept-Encoding": "gzip"})
    assert first.status_code == 200
    assert first["Cache-Control"].startswith("public, max-age=60")
    assert first["Vary"] == "Accept-Encoding"
    assert not first.cookies
    other = Client().get(path, headers={"Accept-Language": "su", "Accept-Encoding": "gzip"})
    assert other.content == first.content
    again = client.get(path, headers={"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Vary"] == "Accept-Encoding"


def test_only_the_embed_may_stand_in_a_frame(client, country):
    embed = client.get("/perkembangan/33.25/sematan/")
    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    assert embed["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "script" not in embed.content.decode()
    others = [f"/perkembangan/33.25/{part}" for part in ALL if part != "sematan/"]
    for path in ["/", "/isi/", "/bukti/", "/kantor/", "/perkembangan/", *others]:
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"], path


@pytest.mark.parametrize("part", ["gambar.svg", "gambar.png", "peta.svg", "data.csv"])
def test_pages_of_others_may_show_pictures_and_read_files(client, country, part):
    response = client.get(f"/perkembangan/33.25/{part}")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.get("Access-Control-Allow-Origin", "") == ("*" if "data" in part else "")


def test_the_picture_has_the_time_in_it(client, country):
    svg = client.get("/perkembangan/33.25/gambar.svg").content.decode()
    assert f" {today().year}" in svg and "Kabupaten Batang" in svg
    assert "<script" not in svg and "<style" not in svg
    png = client.get("/perkembangan/33.25/gambar.png").content
    assert png.startswith(b"\x89PNG")
    assert len(png) < 150_000


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("families", [4, 123_456])
def test_the_picture_keeps_its_margin_however_much_it_says(client, country, language, families):
    goal = {"projected_population": 2_345_678, "target_percent": Decimal("17.5")}
    Area.objects.filter(code=BATANG).update(**goal)
    came(BANDAR, 0, expected=654_321)
    came(BANDAR, families)
    fold()
    look_anew()
    png = client.get(f"{language}/perkembangan/33.25/gambar.png").content
    below_the_band = Image.open(io.BytesIO(png)).convert("L").crop((1145, 100, 1200, 630))
    assert below_the_band.getextrema() == (255, 255)


def test_a_file_says_when_it_was_counted_and_how_to_cite_it(client, country):
    text = client.get("/perkembangan/33.25/data.csv").content.decode("utf-8-sig")
    first, *_ = csv.DictReader(io.StringIO(text))
    assert "CC BY 4.0" in " ".join(first.values())
    assert str(today().year) in " ".join(first.values())
    look_anew()
    found = json.loads(client.get("/en/perkembangan/33.25/data.json").content)
    assert datetime.fromisoformat(found["as_of"]).date() == today()


def test_a_district_changes_only_by_five_families_or_more(client, country):
    came(BANDAR, 40)
    look_anew()
    came(BANDAR, 4)
    fold()
    look_anew()
    assert rows(client, "/perkembangan/33.25/")["33.25.05"]["responded_families"] == 40
    # Where no district takes a step nothing is written but the time.
    assert publish(at=timezone.now()) == 0
    came(BANDAR, 1)
    look_anew()
    assert rows(client, "/perkembangan/33.25/")["33.25.05"]["responded_persons"] == 135


def test_all_above_districts_is_the_sum_of_what_they_show(client, country):
    came(BANDAR, 711)
    came(TERSONO, 4)
    came("332402", 44)
    look_anew()
    found = rows(client, "/perkembangan/33/")
    shown = {code: each["responded_families"] for code, each in found.items()}
    assert shown == {"33": 755, "33.25": 711, "33.24": 44}


@pytest.mark.parametrize("families", [0, 1, 4])
def test_fewer_than_five_families_are_no_number_anywhere(client, country, families):
    came(BANDAR, families)
    look_anew()
    found = rows(client, "/perkembangan/33.25.05/")["33.25.05"]
    assert found["responded_families"] is found["responded_persons"] is None
    assert found["families_percent"] is None
    assert "responded_families" in found["too_few"]
    page = client.get("/perkembangan/33.25.05/").content.decode()
    assert "Kurang dari 5 dari 30.000 keluarga dalam register sudah mengisi." in page
    assert f"{families} dari" not in page
    assert "&lt; 5" in client.get("/perkembangan/33.25/peta.svg").content.decode()


def everything(client: Client) -> dict[str, object]:
    """Return all that is public of a district and what is around it, in every form."""
    seen: dict[str, object] = {"": client.get("/perkembangan/data.json").content}
    for area in ("33.25/", "33.25.03/"):
        for part in ALL:
            content = client.get(f"/perkembangan/{area}{part}").content
            seen[area + part] = cells(content) if part == "data.xlsx" else content
    return seen


def cells(workbook: bytes) -> list[object]:
    return list(load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True))


def test_no_page_picture_or_file_of_any_day_tells_hidden_figures_apart(client, country):
    """Everything else is known, and yesterday's pages were kept: 0 and 4 still look the same."""
    worlds, now = [], timezone.now()
    for hidden in (0, 4):
        ProgressDelta.objects.filter(responded_families__gt=0).delete()
        came(BANDAR, 700, days_ago=2)
        came("332402", 50, days_ago=1)
        came(TERSONO, hidden, days_ago=1)
        publish_anew(at=now - timedelta(days=1))
        cache.clear()
        yesterday = everything(client)
        came(BANDAR, 9)
        publish(at=now)
        cache.clear()
        worlds.append((yesterday, everything(client)))
    assert worlds[0] == worlds[1]
    assert worlds[0][0] != worlds[0][1]


def test_what_came_before_the_first_look_is_gone_through_day_by_day(client, country):
    Published.objects.all().delete()
    came(BANDAR, 3, days_ago=4)
    came(BANDAR, 4, days_ago=3)
    fold()
    came(BANDAR, 4, days_ago=2)
    came(BANDAR, 9)
    look_anew()
    page = client.get("/en/perkembangan/33.25.05/").content.decode()
    course = re.findall(r"<td>([0-9,]+)</td></tr>", page.partition("<details><summary>")[2])
    assert course == ["7", "20"]


def test_before_anything_is_published_it_says_so(client, country):
    Published.objects.all().delete()
    page = client.get("/en/perkembangan/33.25/").content.decode()
    assert "The first figures come within a few minutes." in page
    assert client.get("/perkembangan/33.25/gambar.png").status_code == 200


def test_an_area_is_shown_alike_on_its_own_page_and_among_others(client, country):
    came(TERSONO, 123, days_ago=3)
    came(TERSONO, 2, days_ago=1)
    look_anew()
    for code, path in (("33.25.03", "/perkembangan/33.25.03/"), ("33.25", "/perkembangan/33.25/")):
        own = rows(client, path)[code]
        above = rows(client, f"/perkembangan/{code[:-3]}/")[code]
        assert own == above | {"target_persons": own["target_persons"]}


def test_the_map_is_of_squares_until_there_are_boundaries(client, country):
    came(BANDAR, 9_000, days_ago=3)
    look_anew()
    assert "<path" not in client.get("/perkembangan/33.25/peta.svg").content.decode()
    put_boundaries([Outline(BANDAR, "M0 0l5 0 0 5z", (0, 0, 5, 5))])
    cache.clear()
    drawn = client.get("/perkembangan/33.25/peta.svg").content.decode()
    assert 'd="M0 0l5 0 0 5z"' in drawn
    assert "Bandar: 30,0\u00a0%" in drawn


def test_a_district_has_no_map(client, country):
    assert client.get("/perkembangan/33.25.05/peta.svg").status_code == 404
