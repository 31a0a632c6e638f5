"""Who is not found, or cannot fill in, has a way in the plain form too."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cacah.collection import sessions
from cacah.collection.models import Submission
from cacah.registry.models import Case, VisitRequest

from .family import PlainFamily, number_of

DETAILS = {"name": "Siti Aminah", "persons": "1", "address": "Jl. Veteran 3", "contact": "0812"}
BATANG = {"cari:village": "kauman batang"}


@pytest.fixture
def stranger(site: Any) -> PlainFamily:
    return PlainFamily("3325116104780002", "3325119999999999", {})


def left(stranger: PlainFamily, button: str = "unlisted") -> PlainFamily:
    """Leave word, the village searched for and chosen from what is found."""
    stranger.identify().press(button).press("search", **DETAILS, **BATANG)
    villages = stranger.form.offered["village"] or []
    assert len(villages) > 1
    return stranger.press("next", village=villages[1])


def test_a_family_that_is_not_found_leaves_word_and_answers_at_once(
    stranger: PlainFamily,
) -> None:
    stranger.identify()
    assert stranger.response.status_code == 404
    assert "Tetap tidak ditemukan" in stranger.html
    left(stranger)
    reference = number_of(stranger)
    assert Case.objects.get().state == "unlisted"
    stranger.press("tasks").press("section:person[1]")
    assert stranger.form.fields.get("person[1]/identity/name") == "Siti Aminah"
    assert reference.count("-") == 3


def test_the_details_are_sent_once_however_often_the_button_is_pressed(
    stranger: PlainFamily,
) -> None:
    stranger.identify().press("unlisted").press("search", **DETAILS, **BATANG)
    village = (stranger.form.offered["village"] or [])[1]
    fields = {**stranger.form.fields, "village": village, "go": "next"}
    first = number_of(stranger.send(fields))
    assert number_of(stranger.send(fields)) == first
    assert Case.objects.count() == 1


def test_what_is_missing_is_told_and_the_rest_stays(stranger: PlainFamily) -> None:
    stranger.press("visit", nik="", kk="").press("next", **(DETAILS | {"persons": "0"}))
    assert 'href="#f-persons"' in stranger.html and 'href="#f-village"' in stranger.html
    assert stranger.form.fields["name"] == "Siti Aminah" and stranger.form.fields["visit"] == "1"
    stranger.press("search", **{"cari:village": "qqqqqq"})
    assert "village" not in stranger.form.offered


def test_a_reference_number_leads_back_to_the_form(
    stranger: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = number_of(left(stranger))
    stranger.press("tasks")
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "LIFETIME_SECONDS", -1)
        stranger.press("visit").press("next", reason="other")
    assert stranger.response.status_code == 403 and "reference" in stranger.form.offered
    stranger.press("next", reference=reference)
    assert stranger.response.status_code == 200 and "section:family" in stranger.form.buttons
    stranger.response = stranger.client.get("/polos/")
    stranger.press("unlisted").press("returning").press("next", reference="7XK2-9QPM-4TDR-2")
    assert stranger.response.status_code == 404
    stranger.press("next", reference=reference.lower())
    assert "section:family" in stranger.form.buttons


def test_the_proof_of_an_unlisted_family_says_that_it_is_to_be_verified(
    stranger: PlainFamily, five: dict[str, Any]
) -> None:
    person = five["answers"]["person"][0]
    answers = five["answers"] | {"person": [person | {"registered": ""}]}
    known = PlainFamily(stranger.nik, "3325119999999998", answers)
    left(known).press("tasks").fill_until("confirm").press("confirm").press("send")
    assert "Perlu diperiksa" in known.html or "diverifikasi" in known.html.lower()
    assert Submission.objects.count() == 1
    assert re.search(r"1 orang|Satu orang", known.html)


def test_a_family_that_found_itself_asks_to_be_visited(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("visit").press("next")
    assert 'href="#f-reason"' in plain.html
    plain.press("next", reason="cannot_read", contact="0812", note="Sore hari")
    assert VisitRequest.objects.get().reason == "cannot_read"
    assert "section:family" in plain.press("tasks").form.buttons


@pytest.mark.parametrize(
    "spoiled",
    [
        {"key": "x"},
        {"village": "9999999999"},
        {"village": "x"},
        {"name": "x" * 200},
        {"nik": "12"},
        {"reference": "x"},
    ],
)
def test_details_that_no_page_sends_are_refused(
    stranger: PlainFamily, spoiled: dict[str, str]
) -> None:
    stranger.identify().press("unlisted").press("search", **DETAILS, **BATANG)
    village = (stranger.form.offered["village"] or [])[1]
    stranger.send({**stranger.form.fields, "village": village, "go": "next", **spoiled})
    assert stranger.response.status_code == 400
    assert not Case.objects.exists()
