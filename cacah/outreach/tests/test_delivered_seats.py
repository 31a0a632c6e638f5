"""What a laptop delivers of its seats: the board has them, and the session's figures count them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cacah.collection.delivered import Refused
from cacah.collection.models import Pack
from cacah.collection.packs.actions import make_pack
from cacah.institutions.tests.cast import family
from cacah.outreach.actions.delivered import take_seat_in, trace_delivery
from cacah.outreach.models import GuidedSession, Seat, SessionPack
from cacah.outreach.queries.sessions import board
from cacah.outreach.queries.yields import efforts
from cacah.registry.models import Case
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import area

pytestmark = pytest.mark.django_db

VILLAGE = "3325111015"
NOW = datetime.now(UTC).replace(microsecond=0)
# Prepared in the office on a Monday; held three days later in the village.
OPENED, HELD = NOW - timedelta(days=5), NOW - timedelta(days=2)


@pytest.fixture
def hall() -> GuidedSession:
    return GuidedSession.objects.create(
        code="AB12CDX", title="Balai desa", area=area(VILLAGE), opens_at=OPENED, offline=True
    )


def pack_of(hall: GuidedSession, serial: int = 1) -> Pack:
    pack = make_pack(
        public_key=bytes([serial]) * 32,
        session_code=hall.code,
        instrument="0123456789abcdef",
        valid_until=NOW + timedelta(days=9),
        at=OPENED,
    )
    SessionPack.objects.create(
        pack=pack, session=hall, serial=serial, areas=[VILLAGE], families=1, left_out=0
    )
    return pack


@pytest.fixture
def pack(hall: GuidedSession) -> Pack:
    return pack_of(hall)


def seat(number: int = 1001, **said: Any) -> dict[str, Any]:
    told = {"kind": "seat", "number": number, "joined_at": HELD, "state": "joined"}
    return told | dict.fromkeys(("reason", "block", "id", "submitted_at")) | said


def test_a_laptops_seats_stand_on_the_board_and_a_repeat_changes_nothing(hall, pack):
    assert take_seat_in(pack, seat(1001, state="started", block="tasks")) == "stored"
    assert take_seat_in(pack, seat(1001, state="started", block="tasks")) == "again"
    assert take_seat_in(pack, seat(1002, state="not_finished", reason="no_documents")) == "stored"
    assert take_seat_in(pack, seat(1001, state="finished", id=7, submitted_at=HELD)) == "stored"
    (second, first) = sorted(board(hall, NOW), key=lambda place: -place.seat.number)
    assert (first.state, first.seat.household_id) == ("finished", 7)
    assert (second.state, second.seat.reason) == ("not_finished", "no_documents")


def test_each_delivery_that_brings_something_leaves_a_line_and_a_repeat_none(hall, pack):
    for outcomes in ({"stored": 2, "again": 1}, {"again": 3}, {"refused": 1}):
        trace_delivery(pack.pk, Counter(outcomes))
    lines = AuditEntry.objects.filter(verb="outreach.pack_delivered").order_by("pk")
    assert [(line.subject, line.area) for line in lines] == [(str(hall.pk), VILLAGE)] * 2
    assert lines[0].details == {"pack": pack.pk, "stored": 2, "again": 1}


def test_a_laptop_gives_no_number_but_its_own(hall, pack):
    other = pack_of(hall, serial=2)
    for of, number in ((pack, 1), (pack, 1000), (pack, 2000), (pack, 2001), (other, 1001)):
        with pytest.raises(Refused, match="number-taken"):
            take_seat_in(of, seat(number))
    assert take_seat_in(other, seat(2001)) == "stored"


@pytest.mark.parametrize(
    "said", [{"state": "rich"}, {"state": None}, {"state": "not_finished", "reason": "tired"}]
)
def test_what_is_no_seat_is_refused(pack, said):
    with pytest.raises(Refused, match="bad-item"):
        take_seat_in(pack, seat(**said))
    assert not Seat.objects.exists()


def test_a_pack_of_no_session_has_no_seats(hall):
    pack = pack_of(hall)
    SessionPack.objects.all().delete()
    with pytest.raises(Refused, match="session-unknown"):
        take_seat_in(pack, seat())


def test_what_it_brought_counts_on_the_day_on_which_it_was_held(hall, pack):
    family(7, 7)
    Case.objects.filter(pk=7).update(
        state="submitted", mode="guided", revision=1, submitted_at=HELD, guide="AB12CDX.1001"
    )
    take_seat_in(pack, seat(1001, state="finished", id=7, submitted_at=HELD))
    take_seat_in(pack, seat(1002, state="not_finished", reason="no_documents"))
    assert not brought(OPENED.date(), OPENED.date())
    (effort,) = brought(HELD.date() - timedelta(days=1), HELD.date() + timedelta(days=1))
    assert (effort.reached, effort.on_the_spot, effort.no_documents) == (2, 1, 1)


def brought(first: date, last: date) -> list[Any]:
    return [each.brought for each in efforts(VILLAGE, first, last) if each.session]


def test_a_session_that_was_ended_before_it_was_held_still_holds_its_people(hall, pack):
    hall.closes_at = OPENED + timedelta(hours=1)
    hall.save()
    take_seat_in(pack, seat(state="finished", id=7, submitted_at=HELD + timedelta(hours=2)))
    hall.refresh_from_db()
    assert hall.opens_at == HELD
    assert hall.closes_at == HELD + timedelta(hours=2, seconds=1)


def test_a_session_that_the_web_has_joined_keeps_its_own_hours(hall, pack):
    Seat.objects.create(session=hall, number=1, joined_at=OPENED)
    take_seat_in(pack, seat())
    hall.refresh_from_db()
    assert (hall.opens_at, hall.closes_at) == (OPENED, None)


def test_a_laptops_wrong_clock_moves_no_session_out_of_its_time(hall, pack):
    take_seat_in(pack, seat(1001, joined_at=NOW - timedelta(days=4000)))
    take_seat_in(pack, seat(1002, joined_at=NOW + timedelta(days=4000)))
    hall.refresh_from_db()
    first, second = Seat.objects.order_by("number")
    assert first.joined_at == hall.opens_at == OPENED
    assert second.joined_at <= datetime.now(UTC)
