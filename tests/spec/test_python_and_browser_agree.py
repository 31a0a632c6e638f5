"""The server's and the browser's reader say the same of answers that nobody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cacah.questionnaire.interview import Checked, check
from cacah.questionnaire.model import Instrument, Node
from cacah.questionnaire.source import read
from tests.spec.generated import broken, document, variation
from tests.spec.in_browser import needs_chromium, reader_page
from tests.spec.loader import cases, compiled

pytestmark = [pytest.mark.browser, needs_chromium]
HERE = Path(__file__).resolve().parent
SP2020 = HERE.parents[1] / "instruments/sp2020.md"
TODAY = date(2020, 2, 15)
SEED = 2020
FORMS = list(dict.fromkeys(case["markdown"] for case in cases()))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with reader_page(browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def sp2020() -> Instrument:
    instrument = read(SP2020, census=True).instrument
    assert instrument is not None
    return instrument


@pytest.mark.parametrize("language", ["id", "en"])
def test_they_agree_on_families_with_some_answers_changed(
    page: Page, sp2020: Instrument, language: str
) -> None:
    random = Random(f"{SEED} families {language}")
    families = json.loads((HERE / "sp2020/families.json").read_text())
    whole = [family["answers"] for family in families.values()]
    some = [variation(sp2020, random.choice(whole), random) for _ in range(300)]
    assert_they_agree(page, sp2020, [*whole, *some], language)


def test_they_agree_on_random_answers_to_sp2020(page: Page, sp2020: Instrument) -> None:
    random = Random(f"{SEED} sp2020")
    assert_they_agree(page, sp2020, [document(sp2020, random) for _ in range(150)], "id")


def test_they_agree_on_random_answers_to_every_form_of_the_spec_tables(page: Page) -> None:
    random = Random(f"{SEED} forms")
    for markdown in FORMS:
        instrument = compiled(markdown)
        some = [{}, *(document(instrument, random) for _ in range(20))]
        assert_they_agree(page, instrument, some, "id")


def test_the_server_finds_in_what_the_browser_sends_what_the_browser_found(
    page: Page, sp2020: Instrument
) -> None:
    random = Random(f"{SEED} broken")
    families = json.loads((HERE / "sp2020/families.json").read_text())
    whole = [family["answers"] for family in families.values()]
    some = [broken(random.choice(whole), random, 0.03) for _ in range(200)]
    some = [answers for answers in some if isinstance(answers, dict)]
    for seen in seen_by_browser(page, sp2020, some, "id"):
        checked = check(sp2020, seen["answers"], today=TODAY, language="id")
        assert sorted(problems_of(checked)) == sorted(map(told, seen["problems"]))


def assert_they_agree(
    page: Page, instrument: Instrument, documents: list[dict[str, Any]], language: str
) -> None:
    looked = seen_by_browser(page, instrument, documents, language)
    for answers, seen in zip(documents, looked, strict=True):
        checked = check(instrument, answers, today=TODAY, language=language)
        found = problems_of(checked), [told(each) for each in seen["problems"]]
        if any(problem.code == "rows" for problem in checked.problems):
            found = sorted(found[0]), sorted(found[1])  # the server tells of rows first
        assert found[0] == found[1], answers
        mine, sent = (
            without_calculates(each, instrument.children)
            for each in (checked.clean, seen["answers"])
        )
        assert mine == sent, answers
        assert checked.persons == (seen["persons"] or 0)


def seen_by_browser(
    page: Page, instrument: Instrument, documents: list[dict[str, Any]], language: str
) -> list[dict[str, Any]]:
    asked = [instrument.to_json(language), documents, TODAY.isoformat()]
    seen: list[dict[str, Any]] = page.evaluate("asked => window.checkAll(...asked)", asked)
    return seen


def problems_of(checked: Checked) -> list[tuple[str, str, str]]:
    return [(each.code, each.path, each.message) for each in checked.problems]


def told(problem: dict[str, str]) -> tuple[str, str, str]:
    return problem["code"], problem["path"], problem["message"]


def without_calculates(answers: dict[str, Any], nodes: tuple[Node, ...]) -> dict[str, Any]:
    """Return only what somebody answered: what is calculated is computed again."""
    kept: dict[str, Any] = {}
    for node in nodes:
        value = answers.get(node.name)
        if value is None or node.calculate is not None:
            continue
        if node.kind == "repeat":
            value = [without_calculates(row, node.children) for row in value]
        elif node.kind == "group":
            value = without_calculates(value, node.children)
        if value != {}:
            kept[node.name] = value
    return kept
