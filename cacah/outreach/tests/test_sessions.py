"""A guided session: who joins by its code, what the guide sees, and what the case says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cacah.collection import guide
from cacah.institutions.tests.cast import family
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession, Seat, SeatReason, SeatState, Visit
from cacah.outreach.queries import sessions as asked
from cacah.registry.models import Case
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .cast import KUPANG, institution, member_of, team, visit

pytestmark = pytest.mark.django_db
PAGES = "/kantor/penjangkauan/sesi/"


@pytest.fixture
def leader() -> Officer:
    return officer("team", area=KUPANG)


@pytest.fixture
def hall(leader: Officer) -> GuidedSession:
    new = GuidedSession(title="Aula  Bupati", area=area(KUPANG))
    return verbs.open_session(by=leader, new=new)


def tell(token: str, block: str = "tasks", **more: Any) -> Seat:
    told = {"wanted": False, "at": datetime.now(UTC)} | more
    return verbs.tell(seat=guide.seat_of(token), block=block, **told)


def shown(hall: GuidedSession, at: datetime | None = None) -> list[tuple[int, str]]:
    verbs.settle(hall)
    places = asked.board(hall, at or datetime.now(UTC))
    return [(place.seat.number, place.state.value) for place in places]


def answers(token: str, household: int) -> None:
    """Let a household's answers have come from this seat."""
    family(household, household)
    now = datetime.now(UTC)
    Case.objects.filter(pk=household).update(
        state="submitted",
        mode="guided",
        revision=1,
        opened_at=now,
        submitted_at=now,
        guide=guide.seat_of(token),
    )


def test_people_join_fill_in_and_finish(hall):
    assert (hall.title, len(hall.code)) == ("Aula Bupati", 7)
    seats = [verbs.take_seat(hall.code) for _ in range(3)]
    assert [seat.number for seat in seats] == [1, 2, 3]
    tell(seats[1].token, "page:person/identity")
    answers(seats[2].token, 7)
    assert shown(hall) == [(2, "started"), (1, "joined"), (3, "finished")]
    assert Seat.objects.get(number=3).household_id == 7


def test_nothing_that_a_device_tells_finishes_a_seat_or_undoes_it(hall):
    seat = verbs.take_seat(hall.code)
    tell(seat.token, "receipt")
    assert shown(hall) == [(1, "started")]
    answers(seat.token, 7)
    assert shown(hall) == [(1, "finished")]
    tell(seat.token, "tasks", wanted=True)
    assert shown(hall) == [(1, "finished")]


def test_news_that_come_while_the_answers_arrive_do_not_undo_them(hall, monkeypatch):
    seat = verbs.take_seat(hall.code)

    def meanwhile(session: GuidedSession, at: datetime) -> bool:
        answers(seat.token, 7)
        verbs.settle(session)
        return True

    monkeypatch.setattr(verbs, "is_open", meanwhile)
    tell(seat.token, "receipt")
    assert shown(hall) == [(1, "finished")]


def test_who_calls_comes_first_and_who_stays_long_is_stuck(hall):
    seats = [verbs.take_seat(hall.code) for _ in range(3)]
    for seat in seats:
        tell(seat.token)
    tell(seats[2].token, wanted=True)
    tell(seats[1].token, "page:person/birth", at=datetime.now(UTC) + timedelta(minutes=6))
    later = datetime.now(UTC) + timedelta(minutes=6, seconds=30)
    assert shown(hall, later) == [(3, "stuck"), (1, "stuck"), (2, "started")]
    places = asked.board(hall, later)
    assert [place.was_called for place in places] == [True, False, False]
    assert [place.is_silent for place in places] == [True, True, False]


def test_a_hint_reaches_the_seat_and_only_it(hall, leader):
    first, second = (verbs.take_seat(hall.code) for _ in range(2))
    verbs.hint(by=leader, session=hall.pk, number=1, text=" Nomor KK ada di atas. ")
    assert tell(first.token).hint == "Nomor KK ada di atas."
    assert tell(second.token).hint is None


def test_who_could_not_finish_is_noted_and_visited_again(leader):
    dinas = institution("Dinas", left=5)
    there = visit(dinas, team(), day=datetime.now(UTC).date())
    hall = verbs.open_session(by=leader, new=GuidedSession(title="Dinas", visit=there))
    assert (hall.institution_id, hall.team_id) == (dinas.pk, there.team_id)
    seat = verbs.take_seat(hall.code)
    made = verbs.could_not_finish(
        by=leader, session=hall.pk, number=1, reason=SeatReason.NO_DOCUMENTS, visit_again=True
    )
    assert made is not None
    assert Visit.objects.get(pk=made.pk).follows_id == there.pk
    assert shown(hall) == [(1, "not_finished")]
    # Whoever finds the card after all goes on.
    tell(seat.token, "page:person/identity")
    assert shown(hall) == [(1, "started")]


def test_a_session_that_is_over_takes_and_hears_nobody(hall, leader):
    seat = verbs.take_seat(hall.code)
    verbs.close_session(by=leader, session=hall.pk)
    with pytest.raises(verbs.Closed):
        verbs.take_seat(hall.code)
    with pytest.raises(verbs.Closed):
        tell(seat.token)
    answers(seat.token, 7)
    assert shown(hall) == [(1, "finished")]
    GuidedSession.objects.update(closes_at=None)
    with pytest.raises(verbs.Closed):
        verbs.tell(
            seat=guide.seat_of(seat.token),
            block="tasks",
            wanted=False,
            at=datetime.now(UTC) + timedelta(hours=13),
        )


def test_a_session_needs_a_name_and_a_visit_that_can_be_followed(hall, leader):
    with pytest.raises(ValidationError):
        verbs.open_session(by=leader, new=GuidedSession(title=" ", area=area(KUPANG)))
    verbs.take_seat(hall.code)
    with pytest.raises(ValidationError):
        verbs.could_not_finish(
            by=leader, session=hall.pk, number=1, reason=SeatReason.OTHER, visit_again=True
        )
    with pytest.raises(Seat.DoesNotExist):
        verbs.hint(by=leader, session=hall.pk, number=99, text="")


def test_the_board_is_the_guides_and_shows_no_more_than_numbers(client, hall, leader):
    desk = signed_in(client, leader)
    token = verbs.take_seat(hall.code).token
    tell(token, "page:person/identity")
    page = desk.get(f"{PAGES}{hall.pk}/").content.decode()
    assert hall.code in page
    assert "Nama dan NIK" in page
    board = f"{PAGES}{hall.pk}/papan/"
    assert desk.get(f"{PAGES}{hall.pk}/layar/").status_code == 200
    assert desk.post(f"{PAGES}{hall.pk}/", {"lakukan": "petunjuk", "nomor": "9"}).status_code == 404
    other = signed_in(Client(), officer("team", area="33.25"))
    for path in (f"{PAGES}{hall.pk}/", board, f"{PAGES}{hall.pk}/layar/"):
        assert other.get(path).status_code == 404
    assert hall.title not in other.get(PAGES).content.decode()


def test_who_goes_out_sees_the_own_teams_sessions_and_those_opened_by_oneself(hall, leader):
    crew = team("", KUPANG, leader)
    mine = verbs.open_session(by=leader, new=GuidedSession(title="Balai", area=area(KUPANG)))
    assert (mine.team, mine.opened_by) == (crew, leader)
    desks = {
        "colleague": signed_in(Client(), member_of(crew)),
        "other": signed_in(Client(), member_of(team())),
        "opener": signed_in(Client(), leader),
        "planner": signed_in(Client(), officer("regency", KUPANG)),
    }
    seen = {
        who: [desk.get(f"{PAGES}{one.pk}/").status_code == 200 for one in (hall, mine)]
        for who, desk in desks.items()
    }
    assert seen == {
        "colleague": [False, True],
        "other": [False, False],
        "opener": [True, True],
        "planner": [True, True],
    }
    for who, desk in desks.items():
        listed = desk.get(PAGES).content.decode()
        assert [one.title in listed for one in (hall, mine)] == seen[who], who
    # With the membership what was the team's is over, and what one has opened oneself stays.
    crew.memberships.all().delete()
    assert desks["colleague"].get(f"{PAGES}{mine.pk}/").status_code == 404
    assert desks["opener"].get(f"{PAGES}{mine.pk}/").status_code == 200


def test_seats_of_a_laptop_are_helped_by_their_number_too(client, hall, leader):
    """A thousand and one is a number that people read aloud, and no amount."""
    Seat.objects.create(session=hall, number=1001, joined_at=datetime.now(UTC))
    address = f"{PAGES}{hall.pk}/"
    page = signed_in(client, leader).get(f"{address}?nomor=1001").content.decode()
    assert '"?nomor=1001">1001<' in page
    assert page.count('name="nomor" value="1001"') == 2
    assert "1.001" not in page
    told = {"lakukan": "petunjuk", "nomor": "1001", "text": "Ada di atas kartu."}
    client.post(address, told)
    assert Seat.objects.get().hint == "Ada di atas kartu."


def test_a_session_is_opened_on_its_page_and_ended(client, leader):
    desk = signed_in(client, leader)
    assert desk.get(PAGES, {"kunjungan": "9" * 5000}).status_code == 200
    desk.post(PAGES, {"title": "Balai desa", "area": "53.71", "expected": "40"})
    hall = GuidedSession.objects.get()
    assert (hall.title, hall.expected, hall.area_id) == ("Balai desa", 40, KUPANG)
    assert b"errorlist" in desk.post(PAGES, {"title": "Lain", "area": "33.25"}).content
    desk.post(f"{PAGES}{hall.pk}/", {"lakukan": "tutup"})
    assert not asked.is_open(GuidedSession.objects.get(), datetime.now(UTC))


def test_anybody_joins_by_the_code_and_gets_a_number_and_the_form(client, hall):
    page = client.get(f"/sesi/{hall.code.lower()}/")
    assert page.status_code == 200
    own = client.post(f"/sesi/{hall.code}/")
    assert own.status_code == 302
    assert own.url.startswith(f"/isi/?sesi={hall.code}.1.")
    shared = client.post(f"/sesi/{hall.code}/", {"bersama": "1"}).url
    assert shared.startswith(f"/isi/?bersama=1&sesi={hall.code}.2.")
    assert client.get("/sesi/0000000/").status_code == 404


@pytest.mark.parametrize(
    "told",
    [b"", b"{", b"[]", b"{}", b'{"token": 7, "block": "tasks"}', b'{"token": "x", "block": "x"}'],
)
def test_news_that_are_none_are_refused(client, hall, told):
    sent = client.post("/sesi/kabar", told, content_type="application/json")
    assert sent.status_code == 400


@pytest.mark.parametrize("where", ["/sesi/{}/", "/ajakan/{}/", "/kalender/tim/{}.ics"])
@pytest.mark.parametrize("code", ["%00AB", "AB%00", "%F0%9F%98%80", "x" * 5000])
def test_an_address_that_no_code_can_make_is_unknown(client, db, where, code):
    """PostgreSQL takes no text with a NUL in it."""
    assert client.get(where.format(code)).status_code == 404


def test_news_name_a_part_of_the_form_and_hear_the_hint(client, hall, leader):
    token = verbs.take_seat(hall.code).token
    verbs.hint(by=leader, session=hall.pk, number=1, text="Halo")

    def news(**more: Any) -> Any:
        told = {"token": token, "block": "page:person/identity", "wanted": False} | more
        return client.post("/sesi/kabar", told, content_type="application/json")

    assert news().json() == {"hint": "Halo"}
    assert news(block="page:person[1]/identity name=Budi").status_code == 400
    assert news(wanted=True).status_code == 200
    assert Seat.objects.get().state == SeatState.STUCK
    verbs.close_session(by=leader, session=hall.pk)
    assert news().status_code == 410
