"""On another device: the answers come back under the code, and no device overwrites another's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Browser, Page, expect

from cacah.collection import drafts, forgetting
from cacah.collection.models import Draft
from cacah.collection.tests.carrying import keys_of

from .barriers import barriers
from .resident import PATIENCE, PHONE, Resident, field_id

NAME = field_id("person[1]/identity/name")


@pytest.fixture
def second(browser: Browser, resident: Resident, site: str, five: dict[str, Any]) -> Iterator[Any]:
    """The same family with another phone, which shares nothing with the first."""
    with browser.new_context(viewport=PHONE, locale="id-ID", has_touch=True) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: print("a script failed:", error.stack))
        yield Resident(page, site, five)


def begin(resident: Resident) -> str:
    """Answer the questions about the family, make a code, and return it."""
    resident.begin().identify().answer_card()
    resident.fill_until("page:person[1]/identity")
    to_tasks(resident)
    return make_code(resident)


def make_code(resident: Resident) -> str:
    page = resident.page
    page.get_by_role("button", name="Lanjut di perangkat lain").click()
    page.get_by_role("button", name="Buat kode lanjut").click()
    page.wait_for_selector(".panel .number")
    code = page.locator(".panel .number").inner_text()
    page.locator(".back").click()
    kept(page)
    return code


def kept(page: Page) -> None:
    """Wait until the door has what stands on this device."""
    expect(page.locator(".strip .elsewhere")).to_have_text("Tersimpan juga dengan kode lanjut")


def enter_code(resident: Resident, code: str) -> None:
    resident.page.get_by_role("button", name="Saya punya kode lanjut").click()
    resident.page.fill("#f-code", code)
    resident.main_button.click()


def come_with(resident: Resident, code: str) -> Resident:
    resident.begin()
    enter_code(resident, code)
    resident.page.wait_for_selector("#f-nik")
    return resident.identify()


def go_to(page: Page, place: str) -> None:
    page.evaluate("place => (location.hash = encodeURIComponent(place))", place)


def open_name(resident: Resident) -> None:
    """Open the page with the name of the first person, and wait until the door has been asked."""
    go_to(resident.page, "page:person[1]/identity")
    resident.page.wait_for_selector(f"#{NAME}")
    kept(resident.page)


def to_tasks(resident: Resident) -> None:
    go_to(resident.page, "tasks")
    resident.page.wait_for_selector(".tasks")


def rename(resident: Resident, name: str) -> None:
    """Change the first person's name and go back to the list of parts."""
    open_name(resident)
    resident.page.fill(f"#{NAME}", name)
    to_tasks(resident)


def name_of(resident: Resident) -> str:
    go_to(resident.page, "page:person[1]/identity")
    resident.page.wait_for_selector(f"#{NAME}")
    return resident.page.input_value(f"#{NAME}")


def say_that_the_second_lives_here(resident: Resident) -> None:
    go_to(resident.page, "page:person[2]")
    resident.page.locator("main input[type=radio]").first.check()
    to_tasks(resident)


def test_another_device_goes_on_where_this_one_was(resident: Resident, second: Resident) -> None:
    code = begin(resident)
    rename(resident, "Slamet Riyadi Putra")
    kept(resident.page)
    come_with(second, code.lower().replace("-", " "))
    second.page.wait_for_selector(".tasks")
    expect(second.page.get_by_text("2 dari 2 bagian")).to_be_visible()
    kept(second.page)
    assert name_of(second) == "Slamet Riyadi Putra"


def test_the_servers_row_holds_nothing_readable(resident: Resident) -> None:
    code = begin(resident)
    rename(resident, "Slamet Riyadi Putra")
    kept(resident.page)
    row = Draft.objects.get()
    assert row.version >= 2
    raw = bytes(row.sealed) + bytes(row.locator_digest)
    for secret in ("Slamet", resident.nik, resident.kk, "answers", code, code.replace("-", "")):
        assert secret.encode() not in raw
    assert (len(row.sealed) - 12 - 16) % 1024 == 0
    # Any client that knows the code reads it, in the way that docs/door.md tells.
    key, locator = keys_of(code, resident.kk)
    assert bytes(row.locator_digest) == drafts.locator_digest(row.household_id, locator)
    raw, version = bytes(row.sealed), f"cacah draft {row.version}".encode()
    opened = json.loads(AESGCM(key).decrypt(raw[:12], raw[12:], version))
    assert opened["answers"]["person"][0]["identity"]["name"] == "Slamet Riyadi Putra"


def test_the_older_device_is_told_and_merges_person_by_person(
    resident: Resident, second: Resident
) -> None:
    page = resident.page
    code = begin(resident)
    open_name(resident)
    come_with(second, code)
    second.page.wait_for_selector(".tasks")
    say_that_the_second_lives_here(second)
    kept(second.page)
    page.fill(f"#{NAME}", "Slamet dari HP pertama")
    to_tasks(resident)
    expect(page.get_by_role("alert")).to_contain_text("jawaban yang lebih baru")
    assert Draft.objects.get().version == 2
    page.get_by_role("link", name="Bandingkan jawaban").click()
    expect(page.locator("h1")).to_have_text("Jawaban mana yang benar?")
    expect(page.locator("fieldset")).to_have_count(2)
    first = page.locator("fieldset").nth(0)
    expect(first).to_contain_text("Perangkat ini: Slamet dari HP pertama")
    expect(first.locator("input:checked")).to_have_value("mine")
    expect(page.locator("fieldset").nth(1).locator("input:checked")).to_have_value("theirs")
    page.get_by_role("button", name="Lanjutkan dengan jawaban ini").click()
    page.wait_for_selector(".tasks")
    kept(page)
    assert name_of(resident) == "Slamet dari HP pertama"
    go_to(page, "page:person[2]")
    expect(page.locator("main input[type=radio]").first).to_be_checked()
    assert Draft.objects.get().version == 3
    # The second device has nothing of its own since, so it simply follows.
    go_to(second.page, "summary")
    expect(second.page.get_by_text("sudah masuk di sini")).to_be_visible()
    assert name_of(second) == "Slamet dari HP pertama"


def diverge(resident: Resident, second: Resident, code: str) -> None:
    """Change the same name on both devices; the second one is first."""
    open_name(resident)
    come_with(second, code)
    second.page.wait_for_selector(".tasks")
    rename(second, "Nama dari HP kedua")
    kept(second.page)
    resident.page.fill(f"#{NAME}", "Nama dari HP pertama")
    to_tasks(resident)
    resident.page.get_by_role("link", name="Bandingkan jawaban").click()
    expect(resident.page.locator("h1")).to_have_text("Jawaban mana yang benar?")


def test_where_both_have_changed_the_family_must_choose(
    resident: Resident, second: Resident
) -> None:
    page = resident.page
    diverge(resident, second, begin(resident))
    assert page.locator("fieldset input:checked").count() == 0
    page.get_by_role("button", name="Lanjutkan dengan jawaban ini").click()
    expect(page.locator(".errors")).to_be_focused()
    page.locator(".errors a").first.click()
    expect(page.locator("fieldset input").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Lanjutkan dengan jawaban ini").click()
    page.wait_for_selector(".tasks")
    assert name_of(resident) == "Nama dari HP kedua"


def test_the_other_side_can_be_taken_whole(resident: Resident, second: Resident) -> None:
    diverge(resident, second, begin(resident))
    resident.page.get_by_role("button", name="Semua dari perangkat lain").click()
    resident.page.wait_for_selector(".tasks")
    kept(resident.page)
    assert name_of(resident) == "Nama dari HP kedua"
    assert Draft.objects.get().version == 2


def test_a_device_that_comes_back_with_an_older_base_is_told_before_it_sends(
    resident: Resident, second: Resident
) -> None:
    code = begin(resident)
    resident.fill_until("confirm")
    kept(resident.page)
    open_name(resident)
    resident.page.context.set_offline(True)
    resident.page.fill(f"#{NAME}", "Tanpa sinyal")
    to_tasks(resident)
    expect(resident.page.locator(".strip .elsewhere")).to_contain_text("tidak ada sinyal")
    versions = Draft.objects.get().version
    come_with(second, code)
    second.page.wait_for_selector(".tasks")
    rename(second, "Lebih baru")
    kept(second.page)
    resident.page.context.set_offline(False)
    expect(resident.page.get_by_role("alert")).to_contain_text("yang lebih baru")
    go_to(resident.page, "confirm")
    expect(resident.page.locator("h1")).to_have_text("Jawaban mana yang benar?")
    resident.page.get_by_role("button", name="Semua dari perangkat ini").click()
    resident.page.wait_for_selector(".tasks")
    kept(resident.page)
    assert Draft.objects.get().version == versions + 2
    assert resident.send()
    forgetting.forget()
    assert not Draft.objects.exists()


def test_answers_of_this_device_are_compared_with_those_under_the_code(
    resident: Resident, second: Resident
) -> None:
    code = begin(resident)
    rename(resident, "Nama dengan kode")
    kept(resident.page)
    second.begin().identify().answer_card()
    second.fill_until("page:person[1]/identity")
    second.page.fill(f"#{NAME}", "Nama di sini")
    to_tasks(second)
    second.page.get_by_role("button", name="Berhenti dulu").click()
    second.page.get_by_role("button", name="Ke halaman awal").click()
    second.page.wait_for_url(second.site + "/")
    come_with(second, code)
    expect(second.page.locator("h1")).to_have_text("Jawaban mana yang benar?")
    expect(second.page.locator("fieldset").first).to_contain_text(
        "Perangkat lain: Nama dengan kode"
    )


def test_a_slip_in_the_code_is_noticed_on_the_device(resident: Resident) -> None:
    page = resident.page
    resident.begin()
    enter_code(resident, "7XK2-9QPM-4TDR-3")
    expect(page.locator("#f-code-error")).to_contain_text("Cocokkan kode dengan catatan Anda")
    expect(page.locator(".errors")).to_be_focused()


def test_a_code_of_nothing_says_so_and_lets_one_go_on(resident: Resident) -> None:
    page = resident.page
    come_with(resident, "0000-0000-0000-0")
    expect(page.locator(".note.warning")).to_contain_text(
        "Tidak ada jawaban dengan kode lanjut ini"
    )
    expect(page.get_by_role("button", name="Periksa kode")).to_be_focused()
    page.get_by_role("button", name="Lanjut tanpa kode").click()
    page.wait_for_selector("#f-card-month")


def test_after_fourteen_days_both_devices_are_told(resident: Resident, second: Resident) -> None:
    code = begin(resident)
    Draft.objects.update(saved_at=datetime.now(UTC) - timedelta(days=15))
    go_to(resident.page, "summary")
    expect(resident.page.get_by_role("alert")).to_contain_text("sudah lewat 14 hari")
    assert name_of(resident) == resident.answers[NAME]
    come_with(second, code)
    expect(second.page.locator(".note.warning")).to_contain_text(
        "Tidak ada jawaban dengan kode lanjut ini"
    )


def test_what_is_kept_can_be_removed_from_the_device_that_keeps_it(resident: Resident) -> None:
    page = resident.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = begin(resident)
    page.get_by_role("button", name="Lanjut di perangkat lain").click()
    page.get_by_role("button", name="Salin kode").click()
    expect(page.get_by_text("Kode sudah disalin.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    page.get_by_role("button", name="Hapus simpanan dengan kode ini").click()
    expect(page.get_by_role("button", name="Buat kode lanjut")).to_be_visible()
    assert not Draft.objects.exists()


def test_an_answer_that_is_lost_on_its_way_is_no_other_device(resident: Resident) -> None:
    """The door has kept the version, and the device never heard of it."""
    page = resident.page
    begin(resident)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/draft", lose, times=1)
    rename(resident, "Jawaban hilang")
    expect(page.locator(".strip .elsewhere")).to_contain_text("tidak ada sinyal")
    go_to(page, "page:person[1]/identity")
    page.fill(f"#{NAME}", "Jawaban berikutnya")
    to_tasks(resident)
    kept(page)
    assert Draft.objects.get().version == 3


def test_the_pages_of_the_code_fit_the_smallest_screen_and_speak_english(
    resident: Resident, second: Resident
) -> None:
    page = resident.page
    page.set_viewport_size({"width": 320, "height": 640})
    diverge(resident, second, begin(resident))
    places = {"merge": "Which answers are right?", "elsewhere": "Go on with another device"}
    page.locator("header summary").click()
    page.get_by_role("link", name="English").click()
    for place, title in (places | {"code": "Enter your continue code"}).items():
        go_to(page, place)
        expect(page.locator("h1")).to_have_text(title)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, place
        assert not barriers(resident.page), place


def test_what_was_typed_here_is_compared_even_on_a_page_that_was_not_finished(
    resident: Resident, second: Resident
) -> None:
    code = begin(resident)
    rename(resident, "Nama dengan kode")
    kept(resident.page)
    second.begin().identify().answer_card()
    second.page.get_by_role("button", name="Lanjut").first.click()
    second.page.wait_for_selector("main .field")
    second.fill_page()
    to_tasks(second)
    go_to(second.page, "code")
    second.page.fill("#f-code", code)
    second.main_button.click()
    expect(second.page.locator("h1")).to_have_text("Jawaban mana yang benar?")


def test_the_code_is_offered_on_the_start_page_and_to_whoever_stops(resident: Resident) -> None:
    page = resident.page
    resident.open().page.get_by_role("link", name="Saya punya kode lanjut").click()
    page.wait_for_selector("#f-code")
    page.locator("details.help summary").click()
    expect(page.locator("details.help")).to_contain_text("12 huruf dan angka")
    page.goto(resident.site + "/isi/")
    resident.identify().skip_card()
    page.get_by_role("button", name="Berhenti dulu").click()
    page.get_by_role("button", name="Lanjut di perangkat lain").click()
    expect(page.get_by_role("button", name="Buat kode lanjut")).to_be_visible()
