"""Answers are checked in one pass, whatever a client sends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacah.questionnaire.interview import MAX_PROBLEMS, MAX_ROWS, Checked, check
from cacah.questionnaire.model import Instrument
from cacah.questionnaire.source import from_markdown

TODAY = date(2020, 2, 15)
FORM = (Path(__file__).parent / "little.md").read_text(encoding="utf-8")
SITI = {"name": "Siti", "age": 30, "works": "1"}


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return from_markdown(FORM)


def checked(instrument: Instrument, answers: Any, language: str = "id") -> Checked:
    return check(instrument, answers, today=TODAY, language=language)


def found(instrument: Instrument, answers: Any) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in checked(instrument, answers).problems]


def test_a_good_family_has_no_problem(instrument: Instrument) -> None:
    outcome = checked(instrument, {"home": {"street": "A"}, "person": [SITI]})
    assert outcome.problems == []
    assert outcome.persons == 1
    assert outcome.clean == {
        "home": {"street": "A"},
        "person": [{**SITI, "row": 1}],
        "persons": 1,
    }


def test_it_speaks_the_language_that_is_asked_for(instrument: Instrument) -> None:
    answers = {"home": {"street": "A"}, "person": [{**SITI, "name": "S", "age": 101}]}
    indonesian = [each.message for each in checked(instrument, answers).problems]
    english = [each.message for each in checked(instrument, answers, "en").problems]
    french = [each.message for each in checked(instrument, answers, "fr").problems]
    assert indonesian == ["Nama S terlalu pendek", "Umur 101 jarang"]
    assert english == ["The name S is too short", "101 is rare"]
    assert french == indonesian


def test_nothing_at_all_is_told_as_missing(instrument: Instrument) -> None:
    for answers in ({}, None, {"home": {}, "person": []}, {"home": None, "person": None}):
        assert found(instrument, answers) == [("missing", "home/street"), ("rule", "nobody")]


def test_what_is_not_relevant_is_dropped(instrument: Instrument) -> None:
    outcome = checked(
        instrument, {"home": {"street": "A"}, "person": [{**SITI, "age": 5, "works": "x"}]}
    )
    assert outcome.problems == []
    assert "works" not in outcome.clean["person"][0]


def test_clean_answers_are_as_clean_when_they_come_again(instrument: Instrument) -> None:
    once = checked(instrument, {"home": {"street": "A"}, "person": [SITI, {**SITI, "age": 5}]})
    assert checked(instrument, once.clean) == once


WRONG_VALUES: list[tuple[str, Any]] = [
    ("name", 5),
    ("name", ["x"]),
    ("name", {"a": 1}),
    ("name", True),
    ("name", "x" * 1001),
    ("name", "a\x00b"),
    ("name", "\ud800"),
    ("name", "\ufffe"),
    ("age", "30"),
    ("age", 30.0),
    ("age", True),
    ("age", 2**31),
    ("age", -(10**400)),
    ("born", "2020-02-30"),
    ("born", "15-02-2020"),
    ("born", 20200215),
    ("weight", "1.5"),
    ("weight", float("nan")),
    ("weight", float("inf")),
    ("weight", 10**400),
    ("works", 1),
    ("both", ["1"]),
]


@pytest.mark.parametrize(("name", "value"), WRONG_VALUES)
def test_it_refuses_values_of_another_type(instrument: Instrument, name: str, value: Any) -> None:
    answers = {"home": {"street": "A"}, "person": [{**SITI, name: value}]}
    problems = found(instrument, answers)
    assert problems[0] == ("type", f"person[1]/{name}")
    assert ("missing", f"person[1]/{name}") not in problems


def test_it_refuses_choices_that_are_not_offered(instrument: Instrument) -> None:
    person = {**SITI, "works": "3", "both": "1 3"}
    problems = found(instrument, {"home": {"street": "A"}, "person": [person]})
    assert problems == [("choice", "person[1]/works"), ("choice", "person[1]/both")]
    for both in ("1 1", " 1", "1  2", "1 "):
        person = {**SITI, "both": both}
        problems = found(instrument, {"home": {"street": "A"}, "person": [person]})
        assert problems == [("choice", "person[1]/both")], both


def test_it_refuses_what_the_form_does_not_have(instrument: Instrument) -> None:
    answers = {"home": {"street": "A", "x": 1}, "person": [{**SITI, "\ud800": 1}], "y": {"z": []}}
    problems = checked(instrument, answers).problems
    assert [each.code for each in problems] == ["unknown"] * 3
    json.dumps([each.path for each in problems]).encode()
    assert "\\ud800" in problems[1].path


def test_it_refuses_shapes_that_the_form_does_not_have(instrument: Instrument) -> None:
    for answers, path in (
        ([], ""),
        ("x", ""),
        ({"home": []}, "home"),
        ({"home": "x"}, "home"),
        ({"person": {}}, "person"),
        ({"person": "x"}, "person"),
        ({"person": ["x"]}, "person[1]"),
    ):
        assert ("type", path) in found(instrument, answers), answers


def test_it_takes_no_more_than_sixty_rows(instrument: Instrument) -> None:
    sixty = {"home": {"street": "A"}, "person": [SITI] * MAX_ROWS}
    assert found(instrument, sixty) == []
    more = {"home": {"street": "A"}, "person": [SITI] * 5_000}
    assert found(instrument, more) == [("rows", "person")]
    assert checked(instrument, more).persons == MAX_ROWS


def test_it_bounds_how_much_it_tells(instrument: Instrument) -> None:
    assert len(found(instrument, {f"x{n}": 1 for n in range(10_000)})) == MAX_PROBLEMS


def test_a_calculation_that_is_sent_counts_nothing(instrument: Instrument) -> None:
    answers = {"home": {"street": "A"}, "person": [{**SITI, "row": 9}], "persons": 99}
    outcome = checked(instrument, answers)
    assert outcome.persons == 1
    assert outcome.clean["person"][0]["row"] == 1


def test_it_names_the_places_that_the_register_fills(instrument: Instrument) -> None:
    assert instrument.register_fields() == {
        "address": ("home/street",),
        "persons": ("person",),
        "name": ("person/name",),
    }


def test_the_digest_follows_the_rules_and_texts_alone(instrument: Instrument) -> None:
    assert from_markdown(FORM).digest == instrument.digest
    assert from_markdown(FORM.replace("| | text | street", "| | text  | street")).digest == (
        instrument.digest
    )
    assert from_markdown(FORM.replace("130", "131")).digest != instrument.digest
    assert from_markdown(FORM.replace("Street", "Road")).digest != instrument.digest


KEYS = st.sampled_from(
    ["home", "street", "person", "name", "age", "born", "weight", "works", "both", "row", "x", ""]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["1", "1 2", "2020-02-15", "Siti", "\ud800", "\x00"])
    | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=6),
    max_leaves=30,
)


@given(VALUES)
def test_no_json_whatever_breaks_it(answers: Any) -> None:
    outcome = check(HOSTILE, answers, today=TODAY, language="id")
    again = check(HOSTILE, outcome.clean, today=TODAY, language="id")
    assert again.clean == outcome.clean
    assert not {"type", "unknown", "rows"} & {each.code for each in again.problems}


HOSTILE = from_markdown(FORM)
