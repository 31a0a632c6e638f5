"""A full house in the browser: a place, an estimate, and going on by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cacah.collection import admission
from cacah.collection.admission import Room
from cacah.collection.waiting.line import SECOND

from .register import register
from .resident import PHONE, Resident


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A full house: 1,204 families stand before whoever comes now."""
    room = Room()
    room.is_full = True
    first = room.clock() // SECOND - 5
    room.line = type(room.line).of(first * SECOND, [(first, 1204)])
    room.pace = type(room.pace)(rate=600.0, speed=600.0)
    monkeypatch.setattr(admission, "_room", room)
    yield room


def call_everybody(room: Room) -> None:
    room.line = type(room.line).of(room.clock() + SECOND, [])


def test_it_shows_the_place_and_goes_on_by_itself(room: Room, resident: Resident) -> None:
    page = resident.page
    resident.begin().identify()
    expect(page.locator("h1")).to_have_text("Sedang banyak keluarga yang mengisi")
    expect(page.locator("main .number")).to_have_text("Nomor antrean Anda: 1.205")
    expect(page.get_by_role("status")).to_contain_text("Kurang dari satu menit lagi.")
    call_everybody(room)
    expect(page.get_by_role("heading", level=1)).to_contain_text("lahir")
    assert page.evaluate("sessionStorage.getItem('place')") in (None, "null")
    resident.answer_card()


def test_the_place_is_kept_when_the_page_is_loaded_again(room: Room, resident: Resident) -> None:
    page = resident.page
    resident.begin().identify()
    expect(page.locator("main .number")).to_be_visible()
    kept = page.evaluate("sessionStorage.getItem('place')")
    page.reload()
    resident.identify()
    expect(page.locator("main .number")).to_have_text("Nomor antrean Anda: 1.205")
    assert page.evaluate("sessionStorage.getItem('place')") == kept


def test_without_a_script_the_page_asks_again_by_itself(
    room: Room, browser: Browser, site: str, five: dict
) -> None:
    register(five)
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=False)
    page: Page = context.new_page()
    page.goto(site + "/polos/")
    expect(page.locator("main .number")).to_have_text("Nomor antrean Anda: 1.205")
    assert "/antre/?tempat=" in page.url
    call_everybody(room)
    expect(page.locator("input[name=nik]")).to_be_visible()
    context.close()
