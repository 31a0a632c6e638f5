"""What outreach brought: people, outcomes, souvenirs and cost, and visited beside not visited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cacah.collection import guide
from cacah.institutions.actions import add_entries
from cacah.institutions.models import Finding, RosterEntry
from cacah.institutions.tests.cast import answers, family, people
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.comparing import FEWEST, Rise, compare
from cacah.outreach.models import GuidedSession, Handout, Item, Place, SeatReason, Visit
from cacah.outreach.queries import rises, yields
from cacah.outreach.queries.yields import Guided, Yield, efforts, guided
from cacah.registry.models import Case
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .cast import KUPANG, institution, team, visit

PAGE = "/kantor/penjangkauan/hasil/"
TODAY = timezone.localdate()
db = pytest.mark.django_db


@pytest.fixture
def leader() -> Officer:
    return officer("regency", area=KUPANG)


@pytest.fixture
def event(leader: Officer) -> Visit:
    """An event of today that cost something, by a team."""
    more = {"kind": "event", "institution": None, "title": "Aula Bupati", "state": "done"}
    return visit(institution(), team("Tim Satu"), day=TODAY, cost=750_000, **more)


@pytest.fixture
def hall(leader: Officer, event: Visit) -> GuidedSession:
    """A session that ended an hour ago, with six seats."""
    made = verbs.open_session(by=leader, new=GuidedSession(title="Aula Bupati", visit=event))
    for _ in range(6):
        verbs.take_seat(made.code)
    return made


def ended(hall: GuidedSession) -> datetime:
    """End a session now; return when."""
    now = datetime.now(UTC)
    GuidedSession.objects.filter(pk=hall.pk).update(closes_at=now)
    return now


def sent(hall: GuidedSession, seat: int, household: int, at: datetime) -> None:
    """Let a family at a seat have answered."""
    answers(family(household, 1000 + household))
    signed = guide.seat_of(guide.token(f"{hall.code}.{seat}"))
    Case.objects.filter(pk=household).update(guide=signed, mode="guided", submitted_at=at)


def brought(**more: Any) -> Yield:
    return sum((each.brought for each in efforts(KUPANG, TODAY, TODAY)), Yield(**more))


@db
def test_a_session_brought_who_finished_there_and_soon_after(leader, hall, event):
    end = ended(hall)
    sent(hall, 1, 1, end - timedelta(seconds=5))
    sent(hall, 1, 2, end - timedelta(seconds=1))  # the same shared computer
    sent(hall, 2, 3, end + timedelta(days=2))
    sent(hall, 3, 4, end + timedelta(days=4))
    for number, reason in ((4, SeatReason.NO_SIGNAL), (5, SeatReason.NOT_FOUND)):
        verbs.could_not_finish(by=leader, session=hall.pk, number=number, reason=reason)
    # Who could not finish and did at home is no longer without documents.
    verbs.could_not_finish(by=leader, session=hall.pk, number=2, reason=SeatReason.NO_DOCUMENTS)
    place = Place.objects.create(name="Mobil", area=area(KUPANG))
    Handout.objects.create(
        place=place,
        item=Item.objects.create(kind="Pena"),
        receipt_digest=bytes(16),
        event=event,
        handed_at=end,
    )
    assert brought() == Yield(7, 2, 1, 1, 0, 1, 0, 0, 1, 750_000)
    assert efforts("3325", TODAY, TODAY) == []
    assert efforts(KUPANG, TODAY + timedelta(days=1), TODAY + timedelta(days=9)) == []


@db
def test_the_page_has_a_line_for_each_and_the_same_in_every_file(client, leader, hall):
    sent(hall, 1, 1, datetime.now(UTC))
    ended(hall)
    desk = signed_in(client, leader)
    names = {"pekan": None, "tim": "Tim Satu", "acara": "Aula Bupati", "sesi": "Aula Bupati"}
    for by, name in names.items():
        rows = desk.get(PAGE, {"per": by, "format": "json"}).json()["rows"]
        assert [(row["reached"], row["on_the_spot"]) for row in rows] == [(6, 1)], by
        assert name in (None, rows[0][by])
        assert ("cost" in rows[0]) == (by != "sesi")
    assert desk.get(PAGE, {"per": "kunjungan", "format": "json"}).json()["rows"] == []
    page = desk.get(PAGE, {"per": "tim"}).content.decode()
    assert "750.000" in page
    assert "lima instansi" in page
    for format in ("csv", "xlsx"):
        assert desk.get(PAGE, {"format": format}).status_code == 200


@db
def test_nobody_sees_what_was_brought_elsewhere(client, leader, hall):
    ended(hall)
    other = signed_in(client, officer("regency", area="33.25"))
    assert other.get(PAGE, {"wilayah": "53.71"}).status_code == 404
    assert "Aula" not in other.get(PAGE, {"per": "sesi"}).content.decode()
    member = signed_in(Client(), officer("team", area=KUPANG))
    assert member.get(PAGE).status_code in (403, 404)


@db
def test_a_team_of_another_office_has_no_name_here(client):
    wide = team("Tim Provinsi", "53")
    visit(institution(), wide, day=TODAY, state="done")
    desk = signed_in(client, officer("regency", area=KUPANG))
    for query in ({"per": "tim"}, {"per": "tim", "format": "csv"}):
        page = desk.get(PAGE, query).content.decode()
        assert "Tim Provinsi" not in page
        assert "Tim dari kantor lain" in page


@db
@pytest.mark.parametrize(
    "query",
    [
        {"dari": "x", "sampai": "9999-99-99", "per": "apa"},
        {"dari": "2990-01-01", "sampai": "2000-01-01"},
        {"dari": "0001-01-01"},
        {"wilayah": "53.71", "sampai": "2000-01-01"},
    ],
)
def test_days_that_make_no_sense_are_put_right(client, leader, query):
    assert signed_in(client, leader).get(PAGE, query).status_code == 200


def offices(many: int, *, went: bool, gained: int) -> None:
    """Make institutions of ten people, of whom so many became complete today."""
    for _ in range(many):
        made = institution()
        first = 1 + RosterEntry.objects.count()
        numbers = range(first, first + 10)
        add_entries(by=None, institution=made.pk, people=people(*numbers))
        for number in numbers[:gained]:
            entry = RosterEntry.objects.filter(institution=made).order_by("pk")[number - first]
            answers(family(number, 5000 + number))
            Finding.objects.create(entry=entry, household_id=number, way="register")
        if went:
            visit(made, team(), day=TODAY, state="done")


@db
def test_visited_institutions_are_compared_with_those_that_were_not():
    offices(FEWEST, went=True, gained=4)
    offices(FEWEST - 1, went=False, gained=1)
    assert rises.comparison(KUPANG, TODAY, TODAY) is None
    offices(1, went=False, gained=2)
    found = rises.comparison(KUPANG, TODAY, TODAY)
    assert found is not None
    assert (found.visited.rise, round(found.others.rise, 6)) == (40, 12)
    assert found.difference == pytest.approx(28)
    assert found.low <= 28 <= found.high
    assert rises.comparison(KUPANG, date(2000, 1, 1), date(2000, 1, 2)) is None


@db
def test_too_many_people_are_not_compared_while_somebody_waits(client, leader, monkeypatch):
    institution(left=7)
    monkeypatch.setattr(rises, "MOST_PEOPLE", 6)
    with pytest.raises(rises.TooMany):
        rises.comparison(KUPANG, TODAY, TODAY)
    assert "terlalu banyak" in signed_in(client, leader).get(PAGE).content.decode()


@db
def test_families_that_came_by_an_areas_sessions_are_counted(leader, hall, monkeypatch):
    sent(hall, 1, 1, datetime.now(UTC))
    alone = verbs.open_session(by=leader, new=GuidedSession(title="Balai", area=area(KUPANG)))
    verbs.take_seat(alone.code)
    sent(alone, 1, 2, datetime.now(UTC))
    assert guided(KUPANG) == Guided(2, 2, 1)
    assert guided("3325") is None
    monkeypatch.setattr(yields, "MOST_SESSIONS", 1)
    assert guided(KUPANG) is None


@given(
    st.lists(
        st.integers(1, 500).flatmap(lambda n: st.builds(Rise, st.just(n), st.integers(0, n))),
        min_size=FEWEST,
        max_size=40,
    )
)
def test_a_group_beside_itself_has_no_difference_and_the_interval_says_so(group):
    found = compare(group, group)
    assert found is not None
    assert found.difference == 0
    assert -100 <= found.low <= found.high <= 100
    assert compare(group, group) == found
    assert compare(group, group[: FEWEST - 1]) is None


def test_institutions_that_all_do_alike_leave_no_doubt():
    found = compare([Rise(50, 20)] * 9, [Rise(80, 8)] * 7)
    assert found is not None
    assert (found.low, found.difference, found.high) == (30, 30, 30)
