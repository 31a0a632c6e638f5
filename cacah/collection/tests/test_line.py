"""The waiting room without a script, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from cacah.collection import admission, pool
from cacah.collection.admission import Room, Waiting
from cacah.collection.waiting.line import SECOND


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A full house in which about 12 minutes of families stand in line."""
    room = Room()
    room.is_full = True
    arrivals = [(room.clock() // SECOND - 10 + n, 1000) for n in range(9)]
    room.line = type(room.line).of((arrivals[0][0]) * SECOND, arrivals)
    room.pace = type(room.pace)(rate=12.5, speed=12.5)
    monkeypatch.setattr(admission, "_room", room)
    yield room
    pool.close()


def place_in(address: str) -> str:
    return address.split("tempat=")[1]


@pytest.mark.django_db
def test_whoever_comes_to_a_full_house_waits_before_typing_anything(
    full: Room, client: Client
) -> None:
    turned = client.get("/polos/")
    assert turned.status_code == 302
    assert turned.url.startswith("/antre/?tempat=")
    page = client.get(turned.url)
    assert page.headers["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert "Nomor antrean Anda: 9.001" in text
    assert "Kira-kira 13 menit lagi" in text or "Kira-kira 12 menit lagi" in text


@pytest.mark.django_db
def test_the_page_asks_again_by_itself_with_the_same_place(full: Room, client: Client) -> None:
    first = client.get("/en/antre/")
    pause, _, address = first.headers["Refresh"].partition("; url=")
    assert int(pause) >= 5
    again = client.get(address)
    assert place_in(again.headers["Refresh"]) == place_in(address)
    assert "You are number 9,001 in line" in again.content.decode()


@pytest.mark.django_db
def test_the_place_comes_along_to_another_language(full: Room, client: Client) -> None:
    page = client.get("/antre/")
    place = place_in(page.headers["Refresh"])
    assert f'href="/en/antre/?tempat={place}"' in page.content.decode()


@pytest.mark.django_db
def test_when_it_is_called_the_plain_form_opens_with_the_place(full: Room, client: Client) -> None:
    seat = admission.check(None)
    assert isinstance(seat, Waiting)
    full.line = type(full.line).of(full.clock() + 1, [])
    called = client.get(f"/antre/?tempat={seat.place}")
    assert called.url == f"/polos/?tempat={seat.place}"
    form = client.get(called.url)
    assert form.status_code == 200
    assert f'name="place" value="{seat.place}"' in form.content.decode()
    assert not full.uses


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["x", "%00", "A" * 32, "<script>"])
def test_a_forged_place_gets_a_new_one(full: Room, client: Client, forged: str) -> None:
    page = client.get("/antre/", {"tempat": forged})
    assert page.status_code == 200
    assert place_in(page.headers["Refresh"]) != forged
