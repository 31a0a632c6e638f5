"""Officers watch the census: down to a village by keyboard, figures that keep themselves true.

With CACAH_SCREENSHOTS=docs/screenshots the pictures of the documentation are taken again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.areas.packaged import packaged_areas
from cacah.monitoring.actions import fold_all, sample
from cacah.monitoring.models import Sample
from cacah.monitoring.tests import town
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

from .barriers import barriers
from .resident import PATIENCE, Resident

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")
DESK, PHONE, WALL = (1280, 900), (360, 740), (1920, 1080)
PROGRESS = "/kantor/perkembangan/"
VILLAGE = f"{PROGRESS}wilayah/33.25.11.1015/"
Opened = Callable[..., Page]
ASK_NOW = "dispatchEvent(new Event('online'))"


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opened]:
    """Give what opens a page as an officer, in a window of some size."""
    contexts = []

    def open_as(role: Role, area: str, path: str, size: tuple[int, int] = DESK) -> Page:
        client = signed_in(Client(), officer(role, area))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.route("**/static/**", as_installed)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        page = context.new_page()
        page.refused = []  # type: ignore[attr-defined]
        page.on("console", lambda said: page.refused.append(said.text))  # type: ignore[attr-defined]
        page.goto(site + path)
        return page

    yield open_as
    for context in contexts:
        context.close()


def as_installed(route: Route) -> None:
    """Answer with a room's own static file: no test collects those of the office."""
    found = finders.find(urlsplit(route.request.url).path.removeprefix(settings.STATIC_URL))
    if found:
        route.fulfill(path=found)
    else:
        route.continue_()


def look_at(page: Page, name: str) -> None:
    """Find no barrier, nothing wider than the screen and nothing refused on a page."""
    assert not barriers(page), name
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{name} is {width} px too wide"
    assert page.refused == [], name  # type: ignore[attr-defined]
    if SHOTS:
        path = Path(SHOTS) / f"{name}.png"
        page.screenshot(path=path)
        Image.open(path).quantize(64).save(path, optimize=True)


def show_charts(page: Page) -> None:
    """Wait for every chart, those below the fold too; each must be a picture that is drawn."""
    page.evaluate(
        "Promise.all([...document.images].map((each) => {"
        " each.loading = 'eager'; return each.decode(); }))"
    )


def regency() -> None:
    """Batang after four weeks: districts between 4 and 24 per cent, and its villages."""
    areas = packaged_areas()
    put_areas((code, areas[code]) for code in areas if len(code) == 2 or code.startswith("3325"))
    town.lay_out()
    Area.objects.filter(code="3325").update(projected_population=300_000, target_percent=17)
    for n, code in enumerate(sorted(c for c in areas if len(c) == 6 and c.startswith("3325"))):
        families = 4_000 + 611 * (n * 7 % 11)
        town.change(
            code, ago=28, mode="", expected_families=families, expected_persons=families * 33 // 10
        )
        for ago in range(27):
            came = families * (n + 2) * (30 - ago) * (3 + (ago % 7 in (0, 6))) // 160_000
            town.respond(code, came, came * 33 // 10, ago=ago, mode="guided" if n % 4 else "cawi")
            town.change(code, ago=ago, opened_families=came // 9)
    fold_all()


def test_an_officer_goes_down_to_a_village_by_keyboard(opened: Opened) -> None:
    town.lay_out()
    town.expect("3325111015", 100, 400)
    page = opened(Role.REGENCY, "33.25", "/kantor/")
    press_on(page, "Perkembangan")
    assert page.locator("h1").inner_text().startswith("Kabupaten Batang")
    press_on(page, "Batang")
    press_on(page, "Kauman")
    assert page.url.endswith(VILLAGE)
    press_on(page, "Kabupaten Batang")
    assert page.locator("h1").inner_text().startswith("Kabupaten Batang")
    page.get_by_label("Cari wilayah").focus()
    page.keyboard.type("proyonanggan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/33.25.11.1016/")


def press_on(page: Page, name: str) -> None:
    """Go to a link with the Tab key alone, and press Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            break
    else:
        raise AssertionError(f"no link {name} is reached by Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_family_that_answers_changes_its_village_on_an_open_page(
    resident: Resident, opened: Opened
) -> None:
    town.lay_out()
    town.expect("3325111015", 1, 5)
    page = opened(Role.DISTRICT, "33.25.11", VILLAGE)
    persons = page.locator("#live section").first.locator("tbody tr").nth(1).locator("td")
    expect(persons.nth(2)).to_have_text("0")
    # Whoever stands on a link stays there when the figures change.
    page.get_by_role("link", name="Excel").nth(1).focus()
    page.evaluate("window.neverLoadedAgain = true")
    resident.begin().identify().answer_card()
    resident.fill_until("summary")
    resident.send()
    page.evaluate(ASK_NOW)
    expect(persons.nth(2)).to_have_text("5")
    expect(persons.nth(3)).to_have_text("100,0\u00a0%")
    assert page.evaluate("window.neverLoadedAgain")
    assert page.evaluate("document.activeElement.textContent") == "Excel"
    assert page.refused == []  # type: ignore[attr-defined]


def test_asking_again_costs_next_to_nothing_while_nothing_changes(opened: Opened) -> None:
    town.lay_out()
    page = opened(Role.DISTRICT, "33.25.11", VILLAGE)
    with page.expect_response(lambda answer: "/angka/" in answer.url) as answered:
        page.evaluate(ASK_NOW)
    assert answered.value.status == 304
    assert answered.value.headers.get("content-length", "0") == "0"


def test_the_wall_says_of_when_its_figures_are_and_recovers(opened: Opened) -> None:
    town.lay_out()
    town.expect("3325111015", 100, 400)
    page = opened(Role.PROVINCE, "33", f"{PROGRESS}dinding/33/", WALL)
    persons = page.locator(".figure").first
    expect(persons).to_have_text("0")
    expect(page.locator(".clock")).to_have_text(re.compile(r"^\d\d\.\d\d\.\d\d$"))
    page.context.set_offline(True)
    page.evaluate(ASK_NOW)
    stale = page.get_by_text("Sambungan ke server terputus")
    expect(stale).to_be_visible()
    town.respond("3325111015", 2, 8)
    page.context.set_offline(False)
    page.evaluate(ASK_NOW)
    expect(stale).to_be_hidden()
    expect(persons).to_have_text("8")


def test_who_is_signed_out_is_told_so_and_the_figures_stay(opened: Opened) -> None:
    town.lay_out()
    page = opened(Role.DISTRICT, "33.25.11", VILLAGE)
    page.context.clear_cookies()
    page.evaluate(ASK_NOW)
    expect(page.get_by_text("Anda sudah keluar.")).to_be_visible()
    expect(page.locator("#live table").first).to_be_visible()


def test_pages_of_progress_have_no_barrier_at_a_desk_and_on_a_phone(opened: Opened) -> None:
    regency()
    own = f"{PROGRESS}wilayah/33.25/?urut=-persons_percent"
    for size, name in ((DESK, "progress-desk"), (PHONE, "progress-phone")):
        page = opened(Role.REGENCY, "33.25", own, size)
        show_charts(page)
        look_at(page, name)
    page.goto(page.url.replace("wilayah/33.25/?urut=-persons_percent", "cari/?cari=batang"))
    look_at(page, "progress-search-phone")


def test_the_wall_can_be_read_from_afar_and_has_no_barrier(opened: Opened) -> None:
    regency()
    now = timezone.now().replace(second=0, microsecond=0)
    sample(at=now)
    Sample.objects.bulk_create(
        Sample(
            area=each.area,
            at=now - timedelta(minutes=ago),
            responded_families=each.responded_families - ago * (20 + ago % 7),
        )
        for each in Sample.objects.all()
        for ago in range(1, 62)
    )
    page = opened(Role.REGENCY, "33.25", f"{PROGRESS}dinding/33.25/", WALL)
    look_at(page, "wall")
    # A character's height of 1/50 of the picture's is read at five metres on a screen of 55 inches.
    sizes = page.evaluate(
        "[...document.querySelectorAll('.wall *')]"
        ".filter((each) => each.textContent.trim() && !each.children.length)"
        ".map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= WALL[1] / 36
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    phone = opened(Role.REGENCY, "33.25", f"{PROGRESS}dinding/33.25/", PHONE)
    look_at(phone, "wall-phone")
