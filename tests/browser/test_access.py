"""Every page and state that residents see: no barrier, no stranger, no cookie, fit for 320 px."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from cacah.collection import pages, window
from cacah.registry.actions import set_census

from . import small, tour
from .barriers import barriers
from .conftest import moments
from .resident import PHONE, Resident

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")


def shoot(resident: Resident, name: str) -> None:
    """Keep a picture where CACAH_SCREENSHOTS names a directory."""
    if SHOTS:
        resident.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
def test_it_puts_no_barrier_on_any_page(
    resident: Resident, context: BrowserContext, prefix: str
) -> None:
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    found = {}
    for name in tour.everything(resident, prefix):
        shoot(resident, f"{prefix[1:] or 'id'}-{name}")
        wrong = barriers(resident.page)
        wrong += small.faults(resident.page, PHONE)
        if wrong:
            found[name] = wrong
    assert not found, json.dumps(found, indent=1)
    assert asked - {""} == {urlsplit(resident.site).netloc}
    assert context.cookies() == []


def test_it_puts_no_barrier_in_rarer_states(resident: Resident) -> None:
    found = {}
    for name in tour.rarer_states(resident):
        shoot(resident, f"id-{name}")
        # A narrower window would close the open list; it is a matter of the other pages.
        if wrong := barriers(resident.page):
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
    assert not barriers(resident.page)
    for path in ("/", "/en/"):
        resident.open(path).page.reload()
        assert resident.page.locator("a.main").count() == 0
        shoot(resident, f"{path.strip('/') or 'id'}-landing-{phase}")
        assert not barriers(resident.page) and not small.faults(resident.page, PHONE)
