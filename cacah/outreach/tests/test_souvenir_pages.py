"""The pages of souvenirs: what an officer sees, hands out and reports, and nothing of others."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from cacah.collection import receipts
from cacah.outreach.actions import stock
from cacah.outreach.models import Handout, Item, Place, SouvenirRule
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .cast import KUPANG, member_of, team, text, visit
from .test_handing import issued

pytestmark = pytest.mark.django_db
PAGES = "/kantor/penjangkauan/cenderamata/"
SEND = PAGES + "serah/kirim/"


@pytest.fixture
def keeper() -> Officer:
    return officer("regency", area=KUPANG)


@pytest.fixture
def desk(client: Client, keeper: Officer) -> Client:
    return signed_in(client, keeper)


@pytest.fixture
def hall(keeper: Officer) -> Place:
    made = stock.add_place(by=keeper, name="Aula", area=area(KUPANG))
    stock.receive(by=keeper, place=made.pk, kind="Pulpen", pieces=10)
    return made


def number(household: int, revision: int = 1) -> str:
    issued(household, revision)
    return receipts.number_for(b"k" * 16, household, revision)


def one(hall: Place, receipt: str, **more: Any) -> dict[str, Any]:
    return {"tempat": hall.pk, "barang": Item.objects.get().pk, "receipt": receipt} | more


def sent(desk: Client, *them: dict[str, Any]) -> Any:
    answered = desk.post(SEND, orjson.dumps(them), content_type="application/json")
    assert answered.status_code == 200, answered.content
    return [(told["outcome"], told["words"]) for told in answered.json()["told"]]


def test_a_place_is_made_filled_counted_and_seen(desk):
    made = desk.post(PAGES + "tempat/baru/", {"name": "Gudang", "area": "53.71"}, follow=True)
    assert "Gudang" in made.content.decode()
    [place] = Place.objects.all()
    page = f"{PAGES}tempat/{place.pk}/"
    desk.post(page, {"lakukan": "terima", "kind": "Buku", "pieces": "20"})
    item = Item.objects.get().pk
    desk.post(page, {"lakukan": "hitung", "item": item, "pieces": "18"})
    assert stock.pieces_of(place.pk, item) == 18
    wrong = desk.post(page, {"lakukan": "terima", "kind": "Buku", "pieces": "0"})
    assert wrong.status_code == 200
    assert b"errorlist" in wrong.content
    shown = desk.get(PAGES).content.decode()
    assert "Gudang" in shown
    assert "18" in shown
    for format in ("csv", "xlsx", "json"):
        assert desk.get(f"{PAGES}?format={format}").status_code == 200
        assert desk.get(f"{page}?format={format}").status_code == 200


def test_the_second_try_is_refused_and_says_when_and_where(desk, hall):
    assert sent(desk, one(hall, number(7)))[0][0] == "given"
    [(outcome, words)] = sent(desk, one(hall, number(7, 2)))
    assert outcome == "refused"
    assert "Pulpen" in words
    assert "Aula" in words
    assert str(timezone.localdate().year) in words


def test_it_works_without_a_script(desk, hall):
    answered = desk.post(SEND, one(hall, number(7)) | {"acara": ""}, follow=True)
    assert "Serahkan" in answered.content.decode()
    assert Handout.objects.count() == 1


def test_a_report_names_the_doubles_and_is_taken_twice(desk, hall):
    at = "2020-02-20T02:00:00.000Z"
    first = one(hall, number(7), at=at)
    assert [told[0] for told in sent(desk, first, first)] == ["given", "known"]
    [(outcome, words)] = sent(desk, one(hall, number(7, 2), at="2020-02-20T03:00:00.000Z"))
    assert outcome == "double"
    assert "Aula" in words
    assert desk.get(PAGES + "ganda/").content.decode().count("Aula") == 2
    assert desk.get(PAGES + "ganda/?format=csv").status_code == 200


@pytest.mark.parametrize(
    "receipt", ["", "7K2M", "AAAA-AAAA-AAAA-A", "x" * 300, "sp2020.1.2.3.4." + "A" * 86]
)
def test_what_is_no_receipt_is_refused_in_words(desk, hall, receipt):
    [(outcome, words)] = sent(desk, one(hall, receipt))
    assert outcome == "refused"
    assert words
    assert not Handout.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"7", b"[7]", b"{}", b"[" + b"{}," * 600 + b"{}]"])
def test_a_broken_report_is_refused_as_a_whole(desk, hall, body):
    assert desk.post(SEND, body, content_type="application/json").status_code == 400


def test_nobody_gives_out_or_sees_what_lies_elsewhere(desk, hall, client):
    other = officer("regency", area="33.25")
    away = stock.add_place(by=other, name="Batang", area=area("33.25"))
    stock.receive(by=other, place=away.pk, kind="Pulpen", pieces=3)
    [(outcome, _words)] = sent(desk, one(away, number(7)))
    assert outcome == "refused"
    assert desk.get(f"{PAGES}tempat/{away.pk}/").status_code == 404
    assert desk.get(f"{PAGES}serah/?tempat={away.pk}&barang={Item.objects.get().pk}").status_code
    assert "Batang" not in desk.get(PAGES).content.decode()
    assert not Handout.objects.exists()


def test_a_rule_is_kept_for_an_event_of_ones_own(desk, hall):
    event = visit(day=timezone.localdate())
    desk.post(f"{PAGES}aturan/{event.pk}/", {"first": "200"})
    assert SouvenirRule.objects.get().first == 200
    desk.post(f"{PAGES}aturan/{event.pk}/", {"first": "", "only_own": "on"})
    assert SouvenirRule.objects.get().people_of_id == event.institution_id
    desk.post(f"{PAGES}aturan/{event.pk}/", {"first": ""})
    assert not SouvenirRule.objects.exists()
    elsewhere = visit(area=area("33.25"), institution=None, kind="village", title="Batang")
    assert desk.get(f"{PAGES}aturan/{elsewhere.pk}/").status_code == 404


def test_only_the_page_that_scans_may_use_the_camera(desk, hall):
    page = desk.get(f"{PAGES}serah/", {"tempat": hall.pk, "barang": Item.objects.get().pk})
    assert page["Permissions-Policy"].startswith("camera=(self)")
    assert desk.get(PAGES)["Permissions-Policy"].startswith("camera=()")


def test_a_member_sees_the_places_of_the_own_teams_and_hands_out_there_alone(desk, hall, keeper):
    own, others = team(), team()
    member = signed_in(Client(), member_of(own))
    page = f"{PAGES}tempat/{hall.pk}/"
    giving = one(hall, number(7))
    assert member.get(page).status_code == 404
    assert sent(member, giving)[0][0] == "refused"
    desk.post(page, {"lakukan": "tim", "teams": [own.pk]})
    assert list(hall.teams.all()) == [own]
    assert own.name in text(desk.get(page))
    assert hall.name in text(member.get(PAGES))
    assert "Tutup tempat ini" not in text(member.get(page))
    assert member.post(page, {"lakukan": "tim", "teams": [others.pk]}).status_code == 404
    assert sent(member, giving)[0][0] == "given"
    stranger = signed_in(Client(), member_of(others))
    assert stranger.get(page).status_code == 404
    assert hall.name not in text(stranger.get(PAGES))
    # A team that an office elsewhere has put there is not taken away by who does not see it.
    far = team("", "53")
    stock.set_teams(by=keeper, place=hall.pk, teams=[own, far])
    desk.post(page, {"lakukan": "tim", "teams": [others.pk]})
    assert set(hall.teams.all()) == {others, far}


def test_events_are_offered_to_all_who_go_out_and_visits_to_their_team(hall):
    own, others = team(), team()
    hall.teams.set([own])
    today = timezone.localdate()
    for title, by, kind in (
        ("Ramai", others, "event"),
        ("Sepi", others, "visit"),
        ("Kita", own, "visit"),
    ):
        visit(None, by, title=title, kind=kind, day=today)
    offered = text(signed_in(Client(), member_of(own)).get(f"{PAGES}serah/"))
    assert [title in offered for title in ("Ramai", "Sepi", "Kita")] == [True, False, True]
