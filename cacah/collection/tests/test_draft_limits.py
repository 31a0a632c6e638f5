"""Drafts under a code: limits, the end of them, hostile requests, and what nobody can read."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from cacah.collection import forgetting, guesses, metrics, opened, pool, queries, window
from cacah.collection.models import Draft, Guess

from .carrying import answer_card, at_once, keys_of, open_it, remove, save, sealed, text
from .conftest import Device, submission_key
from .test_privacy import everything_stored


def test_a_draft_is_found_only_by_its_own_family(device, session, another, locator):
    save(device, session, locator)
    other = another.identify(device).json["session"]
    assert open_it(device, other, locator).code == "draft-not-found"
    assert save(device, other, locator).status == 201


def test_whoever_has_only_the_numbers_leaves_two_places_to_the_family(device, family, session):
    for n in (1, 2):
        assert save(device, session, submission_key(n)).status == 201
    full = save(device, session, submission_key(3))
    assert (full.status, full.code) == (409, "drafts-full")
    card = answer_card(device, session)
    for n in (3, 4):
        assert save(device, card, submission_key(n)).status == 201
    Guess.objects.all().delete()
    assert save(device, card, submission_key(5)).code == "drafts-full"
    for n in (1, 2, 3, 4):
        assert open_it(device, session, submission_key(n)).json["version"] == 1


def test_a_family_that_knows_its_card_leaves_the_open_places_free(device, session, carded):
    save(device, carded, submission_key(1))
    save(device, carded, submission_key(2))
    assert [draft.slot for draft in Draft.objects.order_by("slot")] == [3, 4]
    assert save(device, session, submission_key(3)).status == 201


def test_of_many_that_begin_at_once_a_household_keeps_four(device, family, carded, monkeypatch):
    monkeypatch.setattr(guesses, "DRAFT", guesses.Limit(99, 0, 0, 0, timedelta(days=1)))
    answers = at_once([lambda n=n: save(Device(), carded, submission_key(n)) for n in range(8)])
    assert sorted(a.status for a in answers) == [201] * 4 + [409] * 4
    assert {a.code for a in answers if a.status == 409} == {"drafts-full"}
    assert sorted(draft.slot for draft in Draft.objects.all()) == [1, 2, 3, 4]


def test_wrong_locators_are_slowed_as_guesses_and_right_ones_wait_no_minute(
    device, session, locator
):
    save(device, session, locator)
    for n in range(4):
        assert open_it(device, session, submission_key(n)).code == "draft-not-found"
    assert save(device, session, submission_key(8), 3).code == "draft-not-found"
    for ask in (
        lambda: open_it(device, session, submission_key(9)),
        lambda: open_it(device, session, locator),
        lambda: save(device, session, locator, 1),
        lambda: remove(device, session, locator, 1),
    ):
        refused = ask()
        assert (refused.status, refused.code) == (429, "slow-down")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert guesses.DRAFT.delay(1_000_000) == 60


def test_wrong_locators_count_for_the_network_too_and_beginning_does_not(device, session):
    save(device, session, submission_key(1))
    assert [bytes(guess.key)[:1] for guess in Guess.objects.all()] == [b"d"]
    open_it(device, session, submission_key(2))
    assert sorted(bytes(guess.key)[:1] for guess in Guess.objects.all()) == [b"d", b"w"]


def test_nothing_counts_when_a_device_goes_on_with_its_own_draft(device, session, locator):
    save(device, session, locator)
    before = Guess.objects.get().failures
    for base in range(1, 6):
        save(device, session, locator, base)
        open_it(device, session, locator)
    assert Guess.objects.get().failures == before


def age(days: float) -> None:
    Draft.objects.update(saved_at=datetime.now(UTC) - timedelta(days=days))


def test_after_fourteen_days_it_is_gone(device, session, locator):
    save(device, session, locator)
    age(13.9)
    assert forgetting.forget_old() == 0
    assert open_it(device, session, locator).status == 200
    age(14.1)
    assert open_it(device, session, locator).code == "draft-not-found"
    assert save(device, session, locator, 1).code == "draft-not-found"
    assert forgetting.forget_old() == 1
    assert not Draft.objects.exists()


def test_what_is_too_old_takes_no_place(device, session):
    for n in (1, 2):
        save(device, session, submission_key(n))
    age(15)
    assert save(device, session, submission_key(1)).status == 201
    assert Draft.objects.count() == 1


def test_it_is_removed_when_the_family_has_submitted(device, family, another, session, locator):
    save(device, session, locator)
    other = another.identify(device).json["session"]
    save(device, other, locator)
    assert family.submit(device, session).status == 201
    assert forgetting.forget() == 1
    assert [draft.household_id for draft in Draft.objects.all()] == [another.id]
    assert save(device, session, submission_key(3)).code == "already-submitted"
    assert open_it(device, session, locator).code == "already-submitted"


def test_it_is_removed_later_where_the_database_was_away(
    device, family, session, locator, monkeypatch
):
    save(device, session, locator)
    family.submit(device, session)
    with monkeypatch.context() as away:
        away.setattr(pool, "lent", refuse)
        with pytest.raises(pool.DatabaseUnreachable):
            forgetting.forget()
    assert forgetting.forget() == 1
    assert not Draft.objects.exists()


def refuse(*_):
    raise psycopg.OperationalError


def test_many_old_drafts_go_a_thousand_at_a_time(device, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collection_draft"
            " SELECT n, 1, decode(md5(n::text), 'hex'), 0, 1, '', now() - interval '15 days'"
            " FROM generate_series(1, 2500) AS n"
        )
    asked = []
    run = pool.run
    monkeypatch.setattr(pool, "run", lambda work: asked.append(run(work)) or asked[-1])
    assert forgetting.forget_old() == 2500
    assert asked == [1000, 1000, 500]


def test_the_background_thread_removes_what_is_answered_or_old(
    device, family, session, locator, monkeypatch
):
    """One round of the thread, as it goes each second and each minute."""
    save(device, session, locator)
    family.submit(device, session)
    rounds = iter([False, True])
    monkeypatch.setattr(opened, "FORGET_EVERY", 1)
    monkeypatch.setattr(opened._stop, "wait", lambda seconds: next(rounds))
    opened.work()
    assert not Draft.objects.exists()


def test_a_draft_from_before_a_submission_is_not_given_to_its_correction(
    device, family, session, locator
):
    save(device, session, locator)
    number = family.submit(device, session).json["number"]
    forgetting._answered.clear()
    again = family.identify(device, receipt=number).json["session"]
    assert open_it(device, again, locator).code == "draft-not-found"
    assert save(device, again, locator).status == 201
    assert Draft.objects.get().revision == 1


def test_a_submission_asks_the_database_nothing_for_drafts(device, family, session, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(queries, "find_draft", lambda *a, **k: asked.append("query"))
    for name in ("forget_drafts_of", "remove_draft"):
        monkeypatch.setattr(forgetting.draft_actions, name, lambda *a, **k: asked.append("action"))
    assert family.submit(device, session).status == 201
    assert not asked


@pytest.mark.parametrize("remove_too", [True, None])
def test_it_wants_either_sealed_bytes_or_to_remove(device, session, locator, remove_too):
    both = save(device, session, locator, remove=remove_too)
    neither = device.post("draft", session=session, locator=locator, base=0)
    assert neither.code == "bad-request"
    assert (both.code == "bad-request") == bool(remove_too)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locator", "short"),
        ("locator", "é" * 22),
        ("base", -1),
        ("base", 2**31),
        ("base", True),
        ("base", "1"),
        ("base", 1.0),
        ("sealed", "A" * 37),
        ("sealed", "A" * 65537),
        ("sealed", "A" * 41),
        ("sealed", "A" * 40 + "=="),
        ("sealed", 7),
        ("remove", False),
        ("remove", "yes"),
    ],
)
def test_what_is_no_draft_is_refused_by_name(device, session, locator, field, value):
    body = {"locator": locator, "base": 0, "sealed": sealed()} | {field: value}
    answer = device.post("draft", session=session, **body)
    assert (answer.status, answer.code) == (400, "bad-request")
    assert [problem["path"] for problem in answer.json["problems"]] == [field]
    assert not Draft.objects.exists()


def test_the_largest_draft_is_kept_whole(device, session, locator):
    large = text(os.urandom(49152))
    assert len(large) == 65536
    assert save(device, session, locator, sealed=large).status == 201
    assert open_it(device, session, locator).json["sealed"] == large


def test_drafts_end_with_the_census(device, session, locator, monkeypatch):
    save(device, session, locator)
    closed = window.current()
    monkeypatch.setattr(
        window,
        "current",
        lambda: type(closed)(
            **{
                name: getattr(closed, name) - timedelta(days=60)
                if name in ("opens_at", "closes_at")
                else getattr(closed, name)
                for name in closed.__dataclass_fields__
            }
        ),
    )
    assert save(device, session, locator, 1).code == "closed"
    assert open_it(device, session, locator).code == "closed"


@pytest.mark.parametrize("forged", ["", "x", "A" * 58])
def test_a_forged_session_reaches_no_draft(device, session, locator, forged):
    save(device, session, locator)
    assert save(device, forged, locator, 1).code == "session-invalid"
    assert open_it(device, forged, locator).code == "session-invalid"
    assert Draft.objects.get().version == 1


def test_the_row_of_a_draft_holds_nothing_that_can_be_read(device, family, session):
    """Not the answers, nor the code, nor the locator, nor how many people are in it."""
    code, salt = "7XK2-9QPM-4TDR-2", "0" * 64
    key, locator = keys_of(code, salt)
    answers = json.dumps({"answers": family.answers()}).encode()
    nonce = os.urandom(12)
    kept = nonce + AESGCM(key).encrypt(nonce, answers.ljust(1024), b"cacah draft 1")
    assert save(device, session, locator, sealed=text(kept)).status == 201
    secrets = [code, code.replace("-", ""), locator, family.kk, "Siti Aminah", family.nik]
    family.submit(device, session)
    for table, words in everything_stored():
        assert not [secret for secret in secrets if secret.lower() in words], table
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(sealed) FROM collection_draft")
        assert cursor.fetchone() == (12 + 1024 + 16,)


def test_no_log_record_names_a_locator_or_what_is_sealed(device, session, locator, caplog):
    with caplog.at_level("DEBUG"):
        save(device, session, locator)
        save(device, session, locator)
        open_it(device, session, submission_key(4))
    text_of_all = " ".join(str(vars(record)) for record in caplog.records)
    assert locator not in text_of_all
    assert sealed(f"{locator} after 0") not in text_of_all


def test_answers_and_forgotten_drafts_are_counted(device, family, session, locator):
    metrics.flush()
    forgotten = metrics.DRAFTS_FORGOTTEN.labels("submitted")._value
    answered = metrics.REQUESTS.labels("draft", "ok")._value
    before = forgotten.get(), answered.get()
    save(device, session, locator)
    family.submit(device, session)
    forgetting.forget()
    metrics.flush()
    assert (forgotten.get(), answered.get()) == (before[0] + 1, before[1] + 1)


def test_somebody_not_registered_has_no_draft(device, locator, session):
    from dataclasses import replace

    from cacah.collection import sessions

    nobody = sessions.issue(replace(sessions.read(session), household_id=12345))
    assert open_it(device, nobody, locator).code == "draft-not-found"
