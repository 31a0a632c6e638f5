"""Families of the rehearsal answer alike by the plain form and by the door."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cacah.collection import instruments
from cacah.collection.intake import census_day
from cacah.collection.plain import steps
from cacah.collection.plain.state import State, seal
from cacah.collection.plain.tests.family import PlainFamily
from cacah.collection.sessions import Session, issue
from cacah.questionnaire import interview
from cacah.rehearsal.answers import answers_for
from cacah.rehearsal.population import population

ONCE = [HealthCheck.function_scoped_fixture]
RECEIPT = {
    "number": "7XK2-9QPM-4TDR-2",
    "issued_at": "2020-02-20T03:04:05Z",
    "persons": 1,
    "census": "sp2020",
    "signed": "signed",
    "verify_url": "https://census.example/bukti/signed",
}


def clean(answers: dict[str, Any]) -> dict[str, Any]:
    today = census_day(datetime.now(UTC))
    checked = interview.check(instruments.current(), answers, today=today, language="id")
    assert not checked.problems
    return checked.clean


def sent_by_plain_form(answers: dict[str, Any]) -> dict[str, Any]:
    """Post page after page, from a form that nobody has filled in, and return what arrives."""
    digest, now = instruments.current().digest, datetime.now(UTC).timestamp()
    session = issue(Session(7, 0, 0, 1, int(now), digest))
    hidden = ("registered", "card_name", "card_relationship")
    rows = [{name: row[name] for name in hidden} for row in answers["person"]]
    family = {name: value for name, value in answers["family"].items() if isinstance(value, str)}
    state = State(session, digest, "nonce", {"family": family, "person": rows})
    somebody = PlainFamily("", "", answers)
    somebody.send({"state": seal(state, now), "go": "tasks"})
    with patch.object(steps, "submit", return_value=(201, RECEIPT)) as door:
        somebody.fill_until("confirm").press("confirm").press("send")
    return door.call_args.args[0]


@pytest.mark.django_db
@settings(deadline=None, max_examples=3, suppress_health_check=ONCE, phases=[Phase.generate])
@given(st.integers(0, 10**6), st.sampled_from(["3325", "53", "9171"]))
def test_the_plain_form_brings_the_same_answers_as_the_door(seed: int, area: str) -> None:
    for family in population(area, 1, seed):
        answers = answers_for(family, Random(seed))
        sent = sent_by_plain_form(answers)
        assert sent["answers"] == answers
        assert clean(sent["answers"]) == clean(answers)
        assert sent["remarks"] == {}
