"""A draft goes to another device under a code: versions, two at once, limits, and the end of it."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cacah.collection import drafts, guesses, metrics, opened, queries, window
from cacah.collection.models import Draft, Guess

from .conftest import Device, submission_key
from .test_privacy import everything_stored


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def sealed(seed: str = "first") -> str:
    return text(seed.encode().ljust(60, b"\0"))


def save(device: Device, session: str, locator: str, base: int = 0, **more: Any) -> Any:
    body = {"sealed": sealed(f"{locator} after {base}")} | more
    return device.post("draft", session=session, locator=locator, base=base, **body)


def remove(device: Device, session: str, locator: str, base: int) -> Any:
    return device.post("draft", session=session, locator=locator, base=base, remove=True)


def open_it(device: Device, session: str, locator: str) -> Any:
    return device.post("draft/open", session=session, locator=locator)


def answer_card(device: Device, session: str) -> str:
    token: str = device.post("card", session=session, answer="2005-08-17").json["session"]
    return token


@pytest.fixture
def carded(device: Device, session: str) -> str:
    return answer_card(device, session)


@pytest.fixture
def locator() -> str:
    return submission_key(77)


def test_what_is_kept_under_a_code_is_found_with_it_on_another_device(device, family, locator):
    here, there = (family.identify(device).json["session"] for _ in range(2))
    kept = save(device, here, locator)
    assert (kept.status, kept.json["version"]) == (201, 1)
    found = open_it(device, there, locator)
    assert found.status == 200
    assert found.json["version"] == 1
    assert found.json["sealed"] == sealed(f"{locator} after 0")
    left = datetime.fromisoformat(kept.json["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_each_save_is_the_next_version(device, session, locator):
    assert [save(device, session, locator, n).json["version"] for n in range(4)] == [1, 2, 3, 4]
    assert open_it(device, session, locator).json["sealed"] == sealed(f"{locator} after 3")


@pytest.mark.parametrize("base", [0, 1, 3, 99])
def test_a_device_that_does_not_know_the_last_version_is_told_and_replaces_nothing(
    device, session, locator, base
):
    save(device, session, locator)
    save(device, session, locator, 1)
    late = save(device, session, locator, base, sealed=sealed("older"))
    assert (late.status, late.code) == (409, "draft-newer")
    assert (late.json["version"], late.json["sealed"]) == (2, sealed(f"{locator} after 1"))
    assert late.json["saved_at"] == open_it(device, session, locator).json["saved_at"]
    assert remove(device, session, locator, base).code == "draft-newer"
    assert open_it(device, session, locator).json["version"] == 2


def at_once(jobs: list[Any]) -> list[Any]:
    """Run them in as many threads that start together; return what each gave."""
    together = Barrier(len(jobs))

    def work(job: Any) -> Any:
        together.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(work, jobs))


def test_of_devices_that_save_at_the_same_moment_exactly_one_wins(device, session, locator):
    save(device, session, locator)
    for base in range(1, 9):
        answers = at_once(
            [
                lambda n=n, base=base: save(Device(), session, locator, base, sealed=sealed(str(n)))
                for n in range(6)
            ]
        )
        won = [answer for answer in answers if answer.status == 201]
        assert [answer.json["version"] for answer in won] == [base + 1]
        lost = [answer for answer in answers if answer.status != 201]
        assert {(each.code, each.json["version"]) for each in lost} == {("draft-newer", base + 1)}
        assert len({each.json["sealed"] for each in lost}) == 1


def test_of_two_devices_that_begin_under_one_code_exactly_one_begins(device, session, locator):
    answers = at_once([lambda: save(Device(), session, locator) for _ in range(4)])
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert Draft.objects.count() == 1


@examples(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["save", "open", "remove"])),
        max_size=12,
    )
)
def test_whatever_devices_do_no_version_is_replaced_by_one_that_did_not_know_it(
    device, session, locator, steps
):
    """The slow and obvious judge is a dictionary: what is kept, and what each device knows."""
    Draft.objects.all().delete()
    known = dict.fromkeys("ABC", 0)
    kept: tuple[int, str] | None = None
    for number, (who, what) in enumerate(steps):
        Guess.objects.all().delete()
        if what == "open":
            answer = open_it(device, session, locator)
            assert answer.status == (200 if kept else 404)
            known[who] = answer.json.get("version", 0)
            assert not kept or (answer.json["version"], answer.json["sealed"]) == kept
        elif what == "save":
            words = sealed(str(number))
            answer = save(device, session, locator, known[who], sealed=words)
            if known[who] == (kept[0] if kept else 0):
                kept = (known[who] + 1, words)
                assert (answer.status, answer.json["version"]) == (201, kept[0])
                known[who] = kept[0]
            else:
                assert answer.code == ("draft-newer" if kept else "draft-not-found")
        else:
            answer = remove(device, session, locator, known[who])
            if kept and known[who] == kept[0]:
                assert answer.status == 200
                kept = None
            else:
                assert answer.code == ("draft-newer" if kept else "draft-not-found")


def test_removed_it_is_gone_and_the_other_device_hears_it(device, session, locator):
    save(device, session, locator)
    assert remove(device, session, locator, 1).json == {"removed": True}
    assert save(device, session, locator, 1).code == "draft-not-found"
    assert open_it(device, session, locator).code == "draft-not-found"
    assert not Draft.objects.exists()


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
    assert drafts.forget_old() == 0
    assert open_it(device, session, locator).status == 200
    age(14.1)
    assert open_it(device, session, locator).code == "draft-not-found"
    assert save(device, session, locator, 1).code == "draft-not-found"
    assert drafts.forget_old() == 1
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
    assert drafts.forget() == 1
    assert [draft.household_id for draft in Draft.objects.all()] == [another.id]
    assert save(device, session, submission_key(3)).code == "already-submitted"
    assert open_it(device, session, locator).code == "already-submitted"


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
    drafts._answered.clear()
    again = family.identify(device, receipt=number).json["session"]
    assert open_it(device, again, locator).code == "draft-not-found"
    assert save(device, again, locator).status == 201
    assert Draft.objects.get().revision == 1


def test_a_submission_asks_the_database_nothing_for_drafts(device, family, session, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(queries, "find_draft", lambda *a, **k: asked.append("query"))
    for name in ("forget_drafts_of", "remove_draft"):
        monkeypatch.setattr(drafts.actions, name, lambda *a, **k: asked.append("action"))
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


def keys_of(code: str, salt: str) -> tuple[bytes, str]:
    """Return AES key and locator of a code, as docs/door.md tells any device to make them."""
    symbols = code.replace("-", "")[:12].encode()
    stretched = PBKDF2HMAC(hashes.SHA256(), 32, b"cacah kode lanjut " + salt.encode(), 300_000)
    secret = stretched.derive(symbols)

    def part(name: bytes, size: int) -> bytes:
        return HKDF(hashes.SHA256(), size, b"", b"cacah draft " + name).derive(secret)

    return part(b"key", 32), text(part(b"locator", 16))


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
    drafts.forget()
    metrics.flush()
    assert (forgotten.get(), answered.get()) == (before[0] + 1, before[1] + 1)


def test_somebody_not_registered_has_no_draft(device, locator, session):
    from dataclasses import replace

    from cacah.collection import sessions

    nobody = sessions.issue(replace(sessions.read(session), household_id=12345))
    assert open_it(device, nobody, locator).code == "draft-not-found"
