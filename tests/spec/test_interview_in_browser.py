"""What the browser's reader does beyond checking: rows, defaults, answers that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cacah.questionnaire.source import from_markdown
from tests.spec.in_browser import needs_chromium, reader_page

pytestmark = [pytest.mark.browser, needs_chromium]
FORM = from_markdown("""
| survey |
| | type | name | label | relevant | calculation | default | repeat_count |
| | select_one yn | works | Bekerja? | | | | |
| | text | job | Pekerjaan | ${works} = '1' | | | |
| | text | country | Negara | | | Indonesia | |
| | integer | homes | Rumah | | | 1 | |
| | begin_repeat | person | Anggota ${name} | | | | |
| | text | name | Nama | | | | |
| | integer | age | Umur | | | | |
| | date | since | Sejak | | | today() | |
| | calculate | row | | | position(..) | | |
| | end_repeat | | | | | | |
| | integer | pets | Hewan | | | | |
| | begin_repeat | pet | Hewan | | | | ${pets} |
| | text | called | Nama | | | | |
| | text | kind | Jenis | | | kucing | |
| | end_repeat | | | | | | |
| | calculate | persons | | | count(${person}) | | |
| | calculate | years | | | sum(${age}) | | |
| choices |
| | list_name | name | label |
| | yn | 1 | Ya |
| | yn | 2 | Tidak |
""").to_json("id")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with reader_page(browser) as opened:
        yield opened


def do(page: Page, answers: Any, *steps: list[Any]) -> list[Any]:
    """Return what each call of the interview gives, in turn."""
    return list(page.evaluate("given => window.callAll(...given)", [FORM, answers, list(steps)]))


def test_it_keeps_what_was_typed_while_a_question_does_not_concern_anybody(page: Page) -> None:
    seen = do(
        page,
        {"works": "1"},
        ["set", "job", "Petani"],
        ["set", "works", "2"],
        ["relevant", "job"],
        ["answers"],
        ["set", "works", "1"],
        ["get", "job"],
        ["answers"],
    )
    assert seen[2:4] == [False, {"works": "2"}]
    assert seen[5:] == ["Petani", {"works": "1", "job": "Petani"}]


def test_it_fills_defaults_in_when_the_form_begins_and_when_a_row_is_added(page: Page) -> None:
    seen = do(page, {}, ["answers"], ["addRow", "person"], ["get", "person[1]/since"], ["answers"])
    assert seen[0] == {"country": "Indonesia", "homes": 1}
    assert seen[1:3] == [1, "2020-02-15"]
    assert seen[3]["person"] == [{"since": "2020-02-15"}]


def test_it_leaves_a_default_out_where_answers_were_kept_without_it(page: Page) -> None:
    seen = do(page, {"works": "2", "person": [{"name": "Siti"}]}, ["answers"])
    assert seen == [{"works": "2", "person": [{"name": "Siti"}]}]


def test_it_counts_again_when_rows_come_and_go(page: Page) -> None:
    family = {"person": [{"name": name, "age": age} for name, age in [("A", 40), ("B", 9)]]}
    seen = do(
        page,
        family,
        ["get", "years"],
        ["addRow", "person"],
        ["set", "person[3]/age", 1],
        ["get", "years"],
        ["removeRow", "person", 1],
        ["get", "persons"],
        ["get", "years"],
        ["get", "person[2]/row"],
        ["text", "person[1]", "label"],
        ["rows", "person"],
        ["relevant", "person[3]/age"],
    )
    assert [seen[0], seen[1], seen[3]] == [49, 3, 50]
    assert seen[5:] == [2, 10, 2, "Anggota B", 2, False]


def test_it_makes_as_many_rows_as_the_count_says_and_keeps_those_it_hides(page: Page) -> None:
    seen = do(
        page,
        {"pets": 2},
        ["rows", "pet"],
        ["set", "pet[2]/called", "Manis"],
        ["set", "pets", 1],
        ["answers"],
        ["problems"],
        ["set", "pets", 2],
        ["get", "pet[2]/called"],
    )
    assert seen[0] == 2
    assert seen[3] == {"pets": 1, "pet": [{"kind": "kucing"}]}
    assert seen[4] == []
    assert seen[6] == "Manis"


def test_it_takes_no_more_than_60_rows(page: Page) -> None:
    with pytest.raises(Exception, match="takes no more rows"):
        do(page, {"person": [{} for _ in range(60)]}, ["addRow", "person"])


def test_it_finds_problems_under_a_prefix_only(page: Page) -> None:
    family = {"person": [{"age": "x"}, {"age": "y"}], "works": "9"}
    seen = do(page, family, ["problems", "person[2]"], ["problems", "person"], ["problems"])
    paths = [[problem["path"] for problem in found] for found in seen]
    assert paths == [
        ["person[2]/age"],
        ["person[1]/age", "person[2]/age"],
        ["works", "person[1]/age", "person[2]/age"],
    ]
