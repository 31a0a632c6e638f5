"""A family that was guided or invited is counted so, and nothing made up is believed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cacah.collection import guide
from cacah.registry.models import ProgressDelta

from .conftest import submission_key

pytestmark = pytest.mark.django_db


def test_a_family_in_a_session_is_counted_as_guided(device, family, session):
    seat = guide.token("7K2MQX.12")
    sent = family.submit(device, session, guide=seat, invitation="AJAK1234")
    assert sent.status == 201
    case = family.case
    assert (case.mode, case.guide, case.invitation) == ("guided", "7K2MQX.12", "AJAK1234")
    counted = ProgressDelta.objects.filter(complete_families__gt=0)
    assert [delta.mode for delta in counted] == ["guided"]


def test_what_it_corrects_later_at_home_stays_the_sessions(device, family, session):
    number = family.submit(device, session, guide=guide.token("7K2MQX.12")).json["number"]
    again = family.identify(device, receipt=number).json["session"]
    assert family.submit(device, again, key=submission_key(2)).status == 201
    assert (family.case.mode, family.case.guide) == ("cawi", "7K2MQX.12")


@pytest.mark.parametrize(
    "made_up",
    [
        "7K2MQX.12",
        "7K2MQX.12.AAAAAAAAAAAAAAAA",
        guide.SEAT.pattern,
        "..",
        "",
        "É.1.x",
        "7K2MQX.13." + "7K2MQX.12",
    ],
)
def test_a_session_that_is_made_up_is_as_good_as_none(device, family, session, made_up):
    sent = family.submit(device, session, guide=made_up, invitation=made_up.lower())
    assert sent.status == 201
    assert (family.case.mode, family.case.guide, family.case.invitation) == ("cawi", None, None)


def test_a_token_of_another_seat_does_not_fit(settings):
    signature = guide.token("7K2MQX.12").rpartition(".")[2]
    assert guide.seat_of("7K2MQX.12." + signature) == "7K2MQX.12"
    assert guide.seat_of("7K2MQX.13." + signature) == ""
    with pytest.raises(ValueError, match="a seat is"):
        guide.token("sesi 12")


def test_the_way_to_the_form_keeps_an_invitation_and_nothing_made_up(client, monkeypatch):
    forms = SimpleNamespace(forms={"id": "/static/form.html"})
    monkeypatch.setattr("cacah.collection.shell.assets", lambda: forms)
    kept = client.get("/isi/?bersama=1&ajakan=AJAK1234")
    assert kept.url == "/static/form.html?bersama=1&ajakan=AJAK1234"
    for made_up in ("ajak", "AJAK1234%0d%0a", "A" * 17, '"><b>'):
        assert client.get(f"/isi/?ajakan={made_up}").url == "/static/form.html"
