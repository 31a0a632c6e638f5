"""What axe-core finds on a page: barriers that keep some people from using it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = "(options) => axe.run(options).then(({ violations }) => violations)"


def barriers(page: Page, tags: list[str] | None = TAGS) -> list[str]:
    """Return rule and place of each barrier on a page as it stands; `tags` None: by every rule."""
    # A page that has it already keeps it: to read half a megabyte of script takes longer than to
    # look.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    found = page.evaluate(LOOK, options | ({"runOnly": tags} if tags else {}))
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]
