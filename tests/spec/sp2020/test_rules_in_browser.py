"""Gives the families of the rule tables to the browser's reader in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.spec.in_browser import needs_chromium, reader_page
from tests.spec.sp2020.families import INSTRUMENT, TODAY, askings, cases, checked

pytestmark = [pytest.mark.browser, needs_chromium]


def test_the_browser_finds_the_same_problems_in_the_same_words(browser: Browser) -> None:
    documents = [case.answers() for case in cases()]
    arguments = [INSTRUMENT.to_json("id"), documents, TODAY.isoformat()]
    with reader_page(browser) as page:
        seen = page.evaluate("given => window.checkAll(...given)", arguments)
    for case, answers, one in zip(cases(), documents, seen, strict=True):
        mine = checked(answers)
        problems = [(each["code"], each["path"], each["message"]) for each in one["problems"]]
        assert problems == [(p.code, p.path, p.message) for p in mine.problems], case
        assert one["persons"] == mine.persons, case


def test_the_browser_shows_what_concerns_a_person_and_nothing_else(browser: Browser) -> None:
    asked = [
        {
            "answers": row.answers(),
            "today": TODAY.isoformat(),
            "steps": [],
            "expects": [{"look": "relevant", "path": row.path}],
        }
        for row in askings()
    ]
    look = "([instrument, asked]) => asked.map((one) => window.lookAt({ ...one, instrument }))"
    with reader_page(browser) as page:
        seen = page.evaluate(look, [INSTRUMENT.to_json("id"), asked])
    wrong = [
        row for row, [is_shown] in zip(askings(), seen, strict=True) if is_shown != row.is_shown
    ]
    assert not wrong
