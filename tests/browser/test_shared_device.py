"""A device that many use: nothing of a family stays on it, nor on its screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .resident import Resident, field_id
from .test_on_this_device import everything_kept
from .test_without_a_signal import wait_for_worker


def assert_nothing_is_left(resident: Resident) -> None:
    """Neither stores, nor storages, nor caches, nor the history know of the family."""
    kept = everything_kept(resident)
    assert not any(rows for name, rows in kept["stores"].items() if name != "keys")
    assert kept["storage"] == {}
    assert not [path for path in kept["cached"] if not path.startswith("/static/form/")]
    assert resident.page.evaluate("history.state") is None
    for secret in ("Slamet", "Siti", resident.nik, resident.kk):
        assert secret not in str(kept) + resident.page.content()


@pytest.mark.parametrize("way", ["by its address", "by choice"])
def test_it_leaves_nothing_after_sending(resident: Resident, way: str) -> None:
    page = resident.page
    if way == "by its address":
        resident.open("/isi/?bersama=1")
    else:
        resident.begin()
        page.get_by_text("Perangkat ini dipakai bersama").click()
    expect(page.get_by_text("Perangkat bersama: tidak ada yang disimpan")).to_be_visible()
    resident.identify().answer_card()
    wait_for_worker(resident)
    expect(page.locator(".saved")).to_contain_text("Tidak disimpan di perangkat bersama ini")
    resident.send()
    expect(page.get_by_role("link", name="PDF")).to_be_hidden()
    page.get_by_role("button", name="Selesai, bersihkan halaman ini").click()
    page.wait_for_selector("#f-nik")
    assert page.url.endswith("/isi/?bersama=1#identify")
    assert_nothing_is_left(resident)
    page.go_back()
    page.wait_for_selector("#f-nik, a.main")
    assert_nothing_is_left(resident)


def leave_alone(page: Page, seconds: int) -> None:
    page.clock.fast_forward(seconds * 1000)


def test_it_goes_back_to_the_start_after_ten_idle_minutes_and_says_so_before(
    resident: Resident,
) -> None:
    page = resident.page
    page.clock.install()
    resident.open("/isi/?bersama=1").identify().answer_card()
    resident.fill_until("page:person[1]/identity")
    page.fill(f"#{field_id('person[1]/identity/name')}", "Slamet Riyadi Putra")
    leave_alone(page, 8 * 60)
    expect(page.get_by_text("Apakah Anda masih di sini?")).to_be_hidden()
    leave_alone(page, 90)
    expect(page.get_by_text("Apakah Anda masih di sini?")).to_be_visible()
    page.get_by_role("button", name="Lanjut mengisi").click()
    expect(page.get_by_text("Apakah Anda masih di sini?")).to_be_hidden()
    leave_alone(page, 9 * 60 + 30)
    expect(page.get_by_text("Apakah Anda masih di sini?")).to_be_visible()
    leave_alone(page, 31)
    page.wait_for_selector("#f-nik")
    expect(page.locator("#f-nik")).to_have_value("")
    assert_nothing_is_left(resident)


def test_it_does_not_watch_over_a_device_of_ones_own(resident: Resident) -> None:
    page = resident.page
    page.clock.install()
    resident.begin().identify().skip_card()
    leave_alone(page, 20 * 60)
    expect(page.locator("h1")).to_have_text("Isian keluarga Anda")


def test_a_tick_too_many_can_be_undone(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    page.fill("#f-nik", resident.nik)
    choice = page.get_by_label("Perangkat ini dipakai bersama")
    choice.check()
    expect(page.get_by_text("Perangkat bersama: tidak ada yang disimpan")).to_be_visible()
    choice.uncheck()
    expect(page.get_by_text("Perangkat bersama: tidak ada yang disimpan")).to_be_hidden()
    expect(page.locator("#f-nik")).to_have_value(resident.nik)
    resident.identify().skip_card()
    expect(page.locator(".saved")).to_contain_text("Di perangkat ini, belum dikirim")


def test_what_somebody_has_sent_there_waits_for_the_signal(resident: Resident) -> None:
    page = resident.page
    page.clock.install()
    resident.open("/isi/?bersama=1").identify().answer_card().fill_until("confirm")
    page.route("**/api/submit", lambda route: route.abort())
    resident.main_button.click()
    expect(page.get_by_text("Belum ada sinyal")).to_be_visible()
    leave_alone(page, 20 * 60)
    page.unroute("**/api/submit")
    leave_alone(page, 3 * 60)
    resident.receipt_number()
