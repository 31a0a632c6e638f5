"""What a visit costs, and how it does without a signal."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from .resident import Resident
from .weight import BUDGET_BYTES, BUDGET_REQUESTS, Meter


def test_it_stays_within_sixty_kilobytes_and_eight_requests(
    resident: Resident, context: BrowserContext
) -> None:
    meter = Meter(context, resident.page)
    resident.begin().identify().answer_card().send()
    meter.count_worker()
    assert meter.requests <= BUDGET_REQUESTS, meter.seen
    assert meter.bytes <= BUDGET_BYTES, meter.seen


def test_it_opens_the_form_without_a_signal_after_the_first_time(
    resident: Resident, context: BrowserContext
) -> None:
    page = resident.page
    resident.begin()
    # The page registers its worker only after it has kept what the worker needs.
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    context.set_offline(True)
    page.goto(resident.site + "/isi/")
    page.wait_for_selector("#f-nik")
    resident.identify()
    page.wait_for_selector(".errors")
    assert "Sambungan internet sedang tidak ada" in page.locator(".errors").inner_text()
