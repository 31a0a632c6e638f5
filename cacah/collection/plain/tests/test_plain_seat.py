"""A place in a guided session, or an invitation, goes the whole way of the plain form."""

from __future__ import annotations

from typing import Any

import pytest

from cacah.collection import admission, guide, sessions
from cacah.collection.admission import Waiting
from cacah.collection.plain.state import open_sealed
from cacah.registry.models import Case

from .family import PlainFamily

Heard = list[tuple[str, str, bool]]
SEAT = "H4LL012.12"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the room of outreach would hear; it always has the same hint."""
    told: Heard = []

    def listen(*news: Any) -> str:
        told.append(news)
        return "Nomor KK ada di atas."

    monkeypatch.setattr(guide, "_listeners", [listen])
    return told


@pytest.fixture
def seated(plain: PlainFamily, heard: Heard) -> PlainFamily:
    plain.response = plain.client.get("/polos/", {"sesi": guide.token(SEAT)})
    return plain


def case_of(plain: PlainFamily) -> tuple[str | None, str | None, str]:
    return Case.objects.filter(revision=1).values_list("guide", "invitation", "mode").get()


def test_a_seat_is_told_at_every_step_and_goes_with_the_answers(
    seated: PlainFamily, heard: Heard
) -> None:
    assert "nomor 12" in seated.html and not heard
    seated.identify(kk="1").identify().press("skip").press("section:person[1]")
    parts = [block for _seat, block, _wanted in heard]
    assert parts[:3] == ["identify", "card", "tasks"]
    assert parts[3].startswith("page:person/") and {seat for seat, *_ in heard} == {SEAT}
    assert "Nomor KK ada di atas." in seated.html
    seated.press("tasks").fill_until("confirm").press("confirm").press("send")
    assert heard[-1] == (SEAT, "receipt", False)
    assert case_of(seated) == (SEAT, None, "guided")


def test_an_invitation_goes_with_the_answers(plain: PlainFamily, heard: Heard) -> None:
    plain.response = plain.client.get("/polos/", {"ajakan": "K7QM2XPA"})
    plain.identify().press("skip").fill_until("confirm").press("confirm").press("send")
    assert case_of(plain) == (None, "K7QM2XPA", "cawi") and not heard


def test_the_guide_is_called_with_what_was_typed_so_far(seated: PlainFamily, heard: Heard) -> None:
    seated.press("call", nik="12")
    assert heard == [(SEAT, "identify", True)]
    assert seated.form.fields["nik"] == "12" and "sudah diberi tahu" in seated.html
    seated.identify().press("skip").press("section:family")
    seated.press("call", **{"family/home/floor": "2"})
    assert heard[-1][2] and seated.form.fields["family/home/floor"] == "2"


@pytest.mark.parametrize("token", ["", SEAT, SEAT + ".AAAAAAAAAAAAAAAA", "é" * 9, "x" * 999])
def test_a_seat_that_nobody_has_signed_is_none(
    plain: PlainFamily, heard: Heard, token: str
) -> None:
    plain.response = plain.client.get("/polos/", {"sesi": token, "ajakan": "<b>"})
    assert not {"sesi", "ajakan"} & set(plain.form.fields)
    plain.send({**plain.form.fields, "sesi": token, "go": "next"}).identify()
    assert plain.response.status_code == 200 and not heard
    assert open_sealed(plain.form.fields["state"], 0).came_by == {}


def test_whoever_is_not_found_and_leaves_word_stays_the_sessions(seated: PlainFamily) -> None:
    seated.press("unlisted")
    assert seated.form.fields["sesi"] == guide.token(SEAT)
    assert f'href="/polos/?sesi={guide.token(SEAT)}"' in seated.html
    word = {"name": "Slamet", "persons": "2", "address": "RT 1", "cari:village": "kauman batang"}
    village = (seated.press("search", **word).form.offered["village"] or [])[1]
    seated.press("next", village=village)
    assert open_sealed(seated.form.fields["state"], 0).came_by == {"sesi": guide.token(SEAT)}


def test_a_session_of_the_door_that_is_renewed_keeps_the_seat(
    seated: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    seated.identify().press("skip").fill_until("confirm").press("confirm")
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "LIFETIME_SECONDS", -1)
        seated.press("send")
    seated.identify().fill_until("confirm").press("confirm").press("send")
    assert case_of(seated)[0] == SEAT


def test_the_line_and_another_language_keep_the_seat(
    seated: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = guide.token(SEAT)
    assert f'href="/en/polos/?sesi={token}"' in seated.html
    assert f'href="/en/polos/?sesi={token}"' in seated.identify(nik="1").html
    place = Waiting("a-place", 812, 230, 20)
    with monkeypatch.context() as patch:
        patch.setattr(admission, "look", lambda _place: place)
        line = seated.client.get("/polos/", {"sesi": token})
        assert line.url == f"/antre/?tempat=a-place&sesi={token}"
        assert f"sesi={token}" in seated.client.get(line.url).content.decode()
    onward = seated.client.get(line.url)
    assert onward.url == f"/polos/?tempat=a-place&sesi={token}"


def test_a_guide_who_cannot_be_told_keeps_nobody_from_a_page(
    seated: PlainFamily, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> str:
        raise RuntimeError("Slamet")

    monkeypatch.setattr(guide, "_listeners", [broken])
    assert "skip" in seated.identify().press("call").form.buttons
    assert "Slamet" not in str([record.__dict__ for record in caplog.records])


def test_news_of_a_page_never_name_a_member_by_number(seated: PlainFamily, heard: Heard) -> None:
    seated.identify().press("skip").press("section:person[2]").press("tasks")
    assert all("[" not in block and len(block) <= 40 for _seat, block, _wanted in heard)
