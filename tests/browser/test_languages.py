"""Every language in the browser: a whole interview, the switch by keyboard, and mirrored pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from cacah.collection import shell
from cacah.collection.models import Submission

from .resident import Resident, field_id

NARROW = {"width": 320, "height": 640}


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_it_works_in_javanese_from_the_first_page_to_the_last(resident: Resident) -> None:
    page = resident.page
    resident.begin("jv")
    assert page.url.endswith("/jv/isi/#identify")
    assert resident.heading == "Padosi kulawarga panjenengan"
    resident.identify()
    page.wait_for_selector("#f-card-month")
    assert page.locator("#f-card-month option").nth(5).inner_text() == "Mei"
    resident.answer_card().fill_until("summary")
    expect(page.locator("main")).to_contain_text("Kepala kulawarga")
    resident.send()
    assert Submission.objects.get().persons == 5
    expect(page.locator("main")).to_contain_text("5 tiyang")


def test_it_changes_to_sundanese_by_keyboard_on_a_narrow_phone(resident: Resident) -> None:
    page = resident.page
    page.set_viewport_size(NARROW)
    resident.begin()
    page.fill("#f-nik", resident.nik)
    page.locator(".languages summary").focus()
    page.keyboard.press("Enter")
    assert not overflow(page)
    links = page.locator(".languages a")
    assert links.all_inner_texts() == [name for code, name in settings.LANGUAGES if code != "id"]
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    for _ in range(links.count()):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Milari kulawargi Anjeun")
    expect(page.locator("#f-nik")).to_have_value(resident.nik)
    assert page.evaluate("document.activeElement.textContent") == "Basa Sunda"
    assert page.evaluate("document.documentElement.lang") == "su"


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_no_page_is_wider_than_a_narrow_phone(resident: Resident, code: str) -> None:
    page = resident.page
    page.set_viewport_size(NARROW)
    resident.begin(code)
    assert not overflow(page)
    resident.identify().skip_card()
    assert not overflow(page)
    resident.go_on()
    assert not overflow(page)


@pytest.fixture
def mirrored(site: str, page: Page, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Take English for a language that is written from right to left."""
    monkeypatch.setattr(settings, "LANGUAGES_BIDI", ["en"])
    urls = shell.assets()

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=shell.form_page("en", urls))

    # The service worker would answer in place of the test.
    page.add_init_script("Object.defineProperty(navigator, 'serviceWorker', { value: undefined })")
    for address in (urls.forms["en"], "/en/isi/"):
        page.route(f"**{address}", answer)
    return page


def test_a_language_written_from_right_to_left_mirrors_the_pages(
    mirrored: Page, resident: Resident
) -> None:
    page, place = mirrored, field_id("family/address/at_registered")
    page.set_viewport_size(NARROW)
    resident.begin("en")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert sides(page)("header .brand", "header summary") == ("right", "left")
    assert not overflow(page)
    resident.identify().skip_card()
    assert sides(page)(".task a", ".task .state") == ("right", "left")
    assert not overflow(page)
    resident.go_on()
    assert sides(page)(f"input[name='{place}']", f"label:has(input[name='{place}']) span") == (
        "right",
        "left",
    )
    assert not overflow(page)


def test_a_change_of_language_turns_the_page_around(mirrored: Page, resident: Resident) -> None:
    resident.begin()
    assert sides(mirrored)("header .brand", "header summary") == ("left", "right")
    mirrored.locator(".languages summary").click()
    mirrored.get_by_role("link", name="English").click()
    expect(mirrored.locator("h1")).to_have_text("Find your family")
    assert sides(mirrored)("header .brand", "header summary") == ("right", "left")


def sides(page: Page) -> Callable[[str, str], tuple[str, str]]:
    """Return a reader of which of two elements stands on the left, which on the right."""

    def read(first: str, second: str) -> tuple[str, str]:
        boxes = [page.locator(each).first.bounding_box() for each in (first, second)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        left = boxes[0]["x"] < boxes[1]["x"]
        return ("left", "right") if left else ("right", "left")

    return read


def test_a_change_of_language_that_comes_only_in_part_changes_nothing(resident: Resident) -> None:
    page = resident.page
    # The words come through the service worker where there is one, past the route below.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    resident.open("/isi/").page.wait_for_selector("#f-nik")
    page.get_by_role("button", name="Saya punya kode lanjut").click()
    page.wait_for_selector("#f-code")
    page.route("**/words-en*", lambda route: route.abort())
    page.locator(".languages summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator(".saved")).to_contain_text("Sambungan internet")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    page.unroute("**/words-en*")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Enter your continue code")
