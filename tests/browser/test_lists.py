"""Long lists: what is typed and not on the list is neither lost nor silently dropped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .resident import Resident, field_id

OCCUPATION = field_id("person[1]/work/occupation")
OTHER = field_id("person[1]/work/occupation_other")
ABSENT = "tukang gali sumur"


@pytest.fixture
def work(resident: Resident) -> Iterator[Page]:
    """Stand at the page on the work of the head, the occupation not chosen yet."""
    resident.begin().identify().answer_card()
    resident.fill_until("page:person[1]/work")
    yield resident.page


def test_it_keeps_what_is_not_on_the_list_and_offers_the_other_choice(work: Page) -> None:
    box = work.locator(f"#{OCCUPATION}")
    box.press_sequentially(ABSENT)
    box.press("Tab")
    expect(box).to_have_value(ABSENT)
    expect(work.locator(".absent")).to_contain_text("tidak ada dalam daftar")
    work.get_by_role("button", name="Pilih “Pekerjaan lain”").click()
    expect(box).to_have_value("Pekerjaan lain")
    expect(work.locator(f"#{OTHER}")).to_have_value(ABSENT)
    expect(work.locator(f"#{OTHER}")).to_be_focused()
    expect(work.locator(".absent")).to_be_hidden()


def test_it_never_goes_on_with_a_text_that_is_not_on_the_list(work: Page) -> None:
    box = work.locator(f"#{OCCUPATION}")
    box.press_sequentially("perawat")
    box.press("Enter")
    box.fill(ABSENT)
    box.press("Enter")
    expect(box).to_have_value(ABSENT)
    expect(work.locator(".absent")).to_be_visible()
    expect(work.locator(".errors")).to_have_count(0)
    work.locator("main .actions .main").click()
    expect(work.locator(".errors")).to_contain_text("Pilih pekerjaan")
    expect(box).to_have_value(ABSENT)


def test_it_takes_the_only_match_at_enter_and_stays_on_the_page(work: Page) -> None:
    box = work.locator(f"#{OCCUPATION}")
    box.press_sequentially("bida")
    expect(work.locator("[role=option]")).to_have_count(1)
    found = work.locator("[role=option]").inner_text()
    box.press("Enter")
    expect(box).to_have_value(found)
    expect(work.locator("[role=option]:visible")).to_have_count(0)
    expect(work.locator(".errors")).to_have_count(0)


@pytest.mark.parametrize("typed", ["peraj", ABSENT])
def test_it_opens_the_whole_list_at_the_first_click(work: Page, typed: str) -> None:
    work.locator(f"#{OCCUPATION}").press_sequentially(typed)
    button = work.get_by_role("button", name="Pilih dari daftar lengkap").bounding_box()
    assert button
    work.mouse.move(button["x"] + 20, button["y"] + button["height"] / 2)
    work.mouse.down()
    work.mouse.up()
    expect(work.locator(f"select#{OCCUPATION}")).to_be_focused()
    expect(work.get_by_text("Ketik beberapa huruf")).to_have_count(0)


def test_it_keeps_the_own_words_of_an_answer_that_is_hidden_meanwhile(work: Page) -> None:
    box = work.locator(f"#{OCCUPATION}")
    box.fill("Pekerjaan lain")
    box.press("Enter")
    work.fill(f"#{OTHER}", "penggali sumur")
    box.fill("Perawat")
    box.press("Tab")
    expect(work.locator(f"#{OTHER}")).to_have_count(0)
    work.reload()
    box.fill("Pekerjaan lain")
    box.press("Tab")
    expect(work.locator(f"#{OTHER}")).to_have_value("penggali sumur")


def test_it_still_has_what_was_typed_after_the_page_was_left(work: Page) -> None:
    box = work.locator(f"#{OCCUPATION}")
    box.press_sequentially(ABSENT)
    work.get_by_role("link", name="Kembali").click()
    expect(box).to_have_count(0)
    work.go_back()
    expect(box).to_have_value(ABSENT)
    expect(work.locator(".absent")).to_contain_text("tidak ada dalam daftar")
    work.reload()
    expect(box).to_have_value(ABSENT)
    work.get_by_role("button", name="Pilih “Pekerjaan lain”").click()
    expect(work.locator(f"#{OTHER}")).to_have_value(ABSENT)
    work.reload()
    expect(box).to_have_value("Pekerjaan lain")
