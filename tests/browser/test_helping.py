"""Help on every page of the form, and the wish to be visited."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from cacah.registry.models import Unlisted, VisitRequest

from .resident import Resident


def open_help(page: Page) -> None:
    page.locator("main > .help > summary").click()
    page.wait_for_selector("main > .help p")


def ask_for_a_visit(page: Page) -> None:
    open_help(page)
    page.get_by_role("button", name="Saya tidak bisa mengisi: mohon didatangi").click()


def test_it_helps_on_every_page_of_the_form(resident: Resident) -> None:
    page, helped = resident.page, []
    resident.begin().identify().answer_card()
    while not resident.where().startswith("page:person[2]"):
        open_help(page)
        help_here = page.locator("main > .help")
        expect(help_here.locator("a[href='tel:1500123']")).to_be_visible()
        expect(help_here).to_contain_text("08.00–20.00 WIB")
        helped.append(resident.where())
        if helped[-1].startswith("page:"):
            resident.fill_page()
        resident.go_on()
    assert len(set(helped)) >= 20


def test_it_brings_an_officer_to_a_family_that_asks(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card()
    resident.go_on()
    ask_for_a_visit(page)
    page.get_by_role("button", name="Minta didatangi").click()
    expect(page.locator(".errors li")).to_have_count(1)
    page.locator("input[value=no_signal]").check()
    page.fill("#f-contact", "0812 3456 7890")
    page.route("**/api/visit", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Minta didatangi").click()
    resident.try_again()
    expect(page.locator("h1")).to_have_text("Anda akan didatangi")
    assert VisitRequest.objects.get().reason == "no_signal"
    page.reload()
    expect(page.locator("main")).to_contain_text("Permintaan Anda kami catat")


def test_it_brings_an_officer_to_somebody_without_numbers(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    ask_for_a_visit(page)
    expect(page.locator("h1")).to_have_text("Mohon keluarga saya didatangi")
    sent = []

    def see(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.continue_()

    # Before the page is loaded, as a service worker lets nothing be seen by what comes later.
    page.route("**/api/unlisted", see)
    resident.open("/")
    page.get_by_role("link", name="Saya tidak bisa mengisi: mohon didatangi").click()
    expect(page.locator("h1")).to_have_text("Mohon keluarga saya didatangi")
    page.fill("#f-who", "Wahyuni")
    page.fill("#f-count", "2")
    page.locator("#f-village").press_sequentially("kedungmalang")
    page.locator("[role=option]").first.click()
    page.fill("#f-where", "Dukuh Krajan")
    page.get_by_role("button", name="Kirim keterangan ini").click()
    page.wait_for_selector(".panel .number")
    assert sent[0]["visit"] is True
    assert Unlisted.objects.count() == 1


def test_it_names_the_help_line_where_people_come_first(resident: Resident) -> None:
    for path in ("/", "/en/", "/bukti/", "/isi/"):
        resident.open(path)
        expect(resident.page.locator("footer")).to_contain_text("1500 123")
        expect(resident.page.locator("footer")).to_contain_text("08.00–20.00 WIB")
