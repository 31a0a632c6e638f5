"""What the plain form refuses, and what nobody can read in it."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cacah.collection import admission, guesses
from cacah.collection.models import Guess
from cacah.collection.plain import words
from cacah.collection.problems import Problem

from .family import PlainFamily

ROOM = Path(__file__).resolve().parents[2]


def test_wrong_numbers_are_told_before_the_door_is_asked(plain: PlainFamily) -> None:
    plain.identify(nik="12", kk="x")
    assert "16" in plain.html and 'href="#f-nik"' in plain.html and 'href="#f-kk"' in plain.html
    assert plain.form.fields["nik"] == "12"


def test_numbers_may_be_written_in_groups(plain: PlainFamily) -> None:
    plain.identify(nik="3325 1117 0875 0001", kk="3325-1101-0203-0405")
    assert plain.response.status_code == 200 and "skip" in plain.form.buttons


def test_a_reference_counts_only_on_its_own_page(plain: PlainFamily) -> None:
    plain.send({"reference": "7XK2-9QPM-4TDR-2", "go": "next"})
    assert plain.response.status_code == 200
    assert 'href="#f-nik"' in plain.html and 'href="#f-kk"' in plain.html


def test_a_wrong_guess_costs_as_at_the_door(plain: PlainFamily) -> None:
    for _ in range(4):
        assert plain.identify(kk="3325110102030406").response.status_code == 404
    plain.identify()
    assert plain.response.status_code == 429
    assert int(plain.response["Retry-After"]) > 0


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda sealed: sealed[:-2],
        lambda sealed: sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        lambda sealed: "",
        lambda sealed: "é" * 40,
        lambda sealed: "A" * 200_000,
    ],
)
def test_a_state_that_was_tampered_with_is_refused(plain: PlainFamily, spoiled: Any) -> None:
    plain.identify()
    plain.send({"state": spoiled(plain.form.fields["state"]), "go": "skip"})
    assert plain.response.status_code == 403
    assert "tidak berlaku lagi" in plain.html


@pytest.mark.parametrize(
    "fields",
    [
        {"person[1]/role/relationship": "01"},
        {"family/home/floor": "2", "unknown": "x"},
        {"csrfmiddlewaretoken": "x"},
        {"family/address/at_registered": "x" * 5000},
        {f"a{n}": "x" for n in range(1200)},
    ],
)
def test_fields_that_the_page_has_not_are_refused(
    plain: PlainFamily, fields: dict[str, str]
) -> None:
    plain.identify().press("skip").press("section:family")
    plain.send({"state": plain.form.fields["state"], "go": "next", **fields})
    assert plain.response.status_code == 400
    assert "tidak dapat dibaca" in plain.html


STRANGE = ["", "nothing", "section:", "section:person[99]", "mend:x[", "add:x", "remove:family"]


@pytest.mark.parametrize("go", STRANGE)
def test_a_button_that_no_page_has_leads_to_a_page(plain: PlainFamily, go: str) -> None:
    plain.identify().press("skip")
    plain.send({"state": plain.form.fields["state"], "go": go})
    assert plain.response.status_code == 200


def test_ten_megabytes_are_refused(plain: PlainFamily) -> None:
    plain.send({"nik": "1" * 10_000_000})
    assert plain.response.status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", ""])
def test_another_kind_of_body_is_refused(plain: PlainFamily, kind: str) -> None:
    answer = plain.client.post("/polos/", b'{"nik": "1"}', content_type=kind)
    assert answer.status_code == 400


def test_other_methods_are_refused(plain: PlainFamily) -> None:
    assert plain.client.put("/polos/").status_code == 405


def test_a_page_of_another_site_cannot_let_its_visitors_guess(plain: PlainFamily) -> None:
    fields = {"nik": plain.nik, "kk": plain.kk, "go": "next"}
    assert plain.send(fields, headers={"sec-fetch-site": "cross-site"}).response.status_code == 400
    assert plain.send(fields, headers={"sec-fetch-site": "same-origin"}).response.status_code == 200


def test_a_choice_that_is_not_offered_is_told_as_in_the_form(plain: PlainFamily) -> None:
    plain.identify().press("skip").press("section:family")
    plain.send({"state": plain.form.fields["state"], "go": "next", "family/home/floor": "77"})
    assert plain.response.status_code == 200
    assert 'href="#f-family-home-floor"' in plain.html


def test_nothing_of_the_answers_can_be_read_in_the_sealed_state(plain: PlainFamily) -> None:
    plain.identify().press("skip").fill_until("confirm")
    sealed = plain.form.fields["state"]
    raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    assert b"Slamet" not in raw and plain.nik.encode() not in raw and b"person" not in raw
    assert len(sealed) < 6000


def test_it_sets_no_cookie_and_no_page_is_kept(plain: PlainFamily) -> None:
    plain.identify().press("skip").fill_until("confirm")
    assert not plain.client.cookies
    assert plain.response["Cache-Control"] == "no-store"
    assert "script-src 'self'" in plain.response["Content-Security-Policy"]
    assert "<script" not in plain.html and "style=" not in plain.html
    assert plain.html.count('autocomplete="off"') >= 1


def test_the_receipt_page_carries_no_answer_and_no_state(plain: PlainFamily) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm").press("send")
    assert "Slamet" not in plain.html and "<form" not in plain.html
    assert plain.nik not in plain.html and 'name="state"' not in plain.html


def test_it_has_a_text_for_everything_that_it_says() -> None:
    pages_ = (ROOM / "templates/collection/plain").glob("*.html")
    sources = [*(ROOM / "plain").glob("*.py"), *pages_]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    keys = set(re.findall(r"""say\(\s*"([\w.-]+)["]|say "([\w.-]+)\"""", source))
    named = {one or other for one, other in keys}
    assert len(named) > 60
    assert not [key for key in named if not words.has(key)]


def test_every_setting_of_a_language_leads_to_the_plain_form(plain: PlainFamily) -> None:
    for code, _ in settings.LANGUAGES:
        address = "/polos/" if code == settings.LANGUAGE_CODE else f"/{code}/polos/"
        assert f'<html lang="{code}">' in plain.client.get(address).content.decode()


# Who must wait


def test_who_has_no_script_may_wait_instead_of_proving_work(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = guesses.network_key("127.0.0.1")
    at = datetime.now(UTC)
    Guess.objects.create(key=key, failures=70, last_at=at, expires_at=at + timedelta(hours=1))
    plain.identify()
    assert plain.response.status_code == 429 and plain.response["Retry-After"] == "60"
    ticket = plain.form.fields["proof"]
    assert ticket.startswith(guesses.PATIENT)
    plain.identify()
    assert plain.response.status_code == 429 and plain.form.fields["proof"] == ticket
    monkeypatch.setattr(guesses, "PATIENCE", timedelta(0, 1e-6))
    plain.identify()
    assert plain.response.status_code == 200 and "skip" in plain.form.buttons


@given(st.binary(max_size=17), st.integers(0, 3000), st.integers(0, 3000))
def test_a_ticket_counts_for_its_network_after_a_minute_for_a_while(
    network: bytes, begun: int, later: int
) -> None:
    at, now = (datetime.fromtimestamp(seconds, UTC) for seconds in (begun, begun + later))
    ticket = guesses.patience(network, at)
    assert guesses.has_waited(ticket, network, now) == (60 <= later <= 1200)
    assert not guesses.has_waited(ticket, network + b"x", now)
    assert not guesses.has_waited(ticket[:-1], network, now)


def test_all_tickets_of_a_network_open_one_try_a_minute() -> None:
    now = datetime(2020, 2, 20, tzinfo=UTC)
    tickets = [guesses.patience(b"w1", now - timedelta(seconds=60 + n)) for n in range(9)]
    assert len({guesses.proof_key(ticket, b"w1", now) for ticket in tickets}) == 1
    assert guesses.proof_key(tickets[0], b"w2", now) != guesses.proof_key(tickets[0], b"w1", now)
    assert guesses.proof_key(tickets[0], b"w1", now + timedelta(minutes=1)) != guesses.proof_key(
        tickets[0], b"w1", now
    )


def test_a_full_house_gives_a_place_that_the_page_keeps(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def full(token: str | None) -> None:
        asked.append(token)
        if len(asked) < 3:
            more = {"place": "a-place", "position": 812, "estimate_seconds": 230}
            raise Problem("full-house", retry_after=20, **more)

    monkeypatch.setattr(admission, "let_in", full)
    plain.identify()
    assert plain.response.status_code == 429 and plain.response["Retry-After"] == "20"
    assert "nomor 812" in plain.html and "4 menit" in plain.html
    assert plain.form.fields["nik"] == plain.nik
    plain.press("next").press("next")
    assert asked == [None, "a-place", "a-place"]
    assert "skip" in plain.form.buttons
