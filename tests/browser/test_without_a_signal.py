"""The form after its first load: without a signal, after a closed browser, in a new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, Route, expect

from cacah.collection import shell
from cacah.collection.models import Submission

from .conftest import SERVERS, serve_what_is_built
from .resident import Resident
from .test_on_this_device import everything_kept, kept_drafts

READY = """async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20));
}"""


KEPT = """async (path) => {
    while (!(await caches.match(path))) await new Promise((go) => setTimeout(go, 20));
}"""
SETTLED = """async () => {
    const worker = await navigator.serviceWorker.getRegistration();
    const ready = ({ installing, waiting, active }) =>
        !installing && !waiting && active.state === "activated";
    while (!ready(worker)) await new Promise((go) => setTimeout(go, 20));
}"""


def wait_for_worker(resident: Resident) -> None:
    resident.page.evaluate(READY)


def reopen(resident: Resident, context: BrowserContext, path: str = "/isi/") -> Resident:
    """Close the tab, with all that it remembers, and open the form in a new one."""
    resident.page.close()
    family = {"kk": resident.kk, "prefill": {"persons": resident.persons}, "answers": {}}
    again = Resident(context.new_page(), resident.site, family)
    again.answers = resident.answers
    return again.open(path)


def only_while_open(resident: Resident) -> None:
    """Let nothing be sent in the background, as in a browser that cannot."""
    resident.page.context.add_init_script("delete SyncManager.prototype.register")


def send_in_vain(resident: Resident) -> None:
    """Answer everything, and send it without a signal."""
    resident.begin().identify().answer_card().fill_until("confirm")
    resident.page.route("**/api/submit", lambda route: route.abort())
    resident.main_button.click()
    expect(resident.page.get_by_text("Belum ada sinyal")).to_be_visible()


def test_it_is_filled_in_without_a_signal_closed_opened_again_and_sent(
    resident: Resident, context: BrowserContext
) -> None:
    only_while_open(resident)
    resident.begin().identify().answer_card()
    wait_for_worker(resident)
    SERVERS[0].signal = False
    resident.fill_until("page:person[1]/identity")
    again = reopen(resident, context)
    again.page.wait_for_selector("#f-nik")
    again.identify()
    again.page.wait_for_function("() => !document.getElementById('f-nik')")
    again.fill_until("confirm").main_button.click()
    # Said when the answers are kept as sent, and not before.
    expect(again.page.get_by_text("Belum ada sinyal")).to_be_visible()
    last = reopen(again, context)
    expect(last.page.locator("h1")).to_have_text("Menunggu dikirim")
    assert Submission.objects.count() == 0
    SERVERS[0].signal = True
    last.try_again().receipt_number()
    expect(last.page.locator("h1")).to_have_text("Diterima. Ini bukti Anda")
    assert Submission.objects.get().persons == 5
    assert kept_drafts(last) == []


def test_it_sends_again_with_the_same_key_when_the_answer_was_lost_and_the_browser_closed(
    resident: Resident, context: BrowserContext
) -> None:
    keys: list[str] = []
    resident.begin().identify().answer_card().fill_until("confirm")

    def store_and_lose(route: Route) -> None:
        keys.append(route.request.post_data_json["key"])
        route.fetch()
        route.abort()

    resident.page.route("**/api/submit", store_and_lose)
    resident.main_button.click()
    expect(resident.page.get_by_text("Belum ada sinyal")).to_be_visible()
    number = Submission.objects.get()
    again = reopen(resident, context)
    assert again.receipt_number()
    assert len(keys) == 1 and Submission.objects.get() == number
    assert kept_drafts(again) == []


def test_it_shows_no_answer_of_what_waits_to_whoever_opens_the_form(
    resident: Resident, context: BrowserContext
) -> None:
    """What the door refuses after all is shown to the family only, when it has said who it is."""
    only_while_open(resident)
    send_in_vain(resident)
    problem = {"code": "constraint", "path": "person[4]/identity/name", "message": "Periksa"}
    refusal = {"code": "answers-refused", "title": "No", "problems": [problem]}
    context.route("**/api/submit", lambda r: r.fulfill(status=422, json=refusal), times=1)
    again = reopen(resident, context)
    expect(again.page.locator("h1")).to_have_text("Cari keluarga Anda")
    again.page.goto(again.site + "/isi/#summary")
    expect(again.page.locator("h1")).to_have_text("Cari keluarga Anda")
    again.identify()
    again.page.wait_for_function("() => !document.getElementById('f-nik')")
    assert again.send()


def test_it_asks_for_the_two_numbers_and_nothing_else_when_the_session_ended_in_the_outbox(
    resident: Resident, context: BrowserContext
) -> None:
    only_while_open(resident)
    send_in_vain(resident)
    expired = {"code": "session-expired", "title": "Too late"}
    context.route("**/api/submit", lambda r: r.fulfill(status=403, json=expired), times=1)
    again = reopen(resident, context)
    expect(again.page.get_by_text("Sudah cukup lama sejak Anda mulai")).to_be_visible()
    again.identify()
    assert again.receipt_number()


def deploy(monkeypatch: pytest.MonkeyPatch, script: str) -> shell.Assets:
    """Put a new version of the form on the server: the same, with a line more in its script."""
    join = shell.join_modules

    def longer(*entries: str) -> Any:
        joined = join(*entries)
        return type(joined)(joined.first + script, joined.second)

    with monkeypatch.context() as patch:
        patch.setattr(shell, "join_modules", longer)
        built = shell.build()
    serve_what_is_built(SERVERS[0])
    return built


@pytest.fixture
def redeployed(site: str) -> Any:
    """After the test the first version is on the server again, and no file of another."""
    yield
    shell.build()
    serve_what_is_built(SERVERS[0])


def test_it_changes_to_a_new_version_whole_and_carries_the_draft_over(
    resident: Resident,
    context: BrowserContext,
    monkeypatch: pytest.MonkeyPatch,
    redeployed: None,
) -> None:
    resident.begin().identify().answer_card()
    wait_for_worker(resident)
    old = shell.assets()
    resident.fill_until("page:person[1]/identity")
    new = deploy(monkeypatch, 'document.documentElement.dataset.version = "2";')
    assert new.scripts != old.scripts
    again = reopen(resident, context)
    expect(again.page.locator("html")).to_have_attribute("data-version", "2")
    again.page.wait_for_selector("#f-nik")
    # The new worker has the new files, all of them, before the old one goes.
    again.page.evaluate(KEPT, new.forms["id"])
    again.page.evaluate(SETTLED)
    SERVERS[0].signal = False
    again.page.reload()
    again.page.wait_for_selector("[data-version='2'] #f-nik")
    again.identify()
    again.page.wait_for_function("() => !document.getElementById('f-nik')")
    SERVERS[0].signal = True
    assert again.send()


def test_it_keeps_the_old_version_while_the_new_one_comes_only_in_part(
    resident: Resident,
    context: BrowserContext,
    monkeypatch: pytest.MonkeyPatch,
    redeployed: None,
) -> None:
    resident.begin()
    wait_for_worker(resident)
    new = deploy(monkeypatch, 'document.documentElement.dataset.version = "2";')
    path = Path(settings.STATIC_ROOT) / new.scripts[0].removeprefix(settings.STATIC_URL)
    whole = {each: each.read_bytes() for each in (path, Path(f"{path}.br"), Path(f"{path}.gz"))}
    half = whole[path][: len(whole[path]) // 2]
    path.write_bytes(half)
    Path(f"{path}.br").write_bytes(brotli.compress(half))
    failed = resident.page.evaluate(
        """() => navigator.serviceWorker.getRegistration()
            .then((registration) => registration.update())
            .then((registration) => new Promise((resolve) => {
                const worker = registration.installing;
                worker.onstatechange = () => resolve(worker.state);
            }))"""
    )
    assert failed == "redundant"
    SERVERS[0].signal = False
    again = reopen(resident, context)
    again.page.wait_for_selector("#f-nik")
    assert new.scripts[0] not in everything_kept(again)["cached"]
    for file, content in whole.items():
        file.write_bytes(content)


def test_it_keeps_the_second_script_from_the_second_visit_on(
    resident: Resident, context: BrowserContext
) -> None:
    resident.begin()
    wait_for_worker(resident)
    assert shell.assets().more not in everything_kept(resident)["cached"]
    again = reopen(resident, context)
    again.page.evaluate(KEPT, shell.assets().more)
    again.page.evaluate(KEPT, shell.assets().words["id"])
    kept = everything_kept(again)["cached"]
    assert not [path for path in kept if not path.startswith("/static/form/")]


def test_its_background_sending_reads_what_the_page_has_sealed(resident: Resident) -> None:
    """Chromium sends it when it likes; here the worker's own function is called."""
    page = resident.page
    send_in_vain(resident)
    page.unroute("**/api/submit")
    source = Path(str(finders.find("collection/worker.js"))).read_text()
    source = source.partition("addEventListener(")[0]
    page.evaluate(f"(async () => {{ const SHELL = {{}}; {source}; await sendWaiting(); }})()")
    assert Submission.objects.count() == 1
    assert resident.try_again().receipt_number()
    assert Submission.objects.count() == 1
