"""Goes through every question of SP2020: whom it asks, how it is worded, which options it has."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from cacah.questionnaire.asking import Asking as Reader
from cacah.questionnaire.model import Node
from tests.spec.sp2020.families import (
    INSTRUMENT,
    TODAY,
    Asking,
    askings,
    checked,
    family,
    options,
    schema,
)
from tests.spec.sp2020.families import put as put_at

LANGUAGES = {"id", "en", "jv", "su"}
ROW = 4  # the row of the family of five whose answers are varied
QUESTIONS = [n for n in INSTRUMENT.walk() if n.kind == "question" and n.type != "hidden"]
SELECTS = [n for n in QUESTIONS if n.list]
ADDRESS = {"province": "33", "regency": "3326", "district": "Wiradesa", "village": "Kepatihan"}

# What has to be answered before a question is asked at all.
FIRST: dict[str, dict[str, Any]] = {
    "family/address_now": {
        "family/address/at_registered": "2",
        "family/address_now": ADDRESS | {"street": "Jl. Pemuda 3", "rt": 1, "rw": 2},
    },
    "person/address_own": {
        "person/residence/same_address": "2",
        "person/address_own": {f"own_{key}": value for key, value in ADDRESS.items()}
        | {"own_street": "Pondok Al Hikmah"},
    },
    "person/identity/no_nik": {"person/identity/nik": "", "person/identity/no_nik": "1"},
    "person/origin/country": {
        "person/origin": {"citizenship": "2", "country": "JP"},
    },
    "person/origin/ethnic_other": {
        "person/origin": {"citizenship": "1", "ethnic": "lain", "ethnic_other": "Kubu"},
    },
    "person/activity/activity_other": {
        "person/activity": {"main_activity": "4", "activity_other": "Magang"},
    },
    "person/activity/pensioner": {
        "person/birth/birth_date/birth_year": 2004,
        "person/activity": {"main_activity": "3", "pensioner": "2"},
    },
    "person/work": {
        "person/activity": {"main_activity": "1"},
        "person/work": {"occupation": "lain", "occupation_other": "Pembatik", "work_status": "7"},
    },
}


def at(path: str) -> str:
    """Return the place in the varied row that a schema path names."""
    return path.replace("person/", f"person[{ROW}]/", 1)


def put(answers: dict[str, Any], path: str, value: Any) -> None:
    put_at(answers, at(path), value)


def asking(path: str) -> dict[str, Any]:
    """Return a family in which the question at this schema path is asked and answered."""
    answers = family()
    for prefix, first in FIRST.items():
        if path == prefix or path.startswith(prefix + "/"):
            for each, value in first.items():
                put(answers, each, deepcopy(value))
    return answers


def codes_at(answers: dict[str, Any], path: str) -> set[str]:
    return {each.code for each in checked(answers).problems if each.path == at(path)}


@pytest.mark.parametrize("node", QUESTIONS, ids=lambda node: node.path)
def test_a_required_question_left_open_is_missing(node: Node) -> None:
    answers = asking(node.path)
    optional = {"rt", "rw", "own_rt", "own_rw", "nik", "marriage_certificate"}
    assert (not node.required) == (node.name in optional)
    assert codes_at(answers, node.path) <= {"warning"}
    put(answers, node.path, "")
    assert ("missing" in codes_at(answers, node.path)) == (node.name not in optional)


@pytest.mark.parametrize("row", askings(), ids=str)
def test_it_asks_only_whom_a_question_concerns(row: Asking) -> None:
    answers = row.answers()
    reader = Reader(INSTRUMENT, answers, today=TODAY, language="id")
    assert reader.relevant(row.path) == row.is_shown
    if INSTRUMENT.nodes[schema(row.path)].required:
        put_at(answers, row.path, "")
        missing = any(each.path == row.path for each in checked(answers).problems)
        assert missing == row.is_shown


def test_every_condition_is_met_in_one_row_and_not_in_another() -> None:
    rows = [(schema(row.path), row.is_shown) for row in askings()]
    conditional = {
        node.path
        for node in INSTRUMENT.walk()
        if node.relevant is not None and node.kind != "calculate"
        if not (node.kind == "note" and (node.required or node.warning))
    }
    for path in conditional:
        shown = {yes for each, yes in rows if each == path or each.startswith(path + "/")}
        assert shown == {True, False}, path


@pytest.mark.parametrize("node", SELECTS, ids=lambda node: node.path)
def test_it_takes_every_option_and_no_other(node: Node) -> None:
    answers = asking(node.path)
    for choice in INSTRUMENT.lists[node.list]:
        if node.list == "regency":
            put(answers, node.path.replace("regency", "province"), choice.value[:2])
        put(answers, node.path, choice.value)
        # "New member" is what somebody is who was not on the register; nobody chooses it.
        refused = node.name == "presence" and choice.value == "5"
        assert ("choice" in codes_at(answers, node.path)) == refused, choice
    put(answers, node.path, "77777")
    assert "choice" in codes_at(answers, node.path)


@pytest.mark.parametrize("name", ["regency", "own_regency"])
def test_it_takes_no_regency_of_another_province(name: str) -> None:
    path = next(n.path for n in QUESTIONS if n.name == name)
    answers = asking(path)
    put(answers, path, "1101")
    assert "choice" in codes_at(answers, path)


@pytest.mark.parametrize("name", sorted(options()))
def test_a_list_has_the_codes_that_are_documented(name: str) -> None:
    codes = [choice.value for choice in INSTRUMENT.lists[name]]
    if documented := options()[name]:
        assert codes == documented
    else:  # a list too long to be written out there: each code once
        assert len(set(codes)) == len(codes) > 10


def test_every_list_is_documented() -> None:
    assert set(options()) == set(INSTRUMENT.lists)


def test_the_area_lists_are_complete() -> None:
    provinces = {choice.value for choice in INSTRUMENT.lists["province"]}
    regencies = [choice.value for choice in INSTRUMENT.lists["regency"]]
    assert (len(provinces), len(set(regencies))) == (38, 514)
    assert {code[:2] for code in regencies} == provinces


def test_every_text_is_in_every_language() -> None:
    for node in INSTRUMENT.walk():
        if node.kind == "calculate" or node.type == "hidden":
            continue
        assert set(node.label) == LANGUAGES, node.path
        if node.kind == "question":
            assert set(node.help) == LANGUAGES, f"{node.path} has no help"
        if node.kind == "question" and node.required:
            assert set(node.required_message) == LANGUAGES, node.path
        if node.constraint is not None:
            assert set(node.constraint_message) == LANGUAGES, node.path
        assert not node.hint or set(node.hint) == LANGUAGES, node.path
    for choices in INSTRUMENT.lists.values():
        assert all(set(choice.label) == LANGUAGES for choice in choices)


@pytest.mark.parametrize("presence", ["2", "3", "4", "6"])
def test_whoever_does_not_live_here_is_asked_nothing_more(presence: str) -> None:
    answers = family()
    put(answers, "person/stay/presence", presence)
    result = checked(answers)
    assert not result.problems
    assert result.persons == 4
    row = result.clean["person"][ROW - 1]
    groups = {name for name, value in row.items() if isinstance(value, dict) and value}
    assert groups == {"stay"}
    assert row["presence_code"] == presence


def test_an_added_person_is_a_new_member_and_not_asked_about_presence() -> None:
    answers = family("four")
    row = checked(answers).clean["person"][3]
    assert row["presence_code"] == "5"
    assert not row.get("stay")


def test_a_small_child_is_not_asked_about_schooling_or_work() -> None:
    answers = family()
    for name, value in {"birth_day": "16", "birth_month": "2", "birth_year": 2015}.items():
        put(answers, f"person/birth/birth_date/{name}", value)
    row = checked(answers).clean["person"][ROW - 1]
    assert row["age"] == 4
    assert not {"schooling", "activity", "work"} & {key for key, value in row.items() if value}


@pytest.mark.parametrize(
    ("rt", "rw", "shown"),
    [("003", "002", ", RT 003, RW 002"), ("3", "", ", RT 3"), ("", "2", ", RW 2"), ("", "", "")],
)
def test_it_shows_the_address_on_the_card(rt: str, rw: str, shown: str) -> None:
    answers = family()
    answers["family"] |= {"registered_rt": rt, "registered_rw": rw}
    reader = Reader(INSTRUMENT, answers, today=TODAY, language="id")
    address = answers["family"]["registered_address"]
    said = reader.text("family/address/registered_at", "label")
    assert said == f"Alamat pada kartu keluarga: {address}{shown}"


def test_a_date_after_the_census_day_is_refused_with_that_day() -> None:
    answers = family()
    put(answers, "person/birth/birth_date/birth_year", 2021)
    put(answers, "person/residence/since/since_year", 2021)
    messages = [each.message for each in checked(answers).problems if each.code == "constraint"]
    assert len(messages) == 2
    assert all("1895 dan 2020" in each and "15-2-2020" in each for each in messages)


def test_presence_is_the_first_question_about_a_person() -> None:
    assert next(n for n in QUESTIONS if n.path.startswith("person/")).name == "presence"


def test_it_never_asks_for_parents_names_income_tax_or_bank() -> None:
    never = re.compile(r"\b(nama (ibu|ayah|orang tua)|gaji|upah|penghasilan|pajak|rekening bank)\b")
    for node in QUESTIONS:
        assert not never.search(str(node.label.get("id", "")).lower()), node.path
