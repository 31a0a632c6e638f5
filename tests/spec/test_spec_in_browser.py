"""Every case of the spec tables, answered by the browser's reader in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.spec.in_browser import needs_chromium, reader_page
from tests.spec.loader import cases

pytestmark = [pytest.mark.browser, needs_chromium]
CASES = {f"{case['file']}: {case['name']}": case for case in cases()}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with reader_page(browser) as opened:
        yield opened


@pytest.mark.parametrize("name", CASES)
def test_the_browser_reads_the_case_as_the_table_says(page: Page, name: str) -> None:
    case = CASES[name]
    asked = {key: case[key] for key in ("instrument", "answers", "today", "steps", "expects")}
    seen = page.evaluate("asked => window.lookAt(asked)", asked)
    wrong = [
        f"{expect['look']} {expect['path']}: expected {expect['expect']!r}, got {got!r}"
        for expect, got in zip(case["expects"], seen, strict=True)
        if not as_expected(expect["expect"], got, expect["look"])
    ]
    assert not wrong, "\n".join([name, *wrong])


def as_expected(wanted: Any, got: Any, look: str) -> bool:
    """Tell whether a look shows what the table says; a problem's message only where it is told."""
    if look == "problems":
        return len(wanted) == len(got) and all(
            mine[: len(each)] == each for mine, each in zip(got, wanted, strict=True)
        )
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)
