"""The pages of outreach: an officer plans, a team is on its way, everybody else finds nothing."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cacah.institutions.models import Participation
from cacah.outreach.models import Activity, Destination, Proposal, Visit
from cacah.outreach.pages import week as week_page
from cacah.outreach.tests.cast import KUPANG, MONDAY, institution, member_of, team, text, visit
from cacah.staff.tests.cast import area, officer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little_effort")]
ROOT = "/en/kantor/penjangkauan/"
WEEK = f"{ROOT}?pekan={MONDAY}"


def test_a_week_is_chosen_proposed_and_shown(planner: Client) -> None:
    ours = team("Tim Satu")
    there = institution("Dinas Kesehatan", left=37)
    page = text(planner.get(f"{ROOT}tujuan/?pekan={MONDAY}"))
    assert "about 40" in page
    assert " 37" not in page
    answer = planner.post(f"{ROOT}tujuan/", {"instansi": [there.pk, "x"], "pekan": MONDAY})
    page = text(planner.get(answer["Location"]))
    assert "1 visit waits for a day" in page
    answer = planner.post(f"{ROOT}susun/", {"pekan": MONDAY})
    page = text(planner.get(answer["Location"]))
    assert "The week is planned." in page
    assert "1 of 10 visits" in page
    assert "have no coordinates" in page or "has no coordinates" in page
    planned = Visit.objects.get()
    assert planned.team == ours
    assert f'id="kunjungan-{planned.pk}"' in page
    rows = planner.get(f"{WEEK}&format=csv").content.decode()
    assert "Dinas Kesehatan" in rows
    assert "Tim Satu" in rows


def test_the_board_takes_moves_agreements_and_cancellations(planner: Client) -> None:
    ours, what = team(), visit()
    board = {"pekan": MONDAY}

    def tap(doing: str, **more: Any) -> str:
        what.refresh_from_db()
        form = board | {"lakukan": f"{doing}:{what.pk}:{what.version}"} | more
        answer = planner.post(ROOT, form)
        assert answer["Location"].endswith(f"#kunjungan-{what.pk}")
        what.refresh_from_db()
        return text(planner.get(answer["Location"]))

    tap("pindah", tim=ours.pk, hari=MONDAY, urutan=1)
    assert (what.team, what.day) == (ours, MONDAY)
    assert "Unlock" in tap("kunci")
    assert "Unlock it before you move it" in tap("pindah", tim=ours.pk, hari="2099-02-17")
    tap("lepas")
    assert "Cancelled: " in tap("batal")
    assert what.state == "cancelled"
    assert Visit.objects.filter(follows=what, team=None).exists()


def test_what_somebody_else_moved_is_said_and_not_overwritten(planner: Client) -> None:
    ours, what = team(), visit()
    form = {"lakukan": f"pindah:{what.pk}:1", "tim": ours.pk, "hari": MONDAY, "pekan": MONDAY}
    planner.post(ROOT, form)
    answer = planner.post(ROOT, form | {"hari": "2099-02-18"})
    assert "Somebody has changed this meanwhile" in text(planner.get(answer["Location"]))
    what.refresh_from_db()
    assert what.day == MONDAY


def test_a_visits_own_page_does_the_same_without_a_script(planner: Client) -> None:
    ours, what = team(), visit()
    address = f"{ROOT}kunjungan/{what.pk}/"

    def send(**form: Any) -> str:
        what.refresh_from_db()
        answer = planner.post(address, {"versi": what.version} | form)
        what.refresh_from_db()
        return text(planner.get(answer["Location"]))

    assert "Place in the day" in text(planner.get(address))
    send(lakukan="pindah", tim=ours.pk, hari=MONDAY, urutan="")
    send(lakukan="kunci", pukul="09:30")
    assert (what.locked, what.starts_at) == (True, time(9, 30))
    assert "Write the time as 09:30" in send(lakukan="kunci", pukul="noon")
    send(lakukan="lepas")
    send(lakukan="keadaan", keadaan="under_way")
    send(lakukan="biaya", biaya="250.000")
    assert what.cost == 250_000
    assert "Write an amount" in send(lakukan="biaya", biaya="much")
    send(lakukan="batal", alasan="weather")
    assert (what.state, what.cancel_reason) == ("cancelled", "weather")
    send(lakukan="pulihkan")
    assert what.state == "planned"
    assert planner.post(address, {"lakukan": "burn"}).status_code == 404
    assert planner.post(address, {"lakukan": "pindah"}).status_code == 404


def test_a_team_works_through_its_day_on_a_phone(client: Client) -> None:
    ours = team("Tim Satu")
    there = institution(
        "Bank",
        latitude=-10.17,
        longitude=123.6,
        opens=time(8),
        closes=time(15),
        contact_name="Ibu Maria",
        contact_phone="0380 123",
        note="Lantai 2",
    )
    what = visit(there, ours, day=timezone.localdate(), starts_at=time(9))
    phone = signed_in(client, member_of(ours))
    assert phone.get(ROOT)["Location"].endswith(f"/tim/{ours.pk}/hari/")
    page = text(phone.get(f"{ROOT}tim/{ours.pk}/hari/"))
    assert f"{ROOT}cenderamata/serah/" in page and f"{ROOT}sesi/" in page
    for said in ("geo:-10.170000,123.600000", "openstreetmap.org", "Ibu Maria", "tel:0380%20123"):
        assert said in page
    assert "Open 08:00–15:00" in page
    address = f"{ROOT}kunjungan/{what.pk}/"
    answer = phone.post(address, {"lakukan": "keadaan", "keadaan": "done", "dari": "hari"})
    assert f"/hari/?hari={what.day}" in answer["Location"]
    what.refresh_from_db()
    assert what.state == "done"
    assert "1 of 1 visits done" in text(phone.get(f"{ROOT}tim/{ours.pk}/hari/"))
    phone.post(address, {"lakukan": "lanjutan"})
    assert Visit.objects.filter(follows=what).exists()
    assert "Lantai 2" in text(phone.get(f"{ROOT}tim/{ours.pk}/lembar/"))


def test_a_member_sees_no_other_team_and_plans_nothing(client: Client) -> None:
    ours, theirs = team(), team()
    what, other = visit(by=ours), visit(by=theirs)
    phone = signed_in(client, member_of(ours))
    for path in (
        f"tim/{theirs.pk}/hari/",
        f"tim/{theirs.pk}/lembar/",
        f"kunjungan/{other.pk}/",
        f"tim/{ours.pk}/",
        "tim/",
        "tim/baru/",
        "tujuan/",
        "kunjungan/baru/",
        "rapat/baru/",
    ):
        assert phone.get(ROOT + path).status_code == 404, path
    for doing in ("pindah", "kunci", "lepas", "biaya", "pulihkan"):
        form = {"lakukan": doing, "versi": 1}
        assert phone.post(f"{ROOT}kunjungan/{what.pk}/", form).status_code == 404
    assert phone.post(ROOT, {"lakukan": f"kunci:{what.pk}:1"}).status_code == 302
    assert phone.post(f"{ROOT}susun/").status_code == 404
    what.refresh_from_db()
    assert not what.locked


def test_a_membership_that_is_over_opens_nothing(client: Client) -> None:
    ours = team()
    phone = signed_in(client, member_of(ours))
    assert phone.get(f"{ROOT}tim/{ours.pk}/hari/").status_code == 200
    ours.memberships.update(until_day=timezone.localdate() - timedelta(days=1))
    assert phone.get(f"{ROOT}tim/{ours.pk}/hari/").status_code == 404
    assert "not a member of a team today" in text(phone.get(ROOT))


def test_an_event_and_what_a_team_needs_to_know_are_entered(planner: Client) -> None:
    area("53.71.01")
    form = {
        "kind": "event",
        "title": "Pengisian massal",
        "area": "53.71.01",
        "address": "Aula",
        "day": MONDAY,
        "starts_at": "09:00",
        "minutes": "240",
    }
    wrong = text(planner.post(f"{ROOT}kunjungan/baru/", form | {"day": ""}))
    assert "Give the day, too." in wrong
    answer = planner.post(f"{ROOT}kunjungan/baru/", form)
    assert "Events without a team" not in text(planner.get(f"{ROOT}?pekan=2099-03-02"))
    team()
    assert "Events without a team" in text(planner.get(answer["Location"]))
    there = institution("Bank")
    address = f"{ROOT}tujuan/{there.pk}/"
    told = {"opens": "09:00", "closes": "14:00", "closed_days": ["5"], "priority": "2"}
    assert "both fields" in text(planner.post(address, told | {"closes": ""}))
    planner.post(address, told | {"latitude": "-10.17", "longitude": "123.6", "note": "Lt. 2"})
    made = Destination.objects.get()
    assert (made.opens, made.closed_days, made.priority) == (time(9), [5], 2)
    other = institution("Lain", "5302")
    assert planner.get(f"{ROOT}tujuan/{other.pk}/").status_code == 404


def test_an_officer_elsewhere_finds_nothing(client: Client) -> None:
    ours, there = team(), institution(left=9)
    what = visit(there, ours)
    meeting = Activity.objects.create(
        area_id=KUPANG, kind="other", title="Rapat", day=MONDAY, starts_at=time(9)
    )
    asked = Proposal.objects.create(area_id=KUPANG, monday=MONDAY)
    stranger = signed_in(client, officer("regency", "33.25"))
    for path in (
        f"tim/{ours.pk}/",
        f"tim/{ours.pk}/hari/",
        f"tim/{ours.pk}/lembar/",
        f"kunjungan/{what.pk}/",
        f"rapat/{meeting.pk}/",
        f"tujuan/{there.pk}/",
        f"usulan/{asked.pk}/",
        "?wilayah=53.71",
        "tujuan/?wilayah=53.71",
        "?wilayah=99",
        "?wilayah=x",
    ):
        assert stranger.get(ROOT + path).status_code == 404, path
    assert ours.name not in text(stranger.get(f"{ROOT}tim/"))
    assert stranger.post(f"{ROOT}susun/", {"wilayah": "53.71"}).status_code == 404
    form = {"lakukan": f"kunci:{what.pk}:1"}
    assert stranger.post(ROOT, form).status_code == 404


def test_a_proposal_that_is_being_made_is_followed(planner: Client) -> None:
    team()
    asked = Proposal.objects.create(area_id=KUPANG, monday=MONDAY)
    assert "is being planned" in text(planner.get(WEEK))
    assert "is being planned" in text(planner.get(f"{ROOT}usulan/{asked.pk}/"))
    Proposal.objects.update(ended_at=timezone.now(), result={"state": "changed"})
    assert planner.get(f"{ROOT}usulan/{asked.pk}/")["HX-Redirect"] == f"{WEEK}&wilayah=53.71" or (
        "pekan=2099-02-16" in planner.get(f"{ROOT}usulan/{asked.pk}/")["HX-Redirect"]
    )
    assert "was not stored" in text(planner.get(WEEK))


@pytest.mark.parametrize("query", ["pekan=x", "pekan=9999-12-31", "pekan=2099-02-18", "hari=0"])
def test_an_odd_day_is_a_week_all_the_same(planner: Client, query: str) -> None:
    ours = team()
    assert planner.get(f"{ROOT}?{query}").status_code == 200
    assert planner.get(f"{ROOT}tim/{ours.pk}/hari/?{query}").status_code == 200


def test_a_past_week_is_not_planned(planner: Client) -> None:
    team()
    answer = planner.post(f"{ROOT}susun/", {"pekan": date(2020, 2, 17)})
    assert "This week is over" in text(planner.get(answer["Location"]))


def test_a_nation_of_teams_is_chosen_from_by_area(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(week_page, "MOST_TEAMS", 1)
    team(), team(where="3325")
    page = text(signed_in(client, officer("national")).get(ROOT))
    assert "2 teams are too many" in page
    assert "wilayah=53&" in page.replace("&amp;", "&")


def test_home_leads_to_what_waits_and_to_ones_own_day(client: Client) -> None:
    ours = team()
    visit()
    visit(by=ours, day=timezone.localdate() - timedelta(days=1))
    page = text(signed_in(client, officer("regency", KUPANG)).get("/en/kantor/"))
    assert "Visits to be planned" in page
    assert "Visits that were missed" in page
    page = text(signed_in(Client(), member_of(ours)).get("/en/kantor/"))
    assert "Your team&#x27;s day" in page
    assert "Visits to be planned" not in page


def test_small_numbers_of_people_are_not_told(planner: Client) -> None:
    Participation.objects.filter(pk=institution("Kecil").pk).update(not_yet=3)
    page = text(planner.get(f"{ROOT}tujuan/"))
    assert "a few" in page
    assert "<td>3" not in page
