"""Errors say what is wrong in every field, in words that fit, and where to mend it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .resident import Resident, field_id

SITI = "person[2]"
BAR = """field => {
    const style = getComputedStyle(field), legend = field.querySelector("legend");
    return style.borderLeftWidth !== "0px" && getComputedStyle(legend).float === "left";
}"""


def at(page: Page, path: str) -> str:
    return f"#{field_id(path)}"


def test_it_takes_numbers_with_spaces_dots_and_hyphens(resident: Resident) -> None:
    page = resident.page
    spaced = f"{resident.nik[:4]} {resident.nik[4:8]}.{resident.nik[8:12]}-{resident.nik[12:]}"
    resident.begin().identify(nik=spaced, kk=f"{resident.kk[:8]}–{resident.kk[8:]}").answer_card()
    resident.fill_until(f"page:{SITI}/identity")
    nik = at(page, f"{SITI}/identity/nik")
    page.fill(nik, "3325 1112.0490-02")
    resident.main_button.click()
    expect(page.locator(nik + "-error")).to_contain_text("14 karakter")
    own = str(resident.answers[field_id(f"{SITI}/identity/nik")])
    page.fill(nik, f"{own[:6]} {own[6:12]} {own[12:]}")
    resident.go_on()
    assert resident.where() == f"page:{SITI}/role"


def test_it_says_how_often_the_card_question_may_still_be_tried(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().type_a_wrong_card_answer()
    for left in ("2 kali lagi", "satu kali lagi", "sudah habis"):
        resident.main_button.click()
        expect(page.locator(".errors")).to_contain_text(left)


def test_it_shows_every_error_of_a_date_beside_its_fields(resident: Resident) -> None:
    page, birth = resident.page, f"{SITI}/birth/birth_date"
    resident.begin().identify().answer_card()
    resident.fill_until(f"page:{SITI}/birth").fill_page()
    page.select_option(at(page, f"{birth}/birth_day"), "")
    page.select_option(at(page, f"{birth}/birth_month"), "")
    resident.main_button.click()
    error = page.locator(at(page, birth) + "-error")
    expect(error).to_contain_text("Pilih tanggal lahir")
    expect(error).to_contain_text("Pilih bulan lahir")
    expect(page.locator("[aria-invalid=true]")).to_have_count(2)
    expect(page.locator(".errors h2")).to_contain_text("2 hal yang perlu dilengkapi")
    assert page.locator("fieldset.wrong").first.evaluate(BAR)
    # On a narrow screen the year stands below, so that no name in the lists is cut off.
    for width, lines in ((320, 2), (360, 2), (480, 1)):
        page.set_viewport_size({"width": width, "height": 740})
        tops = page.eval_on_selector_all(
            "fieldset.wrong .part", "all => all.map(e => e.getBoundingClientRect().top)"
        )
        assert len(set(tops)) == lines, f"the date takes {len(set(tops))} lines at {width} pixels"
        field, year = (
            page.locator(each).bounding_box()
            for each in ("fieldset.wrong", at(page, f"{birth}/birth_year"))
        )
        assert field and year
        assert year["x"] + year["width"] <= field["x"] + field["width"]
        assert year["width"] >= 70


def test_it_folds_the_answers_of_whoever_is_complete(resident: Resident) -> None:
    page = resident.page
    since = f"{SITI}/residence/since"
    resident.answers[field_id(f"{since}/since_month")] = "98"
    year = field_id(f"{SITI}/birth/birth_date/birth_year")
    right, resident.answers[year] = resident.answers[year], 1878
    resident.begin().identify().answer_card().fill_until("summary", later=True)
    expect(page.locator(".errors h2")).to_contain_text("satu hal yang perlu diperbaiki")
    expect(page.locator("details.block[open]")).to_have_count(1)
    expect(page.locator("details.block[open] summary")).to_contain_text("Siti Aminah")
    expect(page.locator("details.block[open]")).to_contain_text("(bulan tidak diketahui)")
    page.locator(".errors a").click()
    page.fill(f"#{year}", str(right))
    resident.go_on()
    expect(page.locator("details.block[open]")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.block:not([open])").count() == 0
    page.get_by_role("button", name="Jawaban sudah benar").first.click()
    expect(page.locator("h1")).to_have_text("Kirim jawaban keluarga ini?")


def test_it_names_a_person_once_in_a_line_of_the_summary(resident: Resident) -> None:
    page = resident.page
    resident.answers[field_id(f"{SITI}/residence/since/since_year")] = 1900
    resident.begin().identify().answer_card().fill_until("summary", later=True)
    line = page.locator(".errors a").first.inner_text()
    assert line.count("Siti Aminah") == 1 and not line.endswith(".")


SIXTH = "() => location.hash.includes('person%5B6%5D')"


def test_who_says_that_somebody_is_missing_may_add_them_there_and_then(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("page:members/missed")
    add = page.get_by_role("button", name="Tambah orang")
    expect(add).to_have_count(0)
    resident.answers[field_id("members/missed/others")] = "1"
    resident.fill_page()
    expect(add).to_have_count(1)
    add.click()
    page.wait_for_function(SIXTH)


def test_the_overview_offers_to_add_who_is_missing(resident: Resident) -> None:
    page = resident.page
    resident.answers[field_id("members/missed/others")] = "1"
    resident.begin().identify().answer_card().fill_until("summary", later=True)
    page.get_by_role("button", name="Tambah orang").click()
    page.wait_for_function(SIXTH)
