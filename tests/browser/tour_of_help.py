"""A walk through the states of who is not found or needs help, to be looked at from all sides."""

from __future__ import annotations

from collections.abc import Iterator

from .resident import Resident


def not_in_the_register(resident: Resident, prefix: str = "") -> Iterator[str]:
    """Yield at each state of a family that is not found."""
    page = resident.page
    resident.begin("en" if prefix else "id")
    for kk in ("3325110102030499", "3325114102030498"):
        resident.identify(kk=kk)
        page.wait_for_selector(".errors .checks")
    yield "not-found-again"
    page.locator(".errors button.main").click()
    page.wait_for_selector("#f-who")
    resident.main_button.click()
    yield "unlisted-error"
    page.fill("#f-who", "Wahyuni")
    page.fill("#f-count", "1")
    with page.expect_response("**/api/areas?*"):
        page.locator("#f-village").press_sequentially("qqqq")
    yield "village-none"
    page.fill("#f-village", "kedungmalang wonotungal")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    yield "village-list"
    page.keyboard.press("Enter")
    page.fill("#f-where", "Dukuh Krajan RT 2")
    yield "unlisted"
    page.route("**/api/unlisted", lambda route: route.abort())
    resident.main_button.click()
    page.wait_for_selector(".progress ~ .actions button:not([hidden])")
    yield "unlisted-waiting"
    page.unroute("**/api/unlisted")
    page.locator(".progress ~ .actions button:not([hidden])").first.click()
    page.wait_for_selector(".panel .number")
    yield "unlisted-received"


def wanting_help(resident: Resident, prefix: str = "") -> Iterator[str]:
    """Yield at the help of pages, the wish to be visited, and the return with a reference."""
    page = resident.page
    resident.begin("en" if prefix else "id")
    page.locator("main > .help summary").click()
    page.wait_for_selector("main > .help button")
    yield "help-identify"
    page.locator("form > button.link").first.click()
    page.wait_for_selector("#f-who")
    page.locator("form ~ p button.link").click()
    page.wait_for_selector("#f-reference")
    page.fill("#f-reference", "7XK2-9QPM-4TDR-2")
    resident.main_button.click()
    page.wait_for_selector(".errors")
    yield "returning-error"
    resident.open(f"{prefix}/isi/")
    page.wait_for_selector("#f-nik")
    resident.identify().answer_card().go_on()
    page.locator("main > .help summary").click()
    page.wait_for_selector("main > .help button")
    yield "help-page"
    page.locator("main > .help button").click()
    page.wait_for_selector("#f-reason")
    resident.main_button.click()
    yield "visiting-error"
    page.locator("input[value=other]").check()
    resident.main_button.click()
    page.wait_for_url("**#visiting")
    page.wait_for_selector("h1 ~ .actions")
    yield "visited"
