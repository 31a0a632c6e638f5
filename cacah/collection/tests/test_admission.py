"""Who may start while the site is full, and what a place in the waiting room is worth."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database

from cacah.collection import admission, pool
from cacah.collection.admission import Admitted, Room, Waiting
from cacah.collection.models import Frontier
from cacah.collection.waiting import places
from cacah.collection.waiting.line import SECOND

from .conftest import Device, Somebody


@pytest.fixture
def room(device: Device, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A process that has no start left to give."""
    monkeypatch.setattr(admission, "_room", Room())
    admission.tick()
    admission._room.allowance = 0
    yield admission._room
    pool.close()


def next_second(seconds: float = 3, **changed: Any) -> None:
    """Let `seconds` pass since the line moved last, and move it."""
    admission.tick()
    frontier = Frontier.objects.get()
    for name, value in changed.items():
        setattr(frontier, name, value)
    frontier.save()
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE collection_frontier SET moved_at = moved_at - make_interval(secs => %s),"
            " stands_at = stands_at - %s",
            [seconds, int(seconds * SECOND)],
        )
        cursor.execute("UPDATE collection_arrival SET second = second - %s", [int(seconds)])
    admission.tick()


def token_of(place: str, seconds: float) -> str:
    """Return a place of somebody who arrived so many seconds earlier."""
    known = places.read(place)
    assert known is not None
    return places.issue(places.Place(known.arrived - int(seconds * SECOND), known.serial))


def test_workers_forked_from_one_process_report_under_names_of_their_own(room: Room) -> None:
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    worker = forking.Process(target=lambda: theirs.send(room.process))
    worker.start()
    worker.join(10)
    name = ours.recv()
    assert name != room.process
    assert len(name) <= 16


def test_a_family_starts_at_once_while_there_is_room(
    room: Room, device: Device, family: Somebody
) -> None:
    room.allowance = 1
    assert family.identify(device).status == 200
    assert room.allowance == 0


def test_above_the_limit_a_start_gets_a_place_with_position_and_estimate(
    room: Room, device: Device, family: Somebody
) -> None:
    full = family.identify(device)
    assert (full.status, full.code) == (429, "full-house")
    assert full.json["position"] == 1
    assert full.json["estimate_seconds"] >= 1
    assert full.headers["Retry-After"] == "1"
    assert places.read(full.json["place"]) is not None


def test_the_same_place_is_kept_until_it_is_called_and_then_the_family_starts(
    room: Room, device: Device, family: Somebody
) -> None:
    place = family.identify(device).json["place"]
    assert family.identify(device, place=place).json["place"] == place
    room.is_full = True
    room.line = type(room.line).of(room.clock() + 1, [])
    assert family.identify(device, place=place).status == 200


def test_submissions_pass_while_the_house_is_full(
    session: str, room: Room, device: Device, family: Somebody
) -> None:
    room.allowance, room.is_full = 0, True
    assert family.identify(device).code == "full-house"
    assert family.submit(device, session).status == 201


def test_who_comes_while_others_wait_waits_behind_them(room: Room) -> None:
    waiting = [admission.check(None) for _ in range(1000)]
    assert all(isinstance(one, Waiting) for one in waiting)
    next_second(rate=150.0, capacity=150.0)
    assert room.is_full
    later = admission.check(None)
    assert isinstance(later, Waiting)
    # 1000 waited, and about 150 a second have been called since.
    assert 600 <= later.position <= 850
    assert later.estimate_seconds >= 1


def test_a_place_outlives_a_restart_of_every_server(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [admission.check(None) for _ in range(400)]
    next_second(rate=100.0, capacity=100.0)
    stood = room.line.frontier
    monkeypatch.setattr(admission, "_room", Room())
    pool.close()
    admission.tick()
    assert admission._room.is_full
    assert admission._room.line.frontier == stood
    assert admission._room.line.waiting > 50
    last = first[-1]
    assert isinstance(last, Waiting)
    again = admission.check(last.place)
    assert isinstance(again, Waiting)
    assert again.place == last.place


def test_the_waiting_room_closes_when_everybody_has_been_called(room: Room) -> None:
    for _ in range(30):
        admission.check(None)
    next_second()
    next_second()
    assert not room.is_full
    assert isinstance(admission.check(None), Admitted)


def test_a_forged_place_is_worth_no_more_than_none(room: Room) -> None:
    room.is_full = True
    room.line = type(room.line).of(room.clock() - SECOND, [])
    own = admission.check(None)
    assert isinstance(own, Waiting)
    flipped = own.place[:-1] + ("A" if own.place[-1] != "A" else "B")
    for forged in (flipped, "A" * 32, "ä" * 32, "", "x", own.place + "A"):
        told = admission.check(forged)
        assert isinstance(told, Waiting)
        assert told.place != own.place


def test_a_place_says_when_and_nothing_of_who(
    room: Room, device: Device, family: Somebody, another: Somebody
) -> None:
    room.given.clear()
    told = [family.identify(device).json["place"], another.identify(device).json["place"]]
    first, second = (places.read(place) for place in told)
    assert first is not None and second is not None
    # Two numbers: the moment, and a running one; the same for whoever asks.
    assert 0 < second.arrived - first.arrived < 60 * SECOND
    assert second.serial - first.serial == 1
    for place in told:
        assert isinstance(another.identify(device, place=place).json["position"], int)


def test_a_place_lets_in_a_family_with_typing_errors_and_not_a_whole_town(room: Room) -> None:
    seat = admission.check(None)
    assert isinstance(seat, Waiting)
    room.is_full = True
    room.line = type(room.line).of(room.clock() + 1, [])
    tries = [admission.check(seat.place) for _ in range(admission.MOST_STARTS + 1)]
    assert [isinstance(one, Admitted) for one in tries] == [True] * admission.MOST_STARTS + [False]


def test_a_place_that_was_called_long_ago_is_given_anew(room: Room) -> None:
    room.is_full = True
    seat = room.seat(None)
    old = token_of(seat.place, 2 * admission.CALLED_FOR_SECONDS)
    frontier = room.clock() - SECOND
    room.line = type(room.line).of(frontier, [])
    assert isinstance(admission.check(old), Admitted)
    room.stood.clear()
    room.remember(frontier, 0)
    assert isinstance(admission.check(old), Admitted)
    room.remember(frontier + 1, (admission.CALLED_FOR_SECONDS + 1) * SECOND)
    told = admission.check(old)
    assert isinstance(told, Waiting)
    assert told.place != old


def test_places_of_another_night_are_worth_nothing_after_a_restart(room: Room) -> None:
    room.is_full = True
    room.line = type(room.line).of(room.clock() - SECOND, [])
    seat = room.seat(None)
    today, long_ago = (token_of(seat.place, 3600 * hours) for hours in (20, 25))
    assert isinstance(admission.check(today), Admitted)
    assert isinstance(admission.check(long_ago), Waiting)


def test_a_look_at_the_line_starts_nothing(room: Room) -> None:
    room.allowance = 1
    assert isinstance(admission.look(None), Admitted)
    assert isinstance(admission.look(None), Admitted)
    assert room.allowance == 1


def test_when_the_clock_of_the_database_jumps_back_nobody_passes_those_who_wait(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(400):
        admission.check(None)
    next_second(rate=50.0, capacity=50.0)
    before = room.clock()
    state = admission.queries.find_state

    def an_hour_ago(connection: Any) -> Any:
        found = state(connection)
        assert found is not None
        return type(found)(
            found.stands_at,
            found.is_full,
            found.pace,
            found.clock - 3600 * SECOND,
            found.last_arrival,
            found.processes,
        )

    monkeypatch.setattr(admission.queries, "find_state", an_hour_ago)
    admission.tick()
    assert room.clock() >= before
    # A server that starts only now has no other clock than the line itself.
    monkeypatch.setattr(admission, "_room", Room())
    admission._room.offset -= 3600 * SECOND
    admission.tick()
    newcomer = admission.check(None)
    assert isinstance(newcomer, Waiting)
    assert newcomer.position > 1


def test_arrivals_are_told_later_when_the_database_is_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(work: Any) -> Any:
        raise pool.DatabaseUnreachable

    admission.check(None)
    monkeypatch.setattr(pool, "run", away)
    with pytest.raises(pool.DatabaseUnreachable):
        admission.tick()
    assert sum(room.given.values()) == 1
