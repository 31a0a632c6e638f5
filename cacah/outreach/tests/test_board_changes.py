"""An open board is sent what has changed since it last asked, all of it, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.collection import guide
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession, Seat, SeatReason, SeatState
from cacah.outreach.queries import changes
from cacah.outreach.queries import sessions as asked
from cacah.registry.models import Case
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .cast import KUPANG
from .test_sessions import answers, tell

# What one transaction has changed it does not see itself as changed: each test commits.
pytestmark = pytest.mark.django_db(transaction=True)
ROW = re.compile(r'<tr data-seat="(\d+)"')


@pytest.fixture
def leader() -> Officer:
    return officer("team", area=KUPANG)


@pytest.fixture
def hall(leader: Officer) -> GuidedSession:
    return verbs.open_session(by=leader, new=GuidedSession(title="Aula", area=area(KUPANG)))


class Desk:
    """A guide's open page: asks as staff/live.js does."""

    def __init__(self, leader: Officer, hall: GuidedSession) -> None:
        self.client = signed_in(Client(), leader)
        self.path = f"/kantor/penjangkauan/sesi/{hall.pk}/papan/"
        self.version = ""
        self.look()

    def look(self) -> Any:
        """Return the numbers of the rows that came, or the status where there is nothing new."""
        known = {"If-None-Match": f'"{self.version}"'} if self.version else {}
        answer = self.client.get(self.path, {"sejak": self.version}, headers=known)
        if answer.status_code != 200:
            assert answer.content == b""
            assert answer["X-As-Of"]
            return answer.status_code
        self.version = answer["ETag"].strip('"')
        self.text = answer.content.decode()
        return [int(number) for number in ROW.findall(self.text)]


@pytest.fixture
def desk(leader: Officer, hall: GuidedSession) -> Desk:
    return Desk(leader, hall)


def changed(hall: GuidedSession, since: changes.Version, *, after: timedelta) -> list[int]:
    """Return the seats that a page would be sent so much later."""
    later = changes.Version(since.snapshot, since.newest, since.at + after, is_open=True)
    return [place.seat.number for place in changes.changed(hall, since, later) or []]


def test_only_what_is_new_is_sent_and_then_nothing(desk, hall, leader):
    tokens = [verbs.take_seat(hall.code).token for _ in range(3)]
    assert desk.look() == [1, 2, 3]
    assert desk.look() == 304
    tell(tokens[1], "page:person/identity")
    assert desk.look() == [2]
    assert "Nama dan NIK" in desk.text
    # Heard of again, and nothing to be shown of it.
    tell(tokens[1], "page:person/identity")
    assert desk.look() == 304
    tell(tokens[2], wanted=True)
    verbs.hint(by=leader, session=hall.pk, number=1, text="Halo")
    assert desk.look() == [3, 1]
    answers(tokens[0], 7)
    assert desk.look() == [1]
    verbs.could_not_finish(by=leader, session=hall.pk, number=2, reason=SeatReason.REFUSED)
    assert desk.look() == [2]
    assert desk.look() == 304


def test_who_was_away_catches_up_in_one_answer(desk, hall, leader):
    tokens = [verbs.take_seat(hall.code).token for _ in range(5)]
    away = Desk(leader, hall)
    for _ in range(4):
        for token in tokens[1:]:
            tell(token, f"page:person/{_}")
        desk.look()
    answers(tokens[4], 7)
    verbs.take_seat(hall.code)
    assert away.look() == [2, 3, 4, 6, 5]
    assert (desk.look(), away.look()) == ([6, 5], 304)


def test_the_end_of_the_session_is_news(desk, hall, leader):
    assert desk.look() == 304
    verbs.close_session(by=leader, session=hall.pk)
    assert desk.look() == []
    assert "data-over" in desk.text
    assert desk.look() == 304


def test_the_clock_alone_makes_a_seat_stuck_or_silent_once(hall):
    verbs.take_seat(hall.code)
    token = verbs.take_seat(hall.code).token
    tell(token)
    now = changes.version_of(hall)
    minute = timedelta(minutes=1)
    assert changed(hall, now, after=timedelta(seconds=59)) == []
    assert changed(hall, now, after=minute + timedelta(seconds=1)) == [2]
    later = changes.Version(now.snapshot, now.newest, now.at + 2 * minute, is_open=True)
    assert changed(hall, later, after=minute) == []
    assert changed(hall, later, after=5 * minute) == [1, 2]
    tally = changes.tally_at(hall, now.at + 7 * minute)
    assert tally[SeatState.STUCK] == 2
    assert tally == asked.tally(asked.board(hall, now.at + 7 * minute))


def test_a_seat_that_was_silent_and_speaks_again_is_news(desk, hall):
    token = verbs.take_seat(hall.code).token
    GuidedSession.objects.update(opens_at=timezone.now() - timedelta(hours=1))
    tell(token, at=datetime.now(UTC) - timedelta(seconds=70))
    assert desk.look() == [1]
    assert "tidak ada kabar" in desk.text
    tell(token)
    assert desk.look() == [1]
    assert "tidak ada kabar" not in desk.text


def test_of_a_shared_devices_families_the_last_stands_for_its_seat(desk, hall):
    token = verbs.take_seat(hall.code).token
    answers(token, 7)
    answers(token, 8)
    Case.objects.filter(pk=7).update(submitted_at=timezone.now() - timedelta(minutes=3))
    assert verbs.settle(hall) == 1
    assert verbs.settle(hall) == 0
    assert Seat.objects.get().household_id == 8


def test_what_was_under_way_while_the_page_asked_is_sent_when_it_is_done(hall):
    token = verbs.take_seat(hall.code).token
    slow = connection.copy()
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE outreach_seat SET hint = 'Halo', hint_at = now()")
            shown = changes.version_of(hall)
            # Others go on meanwhile, so that the slow one is older than what is seen.
            verbs.take_seat(hall.code)
            between = changes.version_of(hall)
            cursor.execute("COMMIT")
    finally:
        slow.close()
    now = changes.version_of(hall)
    assert [p.seat.number for p in changes.changed(hall, between, now) or []] == [1]
    assert [p.seat.number for p in changes.changed(hall, shown, now) or []] == [1, 2]
    assert guide.seat_of(token) == f"{hall.code}.1"


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "0:1:@1+", "5:3:@1+", "1:9:9@1+", "1:9:5,4@1+", "9" * 9999, "1:2:@1 +"),
        *("900000000000000000:900000000000000000:@1+", "1:9:\u0662@1+", "1:2:@9999999999999-"),
    ],
)
def test_a_version_that_is_none_gets_the_whole_board(desk, hall, text):
    verbs.take_seat(hall.code)
    answer = desk.client.get(desk.path, {"sejak": text})
    assert answer.status_code == 200
    assert ROW.findall(answer.content.decode()) == ["1"]


@given(st.text(alphabet="0123456789:,@+-", max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_is_read_as_a_version_the_database_can_read_too(text):
    if (found := changes.read_version(text)) is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(%s::pg_snapshot)::text", [found.snapshot])
            assert int(cursor.fetchone()[0]) == found.newest
