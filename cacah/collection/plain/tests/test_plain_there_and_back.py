"""Going back, sending twice, coming late: each ends well in the plain form."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cacah.collection import instruments, pages, pool, sessions, window
from cacah.collection.models import Submission
from cacah.collection.plain import state as plain_state
from cacah.collection.plain import steps
from cacah.registry.actions import set_census
from tests.browser.register import register
from tests.browser.resident import FAMILIES

from .family import PlainFamily, number_of


def test_the_same_answers_sent_twice_get_the_same_receipt(plain: PlainFamily) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm")
    fields = {**plain.form.fields, "go": "send"}
    first = number_of(plain.send(fields))
    assert number_of(plain.send(fields)) == first
    assert Submission.objects.count() == 1


def test_other_answers_after_going_back_are_not_given_the_receipt_of_the_first(
    plain: PlainFamily,
) -> None:
    plain.identify().press("skip").fill_until("confirm")
    overview = dict(plain.form.fields)
    plain.press("confirm").press("send")
    number = number_of(plain)
    plain.send({**overview, "go": "mend:family/home"})
    plain.press("next", **{"family/home/floor": "5"}).press("confirm").press("send")
    assert plain.response.status_code == 409 and 'class="number"' not in plain.html
    plain.press("reopen").identify(receipt=number)
    assert "Periksa" in plain.html
    plain.fill_until("confirm").press("confirm").press("send")
    assert number_of(plain) != number
    assert Submission.objects.count() == 2


def test_an_answered_family_corrects_itself_with_the_number(plain: PlainFamily) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm").press("send")
    number = number_of(plain)
    plain.response = plain.client.get("/polos/")
    plain.identify()
    assert plain.response.status_code == 409 and "sudah" in plain.html
    plain.press("reopen").identify(receipt="7XK2-9QPM-4TDR-2")
    assert plain.response.status_code == 403
    plain.identify(receipt=number.lower()).press("skip")
    assert "Keterangan keluarga" in plain.html


def test_a_session_that_has_run_out_is_renewed_with_the_answers(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm")
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "LIFETIME_SECONDS", -1)
        plain.press("send")
        assert plain.response.status_code == 403
        assert "masih ada" in plain.html
    plain.identify()
    plain.fill_until("confirm").press("confirm").press("send")
    assert "5 orang" in plain.html


def test_the_answers_of_one_family_never_reach_another(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = deepcopy(FAMILIES["family of four"])
    register(other | {"kk": "3325110102030499"})
    plain.identify().press("skip").fill_until("confirm").press("confirm")
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "LIFETIME_SECONDS", -1)
        plain.press("send")
    plain.identify(nik=other["prefill"]["persons"][0]["nik"], kk="3325110102030499")
    plain.press("skip")
    assert "Slamet" not in plain.html
    assert (
        "Slamet" not in plain.press("summary" if "summary" in plain.form.buttons else "next").html
    )


def test_a_renewed_form_keeps_the_answers_that_it_still_has(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = instruments.current()
    plain.identify().press("skip").press("section:family").press("next", **plain.known())
    changed = type(old)(
        old.id, "2", old.title, old.languages, old.lists, old.children[:4] + old.children[4:]
    )
    changed.__dict__["digest"] = "0123456789abcdef"
    monkeypatch.setattr(instruments, "current", lambda: changed)
    plain.press("next")
    assert plain.response.status_code == 409 and "masih ada" in plain.html
    plain.identify().press("section:family")
    assert plain.form.fields["family/home/floor"] == "2"


def test_a_page_that_has_grown_too_old_begins_again(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(plain_state, "LIFETIME_SECONDS", -1)
        plain.identify()
    plain.press("skip")
    assert plain.response.status_code == 403
    assert "tidak berlaku lagi" in plain.html and "nik" in plain.form.offered


def test_a_page_of_before_a_restart_goes_on(plain: PlainFamily) -> None:
    plain.identify().press("skip")
    window.forget()
    pages.forget()
    instruments.current.cache_clear()
    pool.close()
    assert "Keterangan keluarga" in plain.press("section:family").html


def test_it_says_that_the_census_has_closed(plain: PlainFamily) -> None:
    now = datetime.now(UTC)
    set_census(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
    window.forget()
    assert "sudah ditutup" in plain.identify().html
    assert plain.response.status_code == 403


def test_answers_wait_on_the_page_while_the_database_is_away(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm")

    def unreachable(*_: Any) -> None:
        raise pool.DatabaseUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(steps, "submit", unreachable)
        plain.press("send")
    assert plain.response.status_code == 503 and plain.response["Retry-After"]
    assert "masih ada di halaman ini" in plain.html
    assert "5 orang" in plain.press("send").html


def test_a_fault_of_ours_keeps_the_answers_and_logs_none(
    plain: PlainFamily, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plain.identify().press("skip").fill_until("confirm").press("confirm")

    def broken(*_: Any) -> None:
        raise RuntimeError("Slamet Riyadi 3325111708750001")

    with monkeypatch.context() as patch:
        patch.setattr(steps, "submit", broken)
        plain.press("send")
    assert plain.response.status_code == 500
    assert "RuntimeError" in str([record.__dict__ for record in caplog.records])
    assert "Slamet" not in str([record.__dict__ for record in caplog.records])
    plain.press("tasks").fill_until("confirm").press("confirm").press("send")
    assert "5 orang" in plain.html
