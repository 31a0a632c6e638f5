"""The table of transitions is whole, and the page that shows it was printed from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cacah.registry import cases
from cacah.registry.models import State

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cases.md"


def test_the_page_shows_the_table():
    assert f"```mermaid\n{cases.diagram()}```" in PAGE.read_text()


def test_every_state_can_be_reached_and_only_begins_at_two():
    reached = {t.target for t in cases.TRANSITIONS if set(t.sources) != {t.target}}
    assert set(State) - reached == {State.EXPECTED, State.UNLISTED}


def test_a_verb_leads_from_a_state_to_one_state_only():
    verbs = [transition.verb for transition in cases.TRANSITIONS]
    assert len(verbs) == len(set(verbs))


def test_an_answer_is_never_taken_back_by_what_an_officer_finds():
    for transition in cases.TRANSITIONS:
        if set(transition.sources) & set(cases.ANSWERED):
            assert transition.target in cases.ANSWERED


@pytest.mark.parametrize("state", cases.UNANSWERED)
def test_a_family_that_has_not_answered_may_always_answer(state):
    assert state.value in cases.sources("submit")


def test_a_verb_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        cases.sources("forget")
    with pytest.raises(KeyError):
        cases.target("forget")
