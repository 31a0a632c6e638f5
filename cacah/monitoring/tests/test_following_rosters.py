"""Rosters follow what households do, and their counts are exact before and after the fold."""

from __future__ import annotations

import pytest

from cacah.institutions import actions, queries
from cacah.institutions.models import RosterEntry
from cacah.institutions.tests.cast import answers, family, institution, opens, people
from cacah.monitoring.actions import fold_all

pytestmark = pytest.mark.django_db
STATES = ("complete", "opened", "not_yet", "not_found", "exempt")


def counts(institution_id: int) -> dict[str, int]:
    """Return the counts that are not zero, having asked the judge too."""
    found = queries.participation(institution_id)
    shown = {state: getattr(found, state) for state in STATES if getattr(found, state)}
    assert shown == queries.recount(institution_id)
    return shown


def test_a_roster_is_matched_to_the_register_when_it_comes():
    dinas = institution()
    family(1, 1, 2), family(2, 3)
    answers(1)
    opens(2)
    stored = actions.add_entries(by=None, institution=dinas.pk, people=people(1, 2, 3, 4))
    assert (stored.added, stored.kept, stored.removed) == (4, 0, 0)
    assert counts(dinas.pk) == {"complete": 2, "opened": 1, "not_found": 1}


def test_counts_are_right_before_the_fold_and_after_it():
    dinas = institution()
    unit = institution("Puskesmas", parent=dinas)
    family(1, 1, 2), family(2, 3), family(-5)
    actions.add_entries(by=None, institution=dinas.pk, people=people(1, 2, 3, 4))
    actions.add_entries(by=None, institution=dinas.pk, people=people(5, unit=unit))
    assert counts(dinas.pk) == {"not_yet": 3, "not_found": 2}
    opens(1)
    answers(2, naming=[4])
    answers(-5, naming=[5])
    expected = {"opened": 2, "complete": 3}
    assert queries.league(institution=dinas.pk)[0].complete == 1
    assert {s: getattr(queries.participation(dinas.pk), s) for s in expected} == expected
    fold_all()
    actions.follow(households=[1, 2, -5])
    assert counts(dinas.pk) == expected
    assert RosterEntry.objects.filter(state="complete").count() == 3


def test_who_was_found_in_two_households_is_as_far_as_the_further_one():
    dinas = institution()
    family(1, 1), family(2, 1)
    actions.add_entries(by=None, institution=dinas.pk, people=people(1))
    answers(2)
    assert queries.participation(dinas.pk).complete == 1
    actions.follow(households=[2])
    assert counts(dinas.pk) == {"complete": 1}
    opens(1)
    actions.follow(households=[1])
    assert counts(dinas.pk) == {"complete": 1}
