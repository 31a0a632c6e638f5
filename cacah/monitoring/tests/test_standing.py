"""How an area stands against its target: on the first day, with an empty register, at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from cacah.areas.models import Area
from cacah.monitoring.cards import cards
from cacah.monitoring.moment import moment
from cacah.monitoring.reports.gathering import evaluation
from cacah.monitoring.reports.pdf import verdict
from cacah.monitoring.tests.town import expect, respond, settle
from cacah.monitoring.wall import wall_of
from cacah.registry.models import Census
from cacah.staff.queries import scope_of
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
BATANG = "/en/kantor/perkembangan/wilayah/33.25/"


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    settle()
    expect("3325111015", 1000, 4000)


def standings(area: str) -> dict[str, str]:
    found = moment(area)
    assert found is not None
    return {each.name: each.standing for each in found.below}


def opens_today() -> None:
    today = datetime.combine(timezone.localdate(), datetime.min.time(), tzinfo=UTC)
    Census.objects.update(opens_at=today - timedelta(hours=7))


def test_on_the_first_day_nobody_is_behind(client: Client) -> None:
    opens_today()
    respond("3325111015", 1, 4)
    assert standings("3325")["Batang"] == "early"
    page = signed_in(client, officer(Role.REGENCY, "33.25")).get(BATANG).content.decode()
    assert '<span class="state state-none">Too early to tell</span>' in page
    assert "Behind" not in page.partition('id="below"')[0]
    behind = client.get(f"{BATANG}?hanya=tertinggal").content.decode()
    assert "No area matches this filter." in behind
    assert [card.title for card in cards(scope_of(officer(Role.REGENCY, "33.25")))] == [
        "Persons responded today"
    ]
    report = evaluation("3325")
    assert report is not None
    assert verdict(report).startswith("Too early to tell")


def test_whoever_reaches_the_target_on_the_first_day_has_reached_it() -> None:
    opens_today()
    respond("3325111015", 300, 1200)
    assert standings("3325")["Batang"] == "done"


def test_where_the_register_has_nobody_no_target_is_reached() -> None:
    Area.objects.filter(code="332512").update(projected_population=500, target_percent=Decimal(20))
    assert standings("3325") == {"Batang": "missing", "Bandar": "empty"}
    assert standings("332512") == {"Wonokerto": "empty"}


def test_without_a_target_there_is_none_to_be_behind() -> None:
    Area.objects.update(target_percent=None)
    assert standings("3325")["Batang"] == "none"


def test_a_new_day_is_news_to_an_open_page_and_to_a_wall() -> None:
    page, wall = moment("3325"), wall_of("3325")
    assert page is not None
    assert wall is not None
    tomorrow = page.today + timedelta(days=1)
    assert replace(page, today=tomorrow).version != page.version
    assert replace(wall, today_is=tomorrow).version != wall.version
