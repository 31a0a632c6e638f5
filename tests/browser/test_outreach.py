"""The Kupang week: an officer has it planned and moves a visit, a team reads its day on a phone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from cacah.outreach.models import Team, Visit
from cacah.outreach.queries.weeks import monday_of
from cacah.outreach.tests.cast import KUPANG, belongs, institution, team
from cacah.staff.tests.cast import officer

from .test_institutions import look_at, opened_by

NEXT_MONDAY = monday_of(timezone.localdate()) + timedelta(days=7)
WEEK = f"/kantor/penjangkauan/?pekan={NEXT_MONDAY.isoformat()}"


@pytest.fixture
def teams(site: str) -> list[Team]:
    """Six teams, and the 63 institutions that they are to visit."""
    for n in range(63):
        around = {"latitude": -10.15 - n % 9 / 100, "longitude": 123.58 + n // 9 / 100}
        institution(f"Kantor {n + 1}", left=5 + 3 * n, minutes=60, **around)
    return [
        team(f"Tim {n + 1}", visits_per_week=11, base_latitude=-10.17, base_longitude=123.6)
        for n in range(6)
    ]


def test_the_kupang_week_is_planned_and_a_visit_moved(
    browser: Browser, site: str, teams: list[Team]
) -> None:
    with opened_by(browser, site, officer("regency", KUPANG), wide=True) as context:
        desk = context.new_page()
        desk.goto(site + WEEK)
        desk.get_by_role("link", name="Pilih instansi").click()
        look_at(desk, "destinations")
        desk.get_by_role("button", name="Tambahkan yang dicentang").click()
        expect(desk.get_by_role("heading", name="63 kunjungan menunggu hari")).to_be_visible()
        desk.get_by_role("button", name="Susun usulan rencana").click()
        expect(desk.get_by_text("Rencana pekan ini sudah tersusun.")).to_be_visible()
        expect(desk.locator("table.board .visit")).to_have_count(63)
        for each in teams:
            assert 10 <= Visit.objects.filter(team=each).count() <= 11
        look_at(desk, "week")
        drag(desk, teams)
        by_keyboard(desk, teams[1])
        desk.locator(f"#kunjungan-{first_of(teams[1]).pk} a").click()
        look_at(desk, "visit")
    phone(browser, site, teams[1])


def first_of(whose: Team) -> Visit:
    """Return the first visit of a day of a team that has several, and another day after it."""
    friday = NEXT_MONDAY + timedelta(days=4)
    seconds = Visit.objects.filter(team=whose, position=2, day__lt=friday).order_by("day")
    return Visit.objects.get(team=whose, day=seconds[0].day, position=1)


def cell_of(desk: Page, whose: Team, day: date) -> Locator:
    """Return a team's day on the board."""
    return desk.locator(f'td[data-team="{whose.pk}"][data-day="{day.isoformat()}"]')


def drag(desk: Page, teams: list[Team]) -> None:
    """Drag a team's first visit to the top of another team's day."""
    what, there = first_of(teams[0]), first_of(teams[1])
    cell = cell_of(desk, teams[1], there.day)
    # All on one screen: a page that scrolls under the pointer drags what has come to lie there.
    desk.set_viewport_size({"width": 1280, "height": 5000})
    desk.locator(f"#kunjungan-{what.pk}").drag_to(cell, target_position={"x": 60, "y": 4})
    expect(desk.get_by_text(f"Dipindahkan: {what.title}.")).to_be_visible()
    expect(cell.locator(".visit").first).to_contain_text(what.title)
    what.refresh_from_db()
    assert (what.team, what.day, what.position) == (teams[1], there.day, 1)


def by_keyboard(desk: Page, whose: Team) -> None:
    """Move the first visit of a day down, then to the next day, with Alt and an arrow."""
    what = first_of(whose)
    name = desk.locator(f"#kunjungan-{what.pk} a")
    name.focus()
    desk.keyboard.press("Alt+ArrowDown")
    second = cell_of(desk, whose, what.day).locator(".visit").nth(1)
    expect(second).to_have_id(f"kunjungan-{what.pk}")
    expect(second).to_be_focused()
    desk.keyboard.press("Alt+ArrowRight")
    day = what.day + timedelta(days=1)
    expect(cell_of(desk, whose, day).locator(f"#kunjungan-{what.pk}")).to_be_visible()
    what.refresh_from_db()
    assert what.day == day


def phone(browser: Browser, site: str, whose: Team) -> None:
    """Open the team's day, begin the first visit and cancel the second in one tap."""
    Visit.objects.filter(team=whose, day=first_of(whose).day).update(day=timezone.localdate())
    member = officer("team", KUPANG)
    belongs(whose, member)
    with opened_by(browser, site, member, wide=False) as context:
        hand = context.new_page()
        hand.goto(f"{site}/kantor/penjangkauan/")
        look_at(hand, "team-day")
        stop = hand.locator("ol.route > li").first
        way = stop.get_by_role("link", name="Petunjuk arah")
        expect(way).to_have_attribute("href", re.compile(r"^geo:-10\.\d+,123\.\d+"))
        stop.get_by_role("button", name="Mulai kunjungan").click()
        expect(stop.locator(".state").first).to_have_text("Berlangsung")
        stop.get_by_text("Kunjungan batal").click()
        stop.get_by_role("button", name="Tempatnya tutup").click()
        expect(hand.get_by_text("Batal: Tempatnya tutup")).to_be_visible()
    assert Visit.objects.filter(follows__cancel_reason="closed", team=None).count() == 1


def test_on_a_phone_the_week_opens_at_today(browser: Browser, site: str) -> None:
    team("Tim 1", working_days=[1, 2, 3, 4, 5, 6, 7])
    with opened_by(browser, site, officer("regency", KUPANG), wide=False) as context:
        desk = context.new_page()
        desk.goto(site + "/kantor/penjangkauan/")
        teams, today = desk.locator("table.board th").first, desk.locator("table.board th.today")
        beside, shown = teams.bounding_box(), today.bounding_box()
        assert beside and shown and shown["x"] >= beside["x"] + beside["width"] - 1
        assert shown["x"] + shown["width"] <= desk.viewport_size["width"]
