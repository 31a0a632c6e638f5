"""The instrument that a page carries packed is the instrument once it is unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

from cacah.collection.packing import UNREAD, pack
from cacah.questionnaire.source import load

MODULE = "collection/form/packing.js"


def unpacked(page: Page, packed: dict[str, Any]) -> Any:
    source = Path(str(finders.find(MODULE))).read_text()
    page.route("**/packing.js", lambda r: r.fulfill(content_type="text/javascript", body=source))
    page.route("https://cacah.test/", lambda r: r.fulfill(content_type="text/html", body=""))
    page.goto("https://cacah.test/")
    return page.evaluate(
        "async (packed) => (await import('/packing.js')).unpack(packed)",
        packed,
    )


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_it_unpacks_to_all_of_the_instrument_that_is_read(page: Page, language: str) -> None:
    whole = load(settings.CACAH_INSTRUMENT).to_json(language)
    read = {key: value for key, value in whole.items() if key not in UNREAD}
    assert unpacked(page, pack(whole)) == read


def test_it_leaves_alone_what_does_not_fit(page: Page) -> None:
    odd = {
        "lists": {
            "empty": [],
            "bars": [{"value": "1|2", "label": "one"}],
            "plus": [{"value": "+1", "label": "one"}],
            "waves": [{"value": "1", "label": "~a"}],
            "zeros": [{"value": "01", "label": "a"}, {"value": "2", "label": "b"}],
            "falling": [{"value": "9", "label": "a"}, {"value": "3", "label": "b"}],
            "parts": [{"value": "1", "label": ["a ", {"x": ["ref", "b", 0]}]}],
            "some": [
                {"value": "1", "label": "a", "columns": {"c": "1"}},
                {"value": "x", "label": ""},
            ],
        },
        "children": [{"kind": "group", "name": "g", "path": "elsewhere", "children": []}],
    }
    assert unpacked(page, pack(odd)) == odd
