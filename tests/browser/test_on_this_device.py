"""What stays on the device, how it is kept there, and when it goes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .resident import Resident, field_id

EVERYTHING = """async () => {
    const found = { stores: {}, storage: { ...sessionStorage, ...localStorage } };
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((resolve) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => resolve(opening.result);
        });
        for (const store of database.objectStoreNames) {
            const all = database.transaction(store).objectStore(store).getAll();
            found.stores[store] = await new Promise((resolve) => {
                all.onsuccess = () => resolve(all.result.map((row) => ({
                    ...row,
                    ...(row.content && { content: new TextDecoder().decode(row.content) }),
                    ...(row.seal && { seal: row.seal.extractable, name: row.name.extractable }),
                })));
            });
        }
        database.close();
    }
    found.cached = [];
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) {
            found.cached.push(new URL(url).pathname);
        }
    }
    return found;
}"""


def everything_kept(resident: Resident) -> dict[str, Any]:
    """Return all that IndexedDB, the storages and the caches of this browser hold."""
    kept: dict[str, Any] = resident.page.evaluate(EVERYTHING)
    return kept


def kept_drafts(resident: Resident) -> list[Any]:
    drafts: list[Any] = everything_kept(resident)["stores"]["drafts"]
    return drafts


def test_it_keeps_the_answers_sealed_and_the_key_unreadable(resident: Resident) -> None:
    resident.begin().identify().answer_card()
    resident.fill_until("page:person[1]/identity")
    resident.page.fill(f"#{field_id('person[1]/identity/name')}", "Slamet Riyadi Putra")
    expect(resident.page.locator(".saved")).to_contain_text("Di perangkat ini")
    kept = everything_kept(resident)
    assert len(kept["stores"]["drafts"]) == 1
    assert kept["stores"]["keys"] == [{"id": "device", "seal": False, "name": False}]
    for secret in ("Slamet", "Siti", resident.nik, resident.kk, "answers", "session"):
        assert secret not in str(kept)


AGE = """async (days) => {
    const opening = indexedDB.open("cacah");
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const drafts = opening.result.transaction("drafts", "readwrite").objectStore("drafts");
    const all = drafts.getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    for (const row of all.result) {
        row.savedAt = Date.now() - days * 86400000;
        await new Promise((resolve) => (drafts.put(row).onsuccess = resolve));
    }
    opening.result.close();
}"""


def come_back_after(resident: Resident, days: float) -> None:
    """Leave the page, and open the form again when the draft is so many days old."""
    resident.page.goto(resident.site + "/bukti/")
    resident.page.evaluate(AGE, days)
    resident.page.goto(resident.site + "/isi/")


def test_it_forgets_answers_after_fourteen_days(resident: Resident) -> None:
    page = resident.page
    resident.begin().identify().skip_card()
    expect(page.locator(".saved")).to_contain_text("Di perangkat ini")
    come_back_after(resident, 13.9)
    expect(page.locator("h1")).to_have_text("Isian keluarga Anda")
    come_back_after(resident, 14.1)
    expect(page.locator("h1")).to_have_text("Cari keluarga Anda")
    assert kept_drafts(resident) == []
