"""The plain form in a real browser: without scripts, and where a script does not come."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from .barriers import barriers
from .register import register
from .resident import PATIENCE, PHONE, Resident, flat

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")
NARROW = {"width": 320, "height": 640}
MOST_PAGES = 80


class Plain:
    """Somebody who answers page by page in a browser that runs no script."""

    def __init__(self, page: Page, site: str, family: dict[str, Any]) -> None:
        self.page = page
        self.site = site
        self.family = family
        self.answers = dict(flat(family["answers"]))
        self.places: set[str] = set()

    def press(self, go: str) -> None:
        self.page.locator(f"button[value='{go}']:visible").last.click()
        self.page.wait_for_load_state()

    def identify(self) -> None:
        self.page.fill("#f-nik", self.family["prefill"]["persons"][0]["nik"])
        self.page.fill("#f-kk", self.family["kk"])
        self.press("next")

    def fill_page(self) -> None:
        asked = self.page.eval_on_selector_all("[name]", "all => all.map(e => e.name)")
        for name in dict.fromkeys(asked):
            if name not in self.answers:
                continue
            value, control = self.answers[name], self.page.locator(f"[name='{name}']")
            kind = control.first.get_attribute("type") or ""
            if kind == "radio":
                self.page.locator(f"[name='{name}'][value='{value}']").check()
            elif control.first.evaluate("e => e.tagName") == "SELECT":
                control.select_option(str(value))
            else:
                control.fill(str(value))

    def here(self) -> str:
        """Return a name for the page that stands here."""
        title = self.page.title().split(" – ")[0]
        return "".join(sign if sign.isalnum() else "-" for sign in title)

    def until(self, button: str) -> Iterator[str]:
        """Go on page after page until one has the button; yield the name of each."""
        for number in range(MOST_PAGES):
            yield f"{number:02}-{self.here()}"
            if self.page.locator(f"button[value='{button}']").count():
                return
            self.fill_page()
            self.press("next")
        raise AssertionError(self.page.locator("main").inner_text())


@pytest.fixture
def scriptless(browser: Browser, site: str, five: dict[str, Any]) -> Iterator[Plain]:
    register(five)
    with browser.new_context(
        viewport=PHONE, locale="id-ID", has_touch=True, java_script_enabled=False
    ) as context:
        context.set_default_timeout(PATIENCE)
        yield Plain(context.new_page(), site, five)


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"plain-{name}.png", full_page=True)


def test_without_scripts_a_family_gets_from_the_landing_page_to_the_receipt(
    scriptless: Plain,
) -> None:
    plain, page = scriptless, scriptless.page
    page.goto(plain.site + "/")
    page.get_by_role("link", name="Mulai mengisi").first.click()
    page.locator("main a[href='/polos/']").first.click()
    shoot(page, "00-identify")
    plain.identify()
    shoot(page, "00-card")
    plain.press("skip")
    for name in plain.until("confirm"):
        shoot(page, name)
    plain.press("confirm")
    shoot(page, "90-confirm")
    plain.press("send")
    shoot(page, "91-receipt")
    number = page.locator(".number").inner_text()
    assert page.locator("img.qr").evaluate("e => e.naturalWidth") > 50
    assert not page.context.cookies()
    check = page.context.new_page()
    check.goto(plain.site + "/bukti/")
    check.fill("#nomor", number)
    check.locator("main button").click()
    assert "5 orang" in check.locator("main").inner_text()
    # Nothing of the answers is kept: the browser asks before it would send the page before again.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()


def faults(page: Page) -> list[str]:
    """Return what axe-core finds, and what sticks out on a phone of 320 pixels."""
    wrong = barriers(page)
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size(PHONE)
    return [*wrong, "wider than 320 pixels"] if wide else wrong


def test_no_page_of_it_puts_up_a_barrier(page: Page, site: str, five: dict[str, Any]) -> None:
    register(five)
    plain, found = Plain(page, site, five), {}

    def look(name: str) -> None:
        shoot(page, name)
        if wrong := faults(page):
            found[name] = wrong

    page.goto(site + "/polos/")
    look("identify")
    plain.press("next")
    look("identify-wrong")
    plain.press("unlisted")
    page.fill("#f-village", "kauman batang")
    plain.press("search")
    look("unlisted")
    page.goto(site + "/polos/")
    plain.identify()
    look("card")
    plain.press("skip")
    look("tasks")
    plain.press("visit")
    look("visiting")
    plain.press("tasks")
    plain.press("section:person[1]")
    plain.fill_page()
    plain.press("next")
    page.fill("[name='person[1]/identity/nik']", "12")
    plain.press("next")
    look("member-wrong")
    assert not found


def test_where_the_script_does_not_come_the_page_shows_the_way_to_it(
    page: Page, site: str, five: dict[str, Any]
) -> None:
    register(five)

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/*.js", refuse)
    page.goto(site + "/")
    page.locator("a.main").click()
    page.locator("main a[href='/polos/']").click()
    plain = Plain(page, site, five)
    plain.identify()
    assert page.locator("button[value=skip]").is_visible()


def test_where_the_script_comes_its_way_is_gone(resident: Resident) -> None:
    resident.begin()
    assert resident.page.locator("a[href='/polos/']").count() == 0
