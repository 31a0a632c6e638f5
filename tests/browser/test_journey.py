"""A family counts itself, on a phone, from the landing page to the proof."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from cacah.collection.models import Submission
from cacah.registry.models import Case

from .conftest import PHONE
from .resident import Resident, field_id

SLAMET = "person[1]"
SITI = "person[2]"


def choose(page: Page, path: str, value: str) -> None:
    page.locator(f"input[name='{field_id(path)}'][value='{value}']").check()


def open_member(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_it_leads_a_family_of_five_to_its_mistake_and_on_to_the_proof(resident: Resident) -> None:
    page = resident.page
    year = field_id(f"{SITI}/birth/birth_date/birth_year")
    right, resident.answers[year] = resident.answers[year], 1878
    resident.begin().identify().answer_card()
    resident.fill_until("summary", later=True)
    page.wait_for_selector(".errors")
    expect(page.locator(".errors li")).to_have_count(1)
    page.locator(".errors a").click()
    focused = page.evaluate("document.activeElement.id")
    assert focused.startswith(field_id(f"{SITI}/birth/birth_date"))
    assert page.locator(".field.wrong .error").is_visible()
    page.fill(f"#{year}", str(right))
    page.get_by_role("button", name="Simpan, lalu periksa jawaban").click()
    expect(page.locator(".errors")).to_have_count(0)
    assert resident.where() == "summary"
    number = resident.send()
    assert len(number) == 16
    assert Case.objects.get().state == "submitted"
    assert Submission.objects.get().persons == 5


def test_it_goes_on_where_it_was_after_a_reload(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card()
    open_member(page, "Slamet Riyadi")
    choose(page, f"{SLAMET}/stay/presence", "1")
    resident.go_on()
    page.fill(f"#{field_id(f'{SLAMET}/identity/name')}", "Slamet Riyadi Putra")
    before = resident.where()
    page.reload()
    page.wait_for_selector(f"#{field_id(f'{SLAMET}/identity/name')}")
    assert resident.where() == before
    name = page.locator(f"#{field_id(f'{SLAMET}/identity/name')}")
    expect(name).to_have_value("Slamet Riyadi Putra")
    resident.answers[field_id(f"{SLAMET}/identity/name")] = "Slamet Riyadi Putra"
    resident.send()
    page.reload()
    assert resident.receipt_number()
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 1
    page.goto(resident.site + "/isi/")
    expect(page.locator("main .note")).to_be_hidden()


def test_it_changes_the_language_without_losing_what_was_typed(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    page.fill("#f-nik", resident.nik)
    page.locator(".languages summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Find your family")
    expect(page.locator("#f-nik")).to_have_value(resident.nik)
    resident.identify().answer_card()
    open_member(page, "Siti Aminah")
    choose(page, f"{SITI}/stay/presence", "1")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Bahasa Indonesia", exact=True).click()
    expect(page.locator("h1")).to_have_text("Keberadaan")
    assert page.locator(
        f"input[name='{field_id(f'{SITI}/stay/presence')}'][value='1']"
    ).is_checked()
    assert page.url.endswith("/isi/#page%3Aperson%5B2%5D%2Fstay")
    assert page.locator("html").get_attribute("lang") == "id"


def test_it_keeps_what_was_emptied_empty_and_what_is_hidden_safe(resident: Resident) -> None:
    page, nik = resident.page, f"#{field_id(f'{SLAMET}/identity/nik')}"
    resident.begin().identify().answer_card()
    open_member(page, "Slamet Riyadi")
    choose(page, f"{SLAMET}/stay/presence", "1")
    resident.go_on()
    expect(page.locator(nik)).to_have_value(resident.nik)
    page.fill(nik, "")
    page.fill(f"#{field_id(f'{SLAMET}/identity/name')}", "Slamet R")
    page.go_back()
    choose(page, f"{SLAMET}/stay/presence", "3")
    page.reload()
    choose(page, f"{SLAMET}/stay/presence", "1")
    resident.go_on()
    expect(page.locator(nik)).to_have_value("")
    expect(page.locator(f"#{field_id(f'{SLAMET}/identity/name')}")).to_have_value("Slamet R")


def test_it_works_in_english_from_the_first_page_to_the_last(resident: Resident) -> None:
    resident.begin("en").identify().skip_card().send()
    assert resident.heading == "Received. Here is your proof"
    assert "5 people" in resident.page.locator("main").inner_text()


def test_it_tells_a_second_device_and_lets_it_correct_with_the_number(
    resident: Resident, browser: Browser, site: str, five: dict[str, Any]
) -> None:
    with browser.new_context(viewport=PHONE) as other:
        second = Resident(other.new_page(), site, five)
        second.begin().identify().skip_card()
        number = resident.begin().identify().answer_card().send()
        second.fill_until("confirm").main_button.click()
        expect(second.page.locator("h1")).to_have_text("Keluarga ini sudah mengisi")
        assert "5 orang" in second.page.locator("main").inner_text()
        second.main_button.click()
        second.page.fill("#f-receipt", number.lower().replace("-", " "))
        second.identify()
        second.page.wait_for_function("() => !document.getElementById('f-receipt')")
        assert second.where() == "confirm", "what was filled in on the second device is kept"
        corrected = second.send()
    assert corrected != number
    assert Case.objects.get().revision == 2


def test_it_waits_for_a_signal_and_sends_exactly_once(
    resident: Resident, context: BrowserContext
) -> None:
    page, sent = resident.page, []
    resident.begin().identify().answer_card().fill_until("confirm")

    def lose(route: Route) -> None:
        """Let the door take it, and lose its answer on the way back."""
        sent.append(route.request.post_data_json["key"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/submit", lose)
    resident.main_button.click()
    expect(page.get_by_text("Belum ada sinyal")).to_be_visible()
    page.reload()
    number = resident.receipt_number()
    assert len(number) == 16
    assert len(sent) == 2 and len(set(sent)) == 1
    assert Submission.objects.count() == 1


def test_it_removes_an_added_person_and_takes_that_back(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card()
    page.get_by_role("button", name="Tambah orang").click()
    page.fill(f"#{field_id('person[6]/identity/name')}", "Kartini")
    page.go_back()
    page.wait_for_selector(".tasks")
    open_tasks = page.locator(".tasks").last
    expect(open_tasks).to_contain_text("Kartini")
    page.get_by_role("button", name="Hapus Kartini").click()
    expect(page.locator(".tasks").last).not_to_contain_text("Kartini")
    page.get_by_role("button", name="Batalkan").click()
    expect(page.locator(".tasks").last).to_contain_text("Kartini")


def test_it_takes_a_remark_for_an_unusual_answer(resident: Resident) -> None:
    page = resident.page
    resident.answers[field_id("person[1]/work/occupation")] = "dokter"
    resident.begin().identify().answer_card()
    for _ in range(80):
        if page.locator(".note.warning").count() or resident.where() == "confirm":
            break
        if resident.where().startswith("page:"):
            resident.fill_page()
            if page.locator(".note.warning").count():
                break
        resident.go_on()
    resident.main_button.click()
    expect(page.locator(".errors")).to_be_visible()
    page.locator(".errors a").click()
    page.keyboard.type("Ijazahnya sedang diproses")
    assert resident.send()
