"""Every page and state that residents see: no barrier, no stranger, no cookie, fit for 320 px."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from cacah.collection import pages, window
from cacah.registry.actions import set_census

from . import tour
from .conftest import moments
from .resident import PHONE, Resident

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")
AXE = Axe()
NARROW = {"width": 320, "height": 640}
OVERFLOW = """() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return "";
    const edge = document.documentElement.clientWidth;
    return [...document.querySelectorAll("main *")]
        .filter((e) => e.getBoundingClientRect().right > edge + 1)
        .map((e) => e.tagName + "." + e.className).slice(0, 5).join(" ") || "page " + wide;
}"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def barriers(resident: Resident) -> list[str]:
    """Return what axe-core finds on the page as it stands."""
    found = AXE.run(resident.page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def shoot(resident: Resident, name: str) -> None:
    """Keep a picture where CACAH_SCREENSHOTS names a directory."""
    if SHOTS:
        resident.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def too_wide(resident: Resident) -> str:
    """Return what sticks out on a phone of 320 pixels."""
    resident.page.set_viewport_size(NARROW)
    found: str = resident.page.evaluate(OVERFLOW)
    resident.page.set_viewport_size(PHONE)
    return found


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
def test_it_puts_no_barrier_on_any_page(
    resident: Resident, context: BrowserContext, prefix: str
) -> None:
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    found = {}
    for name in tour.everything(resident, prefix):
        shoot(resident, f"{prefix[1:] or 'id'}-{name}")
        wrong = barriers(resident)
        if sticks_out := too_wide(resident):
            wrong.append(f"wider than 320 pixels: {sticks_out}")
        if wrong:
            found[name] = wrong
    assert not found
    assert asked - {""} == {urlsplit(resident.site).netloc}
    assert context.cookies() == []


def test_it_puts_no_barrier_in_rarer_states(resident: Resident) -> None:
    found = {}
    for name in tour.rarer_states(resident):
        shoot(resident, f"id-{name}")
        # A narrower window would close the open list; it is a matter of the other pages.
        if wrong := barriers(resident):
            found[name] = wrong
    assert not found


@pytest.mark.parametrize("phase", ["early", "closed"])
def test_it_puts_no_barrier_before_and_after_the_window(resident: Resident, phase: str) -> None:
    resident.begin()
    set_census(**moments(phase))
    window.forget()
    pages.forget()
    resident.identify()
    resident.page.wait_for_url("**#closed")
    assert not barriers(resident)
    for path in ("/", "/en/"):
        resident.open(path).page.reload()
        assert resident.page.locator("a.main").count() == 0
        shoot(resident, f"{path.strip('/') or 'id'}-landing-{phase}")
        assert not barriers(resident) and not too_wide(resident)
