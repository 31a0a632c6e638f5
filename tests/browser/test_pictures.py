"""Takes the pictures of the README, into CACAH_PICTURES where that names a directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from .resident import Resident, field_id

YEAR = field_id("person[2]/birth/birth_date/birth_year")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_of_each_kind_fits_the_screen_in_a_picture(
    resident: Resident, context: BrowserContext, width: int, tmp_path: Path
) -> None:
    page = resident.page
    pictures = Path(os.environ.get("CACAH_PICTURES") or tmp_path)
    page.set_viewport_size({"width": width, "height": 740})

    def take(name: str) -> None:
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=pictures / f"{name}{'' if width == 360 else '-wide'}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    resident.open()
    # The pictures show the address of a census office, not of this test.
    page.evaluate("document.querySelector('.address').textContent = 'sensus.example.id'")
    take("landing")
    resident.begin().identify(nik="33251117", kk=resident.kk)
    page.wait_for_selector(".errors")
    take("identify")
    right, resident.answers[YEAR] = resident.answers[YEAR], 1878
    resident.identify().answer_card()
    resident.fill_until("page:person[2]/stay", later=True).fill_page()
    take("person")
    resident.fill_until("tasks", later=True)
    take("tasks")
    resident.fill_until("summary", later=True)
    take("summary")
    page.locator(".errors a").first.click()
    page.fill(f"#{YEAR}", str(right))
    resident.go_on()
    resident.send()
    take("receipt")
