"""Families that the register does not have: what to check, leaving word, and answering at once."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, Route, expect

from cacah.collection.models import Submission
from cacah.registry.models import Case, Household, Unlisted

from .barriers import barriers
from .resident import Resident
from .test_keyboard import Keyboard

OTHER_CARD = "3325110102030499"


def miss(resident: Resident, kk: str = OTHER_CARD) -> None:
    """Type numbers that do not belong together, and wait for what to check."""
    resident.identify(kk=kk)
    resident.page.wait_for_selector(".errors .checks")


def choose_village(page: Page, text: str) -> None:
    """Type as people do, and take the first village by keyboard only."""
    page.locator("#f-village").press_sequentially(text)
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def describe(page: Page, *, persons: str = "1", contact: str = "") -> None:
    page.fill("#f-who", "Wahyuni")
    page.fill("#f-count", persons)
    choose_village(page, "kedungmalang wonotungal")
    page.fill("#f-where", "Dukuh Krajan RT 2, sebelah musala")
    page.fill("#f-contact", contact)


def leave_word(page: Page) -> str:
    """Send the details; return the reference number."""
    page.get_by_role("button", name="Kirim keterangan ini").click()
    page.wait_for_selector(".panel .number")
    return page.locator(".panel .number").inner_text()


def test_it_says_what_to_check_and_offers_the_way_on(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    miss(resident)
    box = page.locator(".errors")
    expect(box).to_contain_text("3325 1101 0203 0499")
    expect(box).to_contain_text("Coba nomor KK yang lama")
    expect(box.locator("button.link")).to_have_text("Keluarga saya tidak ditemukan")
    miss(resident, "3325110102030498")
    expect(page.locator(".errors button.main")).to_have_text("Keluarga saya tidak ditemukan")
    # Day 45 can be in a woman's NIK and on no family card.
    resident.identify(nik="3325111111800001", kk="3325114503820002")
    expect(page.locator(".errors .checks")).to_contain_text("tertukar tempat")
    resident.identify(nik="3325113913800001", kk="3325111503820002")
    expect(page.locator(".errors .checks")).to_contain_text("selalu tanggal lahir")


def test_it_takes_a_family_that_is_not_found_to_a_proof_that_says_to_be_verified(
    resident: Resident,
) -> None:
    page = resident.page
    resident.begin()
    miss(resident)
    page.locator(".errors button.link").click()
    page.wait_for_selector("#f-who")
    page.get_by_role("button", name="Kirim keterangan ini").click()
    expect(page.locator(".errors li")).to_have_count(4)
    describe(page, contact="0812 3456 7890")
    reference = leave_word(page)
    assert re.fullmatch(r"(\w{4}-){3}\S", reference)
    page.reload()
    expect(page.locator(".panel .number")).to_have_text(reference)
    page.get_by_role("button", name="Isi sekarang juga").click()
    page.wait_for_selector(".tasks")
    receipt = resident.send()
    expect(page.locator(".panel")).to_contain_text("Perlu diperiksa petugas sensus")
    assert not barriers(resident.page)
    assert Submission.objects.get().to_be_verified
    assert Unlisted.objects.count() == 1
    assert Case.objects.get(household_id=Unlisted.objects.get().household_id).state == "unlisted"
    page.goto(resident.site + "/isi/")
    page.wait_for_selector("#f-nik")
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.get_by_role("button", name="Saya sudah punya nomor acuan").click()
    page.fill("#f-reference", reference)
    resident.main_button.click()
    page.get_by_role("button", name="Perbaiki jawaban dengan nomor").click()
    expect(page.locator("#f-reference")).to_have_value(reference)
    page.fill("#f-receipt", receipt)
    resident.main_button.click()
    page.wait_for_selector(".tasks")


def test_it_takes_people_without_any_number(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.wait_for_selector("#f-who")
    describe(page)
    leave_word(page)
    page.get_by_role("button", name="Selesai").click()
    page.wait_for_url(resident.site + "/")
    page.goto(resident.site + "/isi/")
    page.wait_for_selector("#f-nik")
    assert Unlisted.objects.count() == 1


def test_it_loses_nothing_and_reports_once_when_the_connection_breaks(
    resident: Resident, context: BrowserContext
) -> None:
    page, keys = resident.page, []
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.wait_for_selector("#f-who")
    describe(page)

    def lose_the_answer(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        route.fetch()
        route.abort()

    page.route("**/api/unlisted", lose_the_answer, times=1)
    page.get_by_role("button", name="Kirim keterangan ini").click()
    page.get_by_role("button", name="Coba lagi sekarang").wait_for()
    expect(page.locator("main")).to_contain_text("aman di perangkat ini")
    first = Unlisted.objects.get().household_id
    page.close()
    again = context.new_page()

    def see(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        route.continue_()

    again.route("**/api/unlisted", see)
    again.goto(resident.site + "/isi/")
    again.wait_for_selector(".panel .number")
    assert keys[0] == keys[1]
    assert Unlisted.objects.get().household_id == first
    assert Household.objects.filter(id__lt=0).count() == 1


def test_it_keeps_the_details_while_there_is_no_connection_to_search_with(
    resident: Resident, context: BrowserContext
) -> None:
    page = resident.page
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.fill("#f-who", "Wahyuni")
    context.set_offline(True)
    page.locator("#f-village").press_sequentially("kedungmalang")
    expect(page.get_by_text("Belum ada sambungan untuk mencari")).to_be_visible()
    context.set_offline(False)
    page.locator("#f-village").press_sequentially(" ")
    page.locator("#f-village").press_sequentially("wono")
    expect(page.locator("[role=option]").first).to_contain_text("Kedungmalang")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Pilih salah satu dari daftar untuk")).to_be_visible()
    page.reload()
    page.wait_for_selector("#f-who")
    expect(page.locator("#f-who")).to_have_value("Wahyuni")


def test_it_shows_the_villages_of_the_newest_text_however_late_older_answers_come(
    resident: Resident,
) -> None:
    page, held = resident.page, []
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.wait_for_selector("#f-village")
    page.route("**/api/areas?q=kedung&*", lambda route: held.append(route))
    with page.expect_request("**/api/areas?q=kedung&*"):
        page.locator("#f-village").press_sequentially("kedung")
    page.fill("#f-village", "sidayu bandar batang")
    expect(page.locator("[role=option]").first).to_contain_text("Sidayu")
    with page.expect_response("**/api/areas?q=kedung&*"):
        held[0].continue_()
    expect(page.locator("[role=option]").first).to_contain_text("Sidayu")


def test_it_goes_on_elsewhere_with_the_reference_number(
    resident: Resident, context: BrowserContext
) -> None:
    page = resident.page
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.wait_for_selector("#f-who")
    describe(page)
    reference = leave_word(page)
    page.get_by_role("button", name="Selesai").click()
    page.wait_for_url(resident.site + "/")
    resident.begin()
    page.get_by_role("button", name="tidak punya NIK dan KK").click()
    page.get_by_role("button", name="Saya sudah punya nomor acuan").click()
    page.fill("#f-reference", "7XK2-9QPM-4TDR-2")
    resident.main_button.click()
    expect(page.locator(".errors")).to_be_visible()
    page.fill("#f-reference", reference)
    resident.main_button.click()
    page.wait_for_selector(".tasks")
    expect(page.get_by_role("link", name="Wahyuni")).to_be_visible()


def test_it_can_be_done_with_the_keyboard_alone(resident: Resident) -> None:
    resident.begin()
    keyboard = Keyboard(resident)

    def tab_to(words: str) -> None:
        here = keyboard.focus()
        while here["id"] != words and not (here["tag"] == "BUTTON" and words in here["text"]):
            keyboard.press("Tab")
            here = keyboard.focus()

    tab_to("tidak punya NIK dan KK")
    keyboard.press("Enter")
    resident.page.wait_for_selector("#f-who")
    for field, text in (
        ("f-who", "Wahyuni"),
        ("f-count", "4"),
        ("f-village", "kdungmalang wonotungal"),
    ):
        tab_to(field)
        resident.page.keyboard.type(text)
    resident.page.wait_for_selector("[role=option]")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    assert keyboard.focus()["value"] == "Kedungmalang"
    tab_to("f-where")
    resident.page.keyboard.type("Dukuh Krajan")
    tab_to("Kirim keterangan ini")
    keyboard.press("Enter")
    resident.page.wait_for_selector(".panel .number")
    assert keyboard.focus()["tag"] == "H1"
    assert Household.objects.get(id__lt=0).persons == 4
