"""A family finds itself, and sees no more of the register than it should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cacah.collection import opened, window
from cacah.registry.actions import set_census
from cacah.registry.models import ProgressDelta

from .conftest import BUDI, INSTRUMENT, SITI, Somebody


def test_it_shows_names_and_relationships_at_once_and_nothing_else(device, family):
    answer = family.identify(device)
    assert answer.status == 200
    assert answer.json["prefill"] == {
        "household": {},
        "persons": [
            {"registered": "1", "name": "Siti Aminah", "relationship": "01"},
            {"registered": "1", "name": "Budi", "relationship": "04"},
        ],
    }
    assert answer.json["case"] == {"state": "expected", "revision": 0}
    assert answer.json["instrument"] == {"id": "tiny", "digest": INSTRUMENT.digest}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("member", [SITI, BUDI])
def test_any_member_of_the_family_may_begin_and_is_asked_about_another(device, family, member):
    answer = device.post("identify", nik=member["nik"], kk=family.kk)
    other = 2 if member is SITI else 1
    assert answer.json["question"] == {"kind": "birth_date", "person": other}


def test_a_single_person_is_asked_for_the_place_of_birth(device, another):
    assert another.identify(device).json["question"] == {"kind": "birth_place", "person": 1}


@pytest.mark.parametrize(
    ("width", "persons", "question"),
    [("none", 0, None), ("names", 2, None), ("all", 2, None)],
)
def test_a_setting_narrows_or_widens_the_prefill(
    device, family, settings, width, persons, question
):
    settings.CACAH_PREFILL = width
    answer = family.identify(device)
    assert len(answer.json["prefill"]["persons"]) == persons
    assert answer.json["question"] == question
    shown = {key for person in answer.json["prefill"]["persons"] for key in person}
    assert ("birth_year" in shown) == (width == "all")


def test_the_card_question_opens_the_rest(device, session):
    answer = device.post("card", session=session, answer="2005-08-17")
    assert answer.status == 200
    household = {"address": "Jl. Gajah Mada 12", "rt": "3", "area": "3325111015"}
    assert answer.json["prefill"]["household"] == household
    assert answer.json["prefill"]["persons"][0] == {"registered": "1"} | SITI


@pytest.mark.parametrize("written", ["Kota Pekalongan", "pekalongan", "PEKALONGAN ", "Pekalogan"])
def test_a_place_of_birth_is_compared_forgivingly(device, another, written):
    token = another.identify(device).json["session"]
    assert device.post("card", session=token, answer=written).status == 200


def test_a_wrong_card_answer_opens_nothing_and_three_a_day_are_enough(device, session):
    for left in (2, 1, 0):
        answer = device.post("card", session=session, answer="2005-08-18")
        assert (answer.status, answer.code) == (403, "card-answer-differs")
        assert answer.json["tries_left"] == left
    answer = device.post("card", session=session, answer="2005-08-17")
    assert (answer.status, answer.code) == (429, "slow-down")
    assert int(answer.headers["Retry-After"]) > 3600


def test_a_birth_date_that_the_register_does_not_know_is_not_asked_for(device):
    vague = BUDI | {"birth_month": "98", "birth_day": "98"}
    family = Somebody("3325010101150008", [SITI, vague])
    assert family.identify(device).json["question"] == {"kind": "birth_place", "person": 1}
    family = Somebody("3325010101150009", [SITI | {"birth_place": ""}, vague])
    assert family.identify(device).json["question"] is None


def test_the_card_question_stays_answered_in_the_session_that_it_gives(device, session):
    token = device.post("card", session=session, answer="2005-08-17").json["session"]
    assert device.post("card", session=token, answer="").status == 200


def test_a_right_card_answer_writes_nothing(device, session, django_assert_num_queries):
    device.post("card", session=session, answer="2005-08-17")
    from cacah.collection.models import Guess

    assert not Guess.objects.exists()


def test_opened_forms_are_counted_once_in_the_background(device, family):
    family.identify(device)
    family.identify(device)
    opened.flush()
    family.identify(device)
    opened.flush()
    assert family.case.state == "opened"
    assert sum(d.opened_families for d in ProgressDelta.objects.all()) == 1
    assert family.identify(device).json["case"]["state"] == "opened"


@pytest.mark.parametrize("state", ["not_home", "refused", "moved", "not_found"])
def test_what_an_officer_found_does_not_keep_a_family_out(device, state):
    found = Somebody("3325010101150007", [SITI], state=state)
    answer = found.identify(device)
    assert answer.json["case"]["state"] == "opened"
    assert found.submit(device, answer.json["session"]).status == 201


def test_it_says_when_the_census_opens(device, family):
    opens = datetime.now(UTC) + timedelta(days=2)
    set_census(opens_at=opens)
    window.forget()
    answer = family.identify(device)
    assert (answer.status, answer.code) == (403, "not-open")
    assert answer.json["opens_at"] == opens.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_says_that_the_census_has_closed(device, family):
    set_census(closes_at=datetime.now(UTC) - timedelta(minutes=1))
    window.forget()
    assert family.identify(device).code == "closed"


def test_a_site_without_a_census_is_not_open(device, family):
    from cacah.registry.models import Census

    Census.objects.all().delete()
    window.forget()
    assert family.identify(device).code == "not-open"
