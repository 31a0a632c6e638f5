"""What the door refuses, and the way on from there."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, Route, expect

from cacah.collection import pages, window
from cacah.registry.actions import set_census

from .conftest import moments
from .resident import Resident, field_id


def refuse(page: Page, path: str, status: int, **problem: Any) -> None:
    """Let the door's next answer at this path be a problem."""

    def answer(route: Route) -> None:
        headers = {"content-type": "application/problem+json"}
        route.fulfill(status=status, headers=headers, body=json.dumps(problem))

    page.route(path, answer, times=1)


def test_it_asks_for_both_numbers_again_when_the_session_has_ended(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("confirm")
    refuse(page, "**/api/submit", 403, code="session-expired", title="Too late")
    resident.main_button.click()
    expect(page.get_by_text("Sudah cukup lama sejak Anda mulai")).to_be_visible()
    resident.identify()
    assert resident.receipt_number()


def test_it_leads_from_the_doors_refusal_to_the_answer(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("confirm")
    path = "person[4]/identity/name"
    problem = {"code": "constraint", "path": path, "message": "Periksa lagi nama ini"}
    refuse(page, "**/api/submit", 422, code="answers-refused", title="No", problems=[problem])
    resident.main_button.click()
    page.get_by_role("link", name="Dewi Lestari: Periksa lagi nama ini").click()
    expect(page.locator(f"#{field_id(path)}")).to_be_focused()
    expect(page.locator(f"#{field_id(path)}-error")).to_contain_text("Periksa lagi nama ini")
    page.fill(f"#{field_id(path)}", "Dewi Lestari Putri")
    resident.main_button.click()
    resident.answers[field_id(path)] = "Dewi Lestari Putri"
    assert resident.send()


def test_it_opens_the_new_form_with_the_old_answers(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("confirm")
    refuse(page, "**/api/submit", 409, code="instrument-changed", title="New")
    resident.main_button.click()
    page.get_by_role("button", name="Buka formulir baru").click()
    expect(page.locator("h1")).to_have_text("Kirim jawaban keluarga ini?")
    assert resident.send()


def test_it_keeps_trying_while_the_census_is_busy(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("confirm")
    refuse(page, "**/api/submit", 503, code="try-later", title="Busy")
    resident.main_button.click()
    expect(page.get_by_text("Layanan sensus sedang ramai")).to_be_visible()
    assert resident.try_again().receipt_number()


def test_it_keeps_the_answers_when_the_window_closes_meanwhile(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card()
    refuse(page, "**/api/identify", 403, code="closed", closes_at="2020-05-29T17:00:00Z")
    set_census(**moments("closed"))
    window.forget()
    pages.forget()
    page.get_by_role("button", name="Berhenti dulu").click()
    page.get_by_role("button", name="Ke halaman awal").click()
    page.wait_for_url(resident.site + "/")
    page.goto(resident.site + "/isi/")
    expect(page.get_by_text("ada jawaban yang belum dikirim")).to_be_visible()
    resident.identify()
    expect(page.locator("h1")).to_have_text("Pengisian daring sudah ditutup")
    assert "30 Mei 2020" in page.locator("main").inner_text()


def test_it_slows_guessing_and_lets_honest_people_through(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    for last in "123456":
        resident.identify(kk="332511010203049" + last)
        page.wait_for_selector(".errors")
        page.wait_for_function("() => !document.querySelector('[aria-disabled=true]')")
    heading = page.locator(".errors h2").inner_text()
    assert "Terlalu banyak percobaan" in heading


def test_it_says_when_the_number_of_the_proof_is_another_familys(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card().send()
    page.goto(resident.site + "/isi/")
    resident.identify()
    page.wait_for_url("**#already")
    resident.main_button.click()
    page.fill("#f-receipt", "7XK2-9QPM-4TDR-2")
    resident.identify()
    expect(page.locator(".errors h2")).to_contain_text("bukan milik keluarga ini")


def test_it_says_a_wrong_card_answer_costs_nothing(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().type_a_wrong_card_answer()
    resident.main_button.click()
    expect(page.locator(".errors h2")).to_contain_text("berbeda dengan yang tercatat di KK")
    resident.skip_card()


def test_it_proves_work_where_the_door_asks_for_it(resident: Resident) -> None:
    """The challenge is the real library's; only that it is asked for is arranged here."""
    import altcha

    page, proofs = resident.page, []
    options = altcha.ChallengeOptionsV1(hmac_key="secret", max_number=3000)
    challenge = altcha.create_challenge_v1(options).to_dict()

    def take(route: Route) -> None:
        proofs.append(route.request.post_data_json.get("proof"))
        route.continue_()

    resident.begin()
    page.route("**/api/identify", take)
    refuse(page, "**/api/identify*", 429, code="slow-down", title="Slow", challenge=challenge)
    resident.identify()
    page.wait_for_selector(".errors, #f-card-month")
    assert altcha.verify_solution_v1(proofs[-1], "secret", True)[0]


def test_it_removes_the_answers_from_a_shared_device(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card()
    page.get_by_role("button", name="Berhenti dulu").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Hapus dari perangkat ini").click()
    page.wait_for_url(resident.site + "/")
    page.goto(resident.site + "/isi/")
    page.wait_for_selector("#f-nik")
    expect(page.get_by_text("ada jawaban yang belum dikirim")).to_be_hidden()


def test_it_lets_a_choice_be_made_from_the_plain_list_too(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().answer_card()
    resident.fill_until("page:person[1]/origin")
    identifier = field_id("person[1]/origin/ethnic")
    page.locator(f"#{identifier}").press_sequentially("jaw")
    expect(page.locator("[role=option]").first).to_contain_text("Jawa")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Pilih dari daftar lengkap").click()
    page.locator(f"select#{identifier}").select_option("jawa")
    resident.go_on()
    assert resident.where() == "page:person[1]/belief"
