"""A guided session with three phones and a board: joined, stuck, helped, finished."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession
from cacah.registry.models import Case
from cacah.staff.tests.cast import area, officer

from .resident import PATIENCE, PHONE, Resident
from .test_institutions import look_at, opened_by

BATANG = "3325"


@pytest.fixture
def hall(site: str) -> GuidedSession:
    new = GuidedSession(title="Balai Desa Tersono", area=area(BATANG))
    return verbs.open_session(by=officer("team", area=BATANG), new=new)


def joined(page: Page, site: str, hall: GuidedSession, button: str) -> Page:
    page.goto(f"{site}/sesi/{hall.code}/")
    page.get_by_role("button", name=button).click()
    page.wait_for_selector("aside.seat")
    return page


def test_three_phones_and_a_board(
    browser: Browser, site: str, resident: Resident, hall: GuidedSession
) -> None:
    leader = hall.opened_by
    phone = {"viewport": dict(PHONE), "locale": "id-ID"}
    with (
        opened_by(browser, site, leader, wide=True) as office,
        browser.new_context(**phone) as second,
        browser.new_context(**phone) as third,
    ):
        for context in (second, third):
            context.set_default_timeout(PATIENCE)
        board = office.new_page()
        board.goto(f"{site}/kantor/penjangkauan/sesi/{hall.pk}/")
        expect(board.get_by_text("Belum ada peserta")).to_be_visible()
        joined(resident.page, site, hall, "Isi di HP saya sendiri")
        expect(resident.page.get_by_text("Anda nomor 1 di sesi ini")).to_be_visible()
        stuck = joined(second.new_page(), site, hall, "Isi di HP saya sendiri")
        joined(third.new_page(), site, hall, "Isi di perangkat bersama")
        for number in (1, 2, 3):
            expect(board.get_by_role("link", name=str(number), exact=True)).to_be_visible()
        helped(board, stuck)
        look_at(board, "session-board")
        finished(resident, board)


def helped(board: Page, stuck: Page) -> None:
    """Number 2 calls; the guide sees it, and tells it something."""
    stuck.get_by_role("button", name="Panggil petugas").click()
    expect(board.get_by_text("memanggil Anda")).to_be_visible()
    board.get_by_role("link", name="2", exact=True).click()
    board.get_by_label("Petunjuk untuk peserta ini").fill("Nomor KK ada di bagian atas kartu.")
    board.get_by_role("button", name="Kirim").click()
    stuck.get_by_role("button", name="Panggil petugas").wait_for()
    expect(stuck.locator("aside.seat [role=status]")).to_contain_text(
        "bagian atas", timeout=PATIENCE
    )


def finished(resident: Resident, board: Page) -> None:
    """Number 1 sends; the board says so, and the case that it was guided."""
    resident.identify().answer_card()
    resident.send()
    row = board.get_by_role("row").filter(has=board.get_by_role("link", name="1", exact=True))
    expect(row).to_contain_text("Selesai")
    case = Case.objects.get(guide__isnull=False)
    assert case.mode == "guided"
    assert case.submitted_at is not None
    assert case.submitted_at <= datetime.now(UTC)
