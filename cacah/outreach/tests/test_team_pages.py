"""The pages of teams, their calendar and their meetings."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from cacah.outreach.models import Activity, Team
from cacah.outreach.tests.cast import KUPANG, MONDAY, institution, member_of, team, text, visit
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little_effort")]
ROOT = "/en/kantor/penjangkauan/"
WEEK = f"{ROOT}?pekan={MONDAY}"


TEAM = {
    "name": "Tim Oebobo",
    "area": "53.71",
    "working_days": ["1", "2", "6"],
    "starts": "08:00",
    "ends": "15:30",
    "visits_per_week": "11",
    "base_address": "BPS Kota Kupang",
    "base_latitude": "",
    "base_longitude": "",
    "phone": "",
}


def test_it_says_what_is_wrong_with_a_team(planner: Client) -> None:
    area(KUPANG)
    assert "must end after" in text(planner.post(f"{ROOT}tim/baru/", TEAM | {"ends": "07:00"}))
    wrong = text(planner.post(f"{ROOT}tim/baru/", TEAM | {"area": "33.25"}))
    assert "no area with this code within your own" in wrong
    assert "both coordinates" in text(
        planner.post(f"{ROOT}tim/baru/", TEAM | {"base_latitude": "-10"})
    )


def test_a_team_is_filled_changed_and_closed(planner: Client) -> None:
    area(KUPANG)
    address = planner.post(f"{ROOT}tim/baru/", TEAM)["Location"]
    made = Team.objects.get()
    assert (made.working_days, made.visits_per_week) == ([1, 2, 6], 11)
    who = officer("team", KUPANG)
    assert who.name in text(planner.get(address))
    planner.post(address, {"lakukan": "masuk", "officer": who.pk})
    planner.post(address, {"lakukan": "masuk", "officer": officer("team", "33").pk})
    assert [member.officer for member in made.memberships.all()] == [who]
    assert "1" in text(planner.get(f"{ROOT}tim/"))
    old = made.feed_key
    planner.post(address, {"lakukan": "kalender"})
    planner.post(address, TEAM | {"lakukan": "ubah", "visits_per_week": "9"})
    made.refresh_from_db()
    assert made.feed_key != old
    assert (made.visits_per_week, made.area_id) == (9, KUPANG)
    planner.post(address, {"lakukan": "keluar", "anggota": made.memberships.get().pk})
    assert not made.memberships.filter(until_day=None).exists()
    planner.post(address, {"lakukan": "tutup"})
    assert planner.get(address).status_code == 404
    assert "goes out no more" in text(planner.get(f"{ROOT}tim/"))
    assert "Tim Oebobo" not in text(planner.get(f"{ROOT}tim/"))


def test_the_calendar_of_a_team_says_where_and_when_and_nothing_of_people(client: Client) -> None:
    ours = team("Tim Satu")
    there = institution("Bank", latitude=-10.17, longitude=123.6, contact_name="Ibu Maria")
    visit(there, ours, starts_at=time(9), minutes=90)
    cancelled = {"position": None, "state": "cancelled", "cancel_reason": "closed"}
    gone = visit(by=ours, starts_at=time(11), **cancelled)
    meeting = Activity.objects.create(
        area_id=KUPANG, kind="rakorcam", title="Rakorcam", day=MONDAY, starts_at=time(14)
    )
    meeting.teams.add(ours)
    answer = client.get(f"/kalender/tim/{ours.feed_key}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "Ibu Maria" not in answer.content.decode()
    read = {str(event["summary"]): event for event in Calendar.from_ical(answer.content).events}
    assert set(read) == {"Bank", gone.title, "Rakorcam"}
    begins = read["Bank"]["dtstart"].dt.astimezone(timezone.get_default_timezone())
    assert (begins.date(), begins.time()) == (MONDAY, time(9))
    assert read[gone.title]["status"] == "CANCELLED"
    assert client.get("/kalender/tim/guess.ics").status_code == 404


def test_a_meeting_has_an_agenda_attendance_and_decisions(planner: Client, client: Client) -> None:
    ours, _other = team(), team(where="5302")
    form = {
        "kind": "rakorcam",
        "title": "Rakorcam Alak",
        "area": "53.71",
        "day": MONDAY,
        "starts_at": "09:00",
        "minutes": "120",
        "place": "Kantor Camat",
        "agenda": "Pengisian ASN",
        "teams": [ours.pk],
    }
    address = planner.post(f"{ROOT}rapat/baru/", form)["Location"]
    assert "Pengisian ASN" in text(planner.get(address))
    planner.post(address, {"lakukan": "hadir", "daftar": "Budi\n Siti  Aminah \n\nBudi"})
    planner.post(
        address, {"lakukan": "hadir", "daftar": "Budi\nSiti Aminah", "hadir": ["Siti Aminah"]}
    )
    assert "1 of 2 came" in text(planner.get(address))
    planner.post(address, {"lakukan": "putusan", "putusan": "Semua ASN mengisi"})
    planner.post(address, form | {"lakukan": "ubah", "title": "Rakorcam Alak II"})
    page = text(planner.get(address))
    assert "Semua ASN mengisi" in page
    assert "Rakorcam Alak II" in text(planner.get(WEEK))
    phone = signed_in(Client(), member_of(ours))
    assert "Semua ASN mengisi" in text(phone.get(address))
    assert phone.post(address, {"lakukan": "batal"}).status_code == 404
    planner.post(address, {"lakukan": "batal"})
    assert planner.get(address).status_code == 404
