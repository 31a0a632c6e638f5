"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright

from cacah.collection import pages, window
from tests.browser.resident import ARGUMENTS

# Playwright's loop runs in this thread; Django's guard takes the tests' own queries for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Let no test see the census that another one set, nor the language that it left behind."""
    pages.forget()
    window.forget()
    translation.deactivate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the one Chromium of this process: Playwright cannot be started twice in it."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with launched as browser:
            yield browser
