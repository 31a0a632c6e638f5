"""Devices that are full, forgetful or live in another year: no answer is lost, no word false."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Route, expect

from cacah.collection.models import Submission

from .resident import Resident, field_id
from .test_on_this_device import kept_drafts

NAME = field_id("person[1]/identity/name")
KEPT = "Di perangkat ini, belum dikirim"

# Types, and tells when: whatever is kept from then on has it.
TYPE = """([id, text]) => {
    const field = document.getElementById(id);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return Date.now();
}"""
KEPT_SINCE = """async (moment) => {
    if (!(await indexedDB.databases()).length) return false;
    const opening = indexedDB.open("cacah");
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const drafts = opening.result.transaction("drafts").objectStore("drafts").getAll();
    await new Promise((resolve) => (drafts.onsuccess = resolve));
    opening.result.close();
    return drafts.result.some((draft) => draft.savedAt >= moment);
}"""

# A full disk refuses at the end of a transaction what it has granted in the middle.
FULL = """() => {
    delete IDBTransaction.prototype.commit;
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (record) {
        const putting = put.call(this, record);
        putting.addEventListener("success", () => this.transaction.abort());
        return putting;
    };
}"""


def test_it_says_so_when_the_device_is_full_and_sends_all_the_same(
    resident: Resident,
) -> None:
    page = resident.page
    resident.begin().identify().answer_card()
    expect(page.locator(".saved")).to_have_text(KEPT)
    page.evaluate(FULL)
    resident.fill_until("confirm")
    expect(page.locator(".saved")).to_contain_text("tidak dapat menyimpan")
    page.route("**/api/submit", lambda route: route.abort())
    resident.main_button.click()
    expect(page.get_by_text("Belum ada sinyal")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Jangan tutup halaman ini sebelum mengirim")
    expect(page.locator("main")).not_to_contain_text("aman di perangkat")
    expect(page.get_by_role("button", name="Isi untuk keluarga lain")).to_be_hidden()
    page.unroute("**/api/submit")
    assert resident.try_again().receipt_number()


def test_it_keeps_the_answers_anew_when_the_browser_has_thrown_them_out(
    resident: Resident, context: BrowserContext
) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("page:person[1]/identity")
    expect(page.locator(".saved")).to_have_text(KEPT)
    session = context.new_cdp_session(page)
    everything = {"origin": resident.site, "storageTypes": "indexeddb"}
    session.send("Storage.clearDataForOrigin", everything)
    typed_at = page.evaluate(TYPE, [NAME, "Sesudah dibersihkan"])
    page.wait_for_function(KEPT_SINCE, arg=typed_at)
    page.reload()
    expect(page.locator(f"#{NAME}")).to_have_value("Sesudah dibersihkan")
    assert len(kept_drafts(resident)) == 1


def test_a_device_that_lives_in_the_past_loses_nothing_when_its_clock_is_put_right(
    resident: Resident,
) -> None:
    """A battery that was empty: for such a device today's births are in the future."""
    page = resident.page
    page.clock.set_fixed_time(datetime(2001, 1, 1, tzinfo=UTC))
    resident.begin().identify().answer_card().fill_until("summary")
    assert not page.locator(".errors").count()
    page.clock.set_fixed_time(datetime.now(UTC))
    page.reload()
    expect(page.locator("h1")).to_have_text("Periksa jawaban")
    assert resident.send()


def test_it_brings_the_receipt_whose_answer_was_lost_to_whoever_finds_the_family_again(
    resident: Resident,
) -> None:
    page = resident.page
    resident.begin().identify().answer_card().fill_until("confirm")

    def store_and_lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/submit", store_and_lose)
    resident.main_button.click()
    expect(page.get_by_text("Belum ada sinyal")).to_be_visible()
    page.get_by_role("button", name="Isi untuk keluarga lain").click()
    page.unroute("**/api/submit")
    resident.identify()
    assert resident.receipt_number()
    assert Submission.objects.count() == 1
