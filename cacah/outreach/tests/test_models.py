"""The tables keep what the models promise."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from cacah.outreach.models import (
    Activity,
    GuidedSession,
    Handout,
    Invitation,
    Item,
    Place,
    Proposal,
    Seat,
    StockMove,
    Visit,
)
from cacah.outreach.tests.cast import KUPANG, MONDAY, institution, team, visit
from cacah.staff.tests.cast import area

pytestmark = pytest.mark.django_db
NOON = datetime(2099, 2, 16, 5, tzinfo=UTC)


def refused(model: Any, **fields: Any) -> None:
    """Check that the database itself does not take this row."""
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)
        connection.check_constraints()


def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", "outreach", "staff", verbosity=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"working_days": []},
        {"working_days": [8]},
        {"visits_per_week": 0},
        {"ends": time(7)},
        {"base_latitude": -10.2},
        {"base_latitude": -100.0, "base_longitude": 123.6},
    ],
)
def test_an_impossible_team_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        team("Tim", KUPANG, **wrong)


def test_two_teams_of_an_area_have_two_names() -> None:
    team("Tim Kelapa Lima")
    with pytest.raises(IntegrityError), transaction.atomic():
        team("Tim Kelapa Lima")


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": -10.2},
        {"opens": time(9)},
        {"opens": time(9), "closes": time(9)},
        {"closed_days": [0]},
        {"minutes": 0},
        {"priority": 4},
    ],
)
def test_an_impossible_destination_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        institution(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 1},
        {"state": "done"},
        {"state": "cancelled"},
        {"cancel_reason": "closed"},
        {"locked": True},
        {"minutes": 0},
        {"cost": -1},
        {"kind": "party"},
        {"institution": None},
        {"latitude": -10.2},
    ],
)
def test_an_impossible_visit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        visit(**wrong)


def test_a_visit_of_a_team_has_a_day_and_a_place_in_it() -> None:
    theirs = visit(by=team())
    assert (theirs.day, theirs.position) == (MONDAY, 1)
    for gone in ("day", "position"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(pk=theirs.pk).update(**{gone: None})


def test_two_visits_do_not_take_one_place_but_may_change_places() -> None:
    ours = team()
    one, two = visit(by=ours), visit(by=ours)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=two.pk).update(position=1)
        connection.check_constraints()
    with transaction.atomic():
        Visit.objects.filter(pk=two.pk).update(position=1)
        Visit.objects.filter(pk=one.pk).update(position=2)
    assert list(ours.visits.order_by("position")) == [two, one]


def test_an_institution_waits_for_a_visit_once() -> None:
    there = institution()
    visit(there)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit(there)


def test_a_week_begins_on_monday_and_is_proposed_once_at_a_time() -> None:
    refused(Proposal, area=area(KUPANG), monday=MONDAY.replace(day=17))
    Proposal.objects.create(area=area(KUPANG), monday=MONDAY)
    refused(Proposal, area=area(KUPANG), monday=MONDAY)


def test_a_meeting_is_of_a_known_kind() -> None:
    fields = {"area": area(KUPANG), "title": "Rakor", "day": MONDAY, "starts_at": time(9)}
    refused(Activity, kind="party", **fields)
    assert Activity.objects.create(kind="rakorcam", **fields).minutes == 120


def test_a_seat_is_numbered_once_and_says_why_it_did_not_finish() -> None:
    session = GuidedSession.objects.create(
        code="A1B2C3D", title="Aula", area=area(KUPANG), opens_at=NOON
    )
    fields: dict[str, Any] = {"session": session, "joined_at": NOON}
    Seat.objects.create(number=12, **fields)
    refused(Seat, number=12, **fields)
    refused(Seat, number=0, **fields)
    refused(Seat, number=13, state="not_finished", **fields)
    refused(Seat, number=13, reason="refused", **fields)
    refused(Seat, number=13, hint="Lihat KK", **fields)
    refused(GuidedSession, code="A1B2C3", title="Aula", area=area(KUPANG), opens_at=NOON)
    refused(
        GuidedSession, code="A1B2C3E", title="Aula", area_id=KUPANG, opens_at=NOON, closes_at=NOON
    )


def test_a_receipt_and_a_family_have_one_souvenir() -> None:
    fields: dict[str, Any] = {
        "place": Place.objects.create(name="Gudang", area=area(KUPANG)),
        "item": Item.objects.create(kind="pen"),
        "handed_at": NOON,
    }
    Handout.objects.create(receipt_digest=bytes(16), household_id=7, **fields)
    refused(Handout, receipt_digest=bytes(16), **fields)
    refused(Handout, receipt_digest=b"1" * 16, household_id=7, **fields)


def test_a_move_of_stock_has_the_sign_of_its_kind() -> None:
    here = Place.objects.create(name="Gudang", area=area(KUPANG))
    item = Item.objects.create(kind="pen")
    for kind, pieces in (("received", -1), ("handed_out", 1), ("transfer", 0), ("transfer", 5)):
        refused(StockMove, place=here, item=item, kind=kind, pieces=pieces)
    refused(StockMove, place=here, item=item, kind="transfer", pieces=-5, other=here)
    StockMove.objects.create(place=here, item=item, kind="received", pieces=100)


def test_an_institution_has_one_invitation_of_its_own() -> None:
    whose = institution()
    Invitation.objects.create(code="AAAA", kind="institution", institution=whose)
    refused(Invitation, code="BBBB", kind="institution", institution=whose)
    refused(Invitation, code="CCCC", kind="institution")
    refused(Invitation, code="AAAA", kind="person", institution=whose)
    refused(Invitation, code="DDDD", kind="person", opened=-1)
