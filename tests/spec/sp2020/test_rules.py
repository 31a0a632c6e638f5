"""Runs the rules of SP2020: every rule is broken and kept by a family, and none is forgotten."""

from __future__ import annotations

import pytest

from tests.spec.sp2020.families import (
    FORM,
    INSTRUMENT,
    Case,
    Rule,
    cases,
    changed,
    checked,
    family,
    found,
    rules,
    schema,
)


def ruled() -> set[str]:
    """Return the schema paths of everything in the form that can refuse or warn."""
    return {
        node.path
        for node in INSTRUMENT.walk()
        if node.constraint is not None or (node.kind == "note" and (node.required or node.warning))
    }


@pytest.mark.parametrize("case", cases(), ids=str)
def test_it_finds_these_problems_and_no_other(case: Case) -> None:
    assert found(case.answers()) == case.expected()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("name", "persons"), [("five", 5), ("four", 4)])
def test_it_accepts_a_plausible_family(name: str, persons: int, language: str) -> None:
    result = checked(family(name), language)
    assert not result.problems
    assert result.persons == persons


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_rule_is_broken_by_one_family_and_kept_by_another(rule: Rule) -> None:
    mine = [case for case in cases() if case.rule == rule.name]
    broken = {schema(path) for case in mine for _, path in case.expected()}
    assert set(rule.nodes) <= broken, f"no family breaks {rule.name}"
    assert any(not case.problems for case in mine), f"no family keeps {rule.name}"


def test_every_rule_that_is_tested_is_documented() -> None:
    assert {case.rule for case in cases()} == {rule.name for rule in rules()}


def test_every_rule_of_the_form_is_documented() -> None:
    documented = {node for rule in rules() for node in rule.nodes}
    assert ruled() - documented == set()
    # A reason for the missing NIK is a question that has to be answered, not a rule of its own.
    assert documented - ruled() == {"person/identity/no_nik"}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_warnings_and_errors_are_told_apart(rule: Rule) -> None:
    assert {INSTRUMENT.nodes[node].warning for node in rule.nodes} == {rule.kind == "W"}


def test_every_message_is_in_the_language_asked_for() -> None:
    for case in cases():
        indonesian, english = (checked(case.answers(), code).problems for code in ("id", "en"))
        for one, other in zip(indonesian, english, strict=True):
            assert one.message != other.message, one
            assert len(one.message) > 10, one


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ("[3]/role/relationship = 01", {"Slamet Riyadi", "Budi Santoso"}),
        ("[3]/birth/birth_date/birth_year = 1970", {"Slamet Riyadi"}),
        ("[2]/role/sex = 1; [2]/role/relationship = 02", {"Slamet Riyadi", "Siti Aminah"}),
        ("[1]/stay/presence = 2", {"Siti Aminah"}),
    ],
)
def test_a_message_about_two_people_names_them(changes: str, named: set[str]) -> None:
    problems = checked(changed("five", changes)).problems
    message = next(each.message for each in problems if each.code == "rule")
    people = {"Slamet Riyadi", "Siti Aminah", "Budi Santoso", "Dewi Lestari", "Sumiati"}
    assert {name for name in people if name in message} == named


def test_no_rule_bars_the_way_before_people_are_entered() -> None:
    """ODK Collect does not turn the page past a blocking note, and starts with one empty person."""
    answers = family("five")
    answers["person"] = [{}]
    answers["members"] = {
        "missed": {"baby": "1", "worker": "1", "others": "1"},
        "staying": {"weekly": "1", "boarding": "1"},
        "leaving": {"student": "1", "absent": "1"},
    }
    assert {code for code, _ in found(answers)} == {"missing"}


def test_the_census_day_stands_in_one_place() -> None:
    assert FORM.read_text(encoding="utf-8").count("2020-02-15") == 1
