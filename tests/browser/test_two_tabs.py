"""The same family in two tabs of one browser: neither undoes what was typed in the other."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, expect

from cacah.collection.models import Submission
from cacah.registry.models import Unlisted

from .resident import Resident, field_id
from .test_not_found import describe, leave_word

NAME = field_id("person[1]/identity/name")
KEPT = "Di perangkat ini, belum dikirim"


def another_tab(resident: Resident, context: BrowserContext) -> Resident:
    tab = Resident(context.new_page(), resident.site, {"kk": resident.kk, "answers": {}, **FAMILY})
    tab.nik, tab.persons, tab.answers = resident.nik, resident.persons, resident.answers
    return tab.open("/isi/")


FAMILY: dict[str, Any] = {"prefill": {"persons": [{"nik": ""}]}}


def come_back_to(tab: Resident) -> None:
    """Let the page notice that somebody looks at it again, as it does when tabs are changed."""
    tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


# Every draft that lies sealed on the device, opened with the device's own key.
LYING = """() => new Promise((tell) => {
    const opening = indexedDB.open("cacah");
    opening.onsuccess = () => {
        const reading = opening.result.transaction(["drafts", "keys"]);
        const drafts = reading.objectStore("drafts").getAll();
        const keys = reading.objectStore("keys").getAll();
        reading.oncomplete = async () => {
            opening.result.close();
            const opened = drafts.result.map(({ id, iv, content }) => {
                const way = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
                return crypto.subtle.decrypt(way, keys.result[0].seal, content);
            });
            const texts = await Promise.all(opened);
            tell(texts.map((text) => new TextDecoder().decode(text)).join());
        };
    };
})"""
# The nonce of each sealed draft on the device: another one whenever something has been kept.
NONCES = """() => new Promise((tell) => {
    const opening = indexedDB.open("cacah");
    opening.onsuccess = () => {
        const drafts = opening.result.transaction("drafts").objectStore("drafts").getAll();
        drafts.onsuccess = () => {
            opening.result.close();
            tell(drafts.result.map((each) => String(each.iv)).join());
        };
    };
})"""


# Stores what is sent and loses the answer; a route would not see what goes through the worker that
# a page has once it has been loaded anew.
LOSING = """() => {
    const real = window.fetch;
    window.fetch = async (address, ...how) => {
        const answer = await real(address, ...how);
        if (address !== "/api/submit" || window.answersArrive) return answer;
        throw new TypeError("The answer is lost.");
    };
}"""


def type_name(tab: Resident, name: str) -> None:
    """Type a name, and wait until it lies on the device."""
    tab.page.fill(f"#{NAME}", name)
    tab.page.wait_for_function(
        f'async (name) => (await ({LYING})()).includes(`"${{name}}"`)', arg=name, polling=100
    )


def at_the_name(tab: Resident) -> None:
    tab.page.evaluate("location.hash = encodeURIComponent('page:person[1]/identity')")
    tab.page.wait_for_selector(f"#{NAME}")


def both_at_the_name(resident: Resident, context: BrowserContext) -> Resident:
    resident.begin().identify().answer_card().fill_until("page:person[1]/identity")
    expect(resident.page.locator(".saved")).to_have_text(KEPT)
    other = another_tab(resident, context).identify()
    other.page.wait_for_selector("main .saved")
    at_the_name(other)
    return other


def test_a_tab_that_is_come_back_to_has_what_was_typed_in_the_other(
    resident: Resident, context: BrowserContext
) -> None:
    other = both_at_the_name(resident, context)
    type_name(other, "Nama dari tab kedua")
    for tab in (resident, other):
        come_back_to(tab)
        expect(tab.page.locator(f"#{NAME}")).to_have_value("Nama dari tab kedua")
    at_the_name(resident)
    type_name(resident, "Lagi di tab pertama")
    come_back_to(other)
    expect(other.page.locator(f"#{NAME}")).to_have_value("Lagi di tab pertama")


def test_a_tab_that_is_only_looked_at_again_keeps_nothing(
    resident: Resident, context: BrowserContext
) -> None:
    """Else the other tab would be late, and what is typed there at that moment lost."""
    other = both_at_the_name(resident, context)
    type_name(other, "Nama dari tab kedua")
    before = other.page.evaluate(NONCES)
    come_back_to(other)
    other.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    type_name(other, "Nama dari tab kedua lagi")
    kept = other.page.evaluate(NONCES)
    come_back_to(other)
    assert before != kept == other.page.evaluate(NONCES)


def test_a_tab_of_before_keeps_the_key_of_what_the_other_has_sent(
    resident: Resident, context: BrowserContext
) -> None:
    """Else the answers whose receipt was lost would be sent as somebody else's."""
    resident.begin().identify().answer_card().fill_until("confirm")
    other = another_tab(resident, context).identify()
    other.page.wait_for_selector("main .saved")

    resident.page.add_init_script(f"({LOSING})()")
    resident.page.evaluate(LOSING)
    come_back_to(resident)
    resident.page.wait_for_url("**/isi/#confirm")
    resident.main_button.click()
    expect(resident.page.get_by_text("Belum ada sinyal")).to_be_visible()
    come_back_to(other)
    number = other.receipt_number()
    resident.page.evaluate("window.answersArrive = true")
    assert resident.try_again().receipt_number() == number
    assert Submission.objects.count() == 1


def test_a_family_that_the_register_does_not_have_leaves_word_once(
    page: Any, site: str, context: BrowserContext
) -> None:
    other = context.new_page()
    for tab in (page, other):
        tab.goto(site + "/isi/#unlisted")
        tab.wait_for_selector("#f-who")
    describe(page)
    reference = leave_word(page)
    other.fill("#f-who", "Wahyuni")
    expect(other.locator(".panel .number")).to_have_text(reference)
    assert Unlisted.objects.count() == 1
