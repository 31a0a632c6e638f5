"""A family that the register does not have leaves word, and may answer at once."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import orjson
import pytest
from altcha import v1 as altcha
from django.conf import settings
from django.core.management import CommandError, call_command

from cacah.collection import admission, guesses, numbers, pool, receipts, window
from cacah.collection.models import ForeignNumber, Guess, Submission
from cacah.collection.problems import Problem
from cacah.collection.queries import verify
from cacah.collection.receipt_pdf import receipt_pdf
from cacah.collection.receipts import Receipt
from cacah.registry import queries
from cacah.registry.actions import set_census
from cacah.registry.models import Case, Household, ProgressDelta, Unlisted, VisitRequest

from .conftest import INSTRUMENT, Device, submission_key

VILLAGE = "3325112001"
WORD = {
    "key": submission_key(7),
    "language": "en",
    "name": "Wahyuni",
    "village": VILLAGE,
    "address": "Dukuh Krajan RT 2",
    "contact": "0812 3456 7890",
    "persons": 3,
    "visit": False,
}
ANSWERS = {"person": [{"name": "Wahyuni"}, {"name": "Agus", "nik": "3325011708050077"}]}


def leave(device: Device, **changed):
    body = {name: value for name, value in (WORD | changed).items() if value is not None}
    return device.post("unlisted", **body)


def answer(device: Device, session: str, **changed):
    body = {
        "session": session,
        "key": submission_key(70),
        "instrument": INSTRUMENT.digest,
        "answers": ANSWERS,
    }
    return device.post("submit", **(body | changed))


def counted(name: str) -> int:
    return sum(getattr(delta, name) for delta in ProgressDelta.objects.all())


def test_it_gets_a_reference_and_goes_to_fieldwork(device):
    left = leave(device)
    assert left.status == 201
    assert left.json["case"] == {"state": "unlisted", "revision": 0}
    assert left.json["prefill"] == {
        "household": {"area": VILLAGE},
        "persons": [{"name": "Wahyuni"}],
    }
    found = queries.unlisted_by_reference(left.json["reference"])
    assert [found] == queries.unlisted(area="3325")
    assert queries.waiting_families(area="3325") == (1, 0)
    assert queries.unlisted(area="3326") == []
    assert found.answered_at is None
    assert queries.unlisted_words(found.household_id) == {
        "address": "Dukuh Krajan RT 2",
        "contact": "0812 3456 7890",
        "people": 3,
        "persons": [{"name": "Wahyuni"}],
    }
    assert (counted("unlisted_families"), counted("unlisted_persons")) == (1, 3)


def test_it_answers_at_once_and_its_receipt_says_to_be_verified(device):
    left = leave(device)
    sent = answer(device, left.json["session"])
    assert sent.status == 201
    assert sent.json["to_be_verified"] is True
    assert receipts.verify(sent.json["signed"]).to_be_verified
    assert Submission.objects.get().to_be_verified
    case = Case.objects.get()
    assert (case.state, case.revision, case.persons) == ("unlisted", 1, 2)
    assert (counted("unverified_families"), counted("unverified_persons")) == (1, 2)
    assert counted("responded_families") == counted("complete_persons") == 0
    assert queries.unlisted(area=VILLAGE)[0].answered_at == case.submitted_at
    assert answer(device, left.json["session"]).body == sent.body


def test_a_repeat_gets_the_same_reference_and_stores_nothing_more(device):
    first, second = leave(device), leave(device, persons=9)
    assert (first.status, second.status) == (201, 200)
    assert first.json["reference"] == second.json["reference"]
    assert Unlisted.objects.count() == 1
    assert counted("unlisted_persons") == 3


def test_an_identified_family_asks_for_a_visit(device, family, session):
    asked = {"session": session, "reason": "no_signal", "contact": "0812", "note": "Pagi saja"}
    first = device.post("visit", **asked)
    assert first.status == 201
    assert device.post("visit", **asked).json == first.json
    found = queries.visits(area="3325")
    assert [(v.household_id, v.reason) for v in found] == [(family.id, "no_signal")]
    assert queries.visit_words(family.id) == {"contact": "0812", "note": "Pagi saja"}


def test_a_repeat_after_the_answers_asks_for_the_receipt(device):
    sent = answer(device, leave(device).json["session"])
    again = leave(device)
    assert (again.status, again.code) == (409, "already-submitted")
    assert again.json["submitted_at"] == sent.json["issued_at"]


def test_somebody_without_any_number_is_welcome(device):
    left = leave(device, contact=None, persons=1, visit=True)
    assert left.status == 201
    assert queries.unlisted(area="33")[0].visit
    sent = answer(device, left.json["session"], answers={"person": [{"name": "Wahyuni"}]})
    assert sent.status == 201
    assert not ForeignNumber.objects.exists()


def test_what_was_typed_comes_back_as_prefill_and_is_kept_sealed(device):
    left = leave(device, nik="3325014304800077", kk="3325010101150077")
    assert left.json["prefill"]["persons"] == [{"name": "Wahyuni", "nik": "3325014304800077"}]
    words = queries.unlisted_words(Household.objects.get().id)
    assert words["kk"] == "3325010101150077"


def test_the_reference_goes_on_with_it_and_corrects_it_with_the_receipt(device):
    left = leave(device)
    spoken = left.json["reference"].lower().replace("-", " ").replace("0", "o")
    opened = device.post("unlisted/open", reference=spoken)
    assert opened.status == 200
    assert opened.json["reference"] == left.json["reference"]
    assert opened.json["case"] == {"state": "unlisted", "revision": 0}
    first = answer(device, opened.json["session"])
    refused = device.post("unlisted/open", reference=spoken)
    assert (refused.status, refused.code) == (409, "already-submitted")
    wrong = device.post("unlisted/open", reference=spoken, receipt=left.json["reference"])
    assert wrong.code == "receipt-differs"
    again = device.post("unlisted/open", reference=spoken, receipt=first.json["number"])
    assert again.json["case"] == {"state": "reopened", "revision": 1}
    fewer = {"person": [{"name": "Wahyuni"}]}
    key = submission_key(71)
    second = answer(device, again.json["session"], key=key, answers=fewer)
    assert (second.json["revision"], second.json["to_be_verified"]) == (2, True)
    assert (counted("unverified_families"), counted("unverified_persons")) == (1, 1)
    assert verify(first.json["number"]).superseded
    assert Case.objects.get().state == "unlisted"


def test_a_wrong_reference_is_counted_as_a_guess(device):
    for given in ("nonsense", numbers.spell(12345)):
        refused = device.post("unlisted/open", reference=given, language="en")
        assert (refused.status, refused.code) == (404, "reference-not-found")
    assert Guess.objects.count() == 2
    at = datetime.now(UTC)
    Guess.objects.update(failures=9, last_at=at, expires_at=at + timedelta(hours=1))
    slowed = device.post("unlisted/open", reference=numbers.spell(12345))
    assert (slowed.status, slowed.code) == (429, "slow-down")


def test_a_family_that_an_officer_has_verified_answers_like_any_other(device):
    left = leave(device)
    Case.objects.update(state="verified")
    sent = answer(device, left.json["session"])
    assert sent.status == 201
    assert "to_be_verified" not in sent.json
    assert answer(device, left.json["session"]).body == sent.body
    assert (Case.objects.get().state, counted("complete_families")) == ("submitted", 1)
    assert counted("unverified_families") == 0
    again = device.post(
        "unlisted/open", reference=left.json["reference"], receipt=sent.json["number"]
    )
    assert Case.objects.get().state == "reopened"
    assert answer(device, again.json["session"], key=submission_key(72)).json["revision"] == 2


def test_two_devices_at_the_same_moment_leave_one_family(device):
    with ThreadPoolExecutor(6) as together:
        answers = list(together.map(lambda n: leave(Device()), range(6)))
    assert sorted(a.status for a in answers) == [200, 200, 200, 200, 200, 201]
    assert len({a.json["reference"] for a in answers}) == 1
    assert (Unlisted.objects.count(), counted("unlisted_families")) == (1, 1)


def test_ids_fall_evenly_into_the_partitions_and_never_among_the_registered(device, family):
    for n in range(60):
        Guess.objects.all().delete()
        assert leave(device, key=submission_key(100 + n)).status == 201
    ids = list(Unlisted.objects.values_list("pk", flat=True))
    assert max(ids) < 0 <= family.id
    with pool.pool().connection() as connection:
        rows = connection.execute("SELECT tableoid, count(*) FROM registry_case GROUP BY 1")
        parts = dict(rows.fetchall())
    assert len(parts) >= 12
    assert max(parts.values()) <= 14


@pytest.mark.parametrize(
    "changed",
    [
        {"village": "3325012999"},
        {"village": "33.25.11.2001"},
        {"name": "  "},
        {"name": "x" * 101},
        {"address": None},
        {"persons": 0},
        {"persons": 61},
        {"persons": True},
        {"persons": 2.5},
        {"visit": 1},
        {"nik": "12"},
        {"key": "short"},
    ],
)
def test_a_word_that_cannot_be_right_is_refused_and_stores_nothing(device, changed):
    refused = leave(device, **changed)
    assert (refused.status, refused.code) == (400, "bad-request")
    assert [p["path"] for p in refused.json["problems"]] == list(changed)
    assert not Household.objects.exists()


def test_a_network_that_leaves_many_families_must_prove_work_and_others_need_not(device):
    assert leave(device).status == 201
    at = datetime.now(UTC)
    counter = Guess.objects.filter(key=guesses.unlisted_key(device.address))
    assert counter.update(failures=60, last_at=at, expires_at=at + timedelta(hours=1)) == 1
    asked = leave(device, key=submission_key(8))
    assert (asked.status, asked.code) == (429, "slow-down")
    challenge = asked.json["challenge"]
    solved = altcha.solve_challenge(
        challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxNumber"]
    )
    number = {name: v for name, v in challenge.items() if name != "maxNumber"}
    proof = b64encode(orjson.dumps(number | {"number": solved.number})).decode()
    assert leave(device, key=submission_key(8), proof=proof).status == 201
    assert leave(device, key=submission_key(9), proof=proof).code == "slow-down"
    assert leave(device).status == 200
    assert leave(Device("10.9.8.7"), key=submission_key(9)).status == 201


def test_no_word_is_taken_outside_the_window_or_when_the_house_is_full(device, monkeypatch):
    def full(place):
        raise Problem("full-house", retry_after=5, place="x", position=9, estimate_seconds=5)

    with monkeypatch.context() as crowded:
        crowded.setattr(admission, "let_in", full)
        assert leave(device).code == "full-house"
    now = datetime.now(UTC)
    set_census(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    window.forget()
    assert leave(device).code == "not-open"
    assert not Household.objects.exists()


def written(pdf: bytes) -> bytes:
    """Return what stands in a PDF's compressed pages."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompress(s) for s in streams if s[:1] == b"\x78")


def test_the_mark_stands_in_signed_text_pdf_command_and_check(device, client):
    sent = answer(device, leave(device).json["session"]).json
    assert sent["signed"].split(".")[5] == "u"
    assert verify(sent["number"]).to_be_verified
    for language, words in (("en", "To be verified"), ("id", "Masih akan diverifikasi")):
        prefix = "/en" if language == "en" else ""
        for code in (sent["signed"], sent["number"]):
            page = client.get(f"{prefix}/bukti/{code}", headers={"accept-language": language})
            assert words in page.content.decode()
        assert words.encode() in written(receipt_pdf(sent["signed"], language))
    out = StringIO()
    key = Path(settings.CACAH_HOME) / "receipt.public"
    key.write_bytes(receipts.public_pem(receipts.public_key()))
    call_command("receipt", "verify", sent["signed"], "--key", str(key), stdout=out)
    assert "To be verified" in out.getvalue()
    with pytest.raises(receipts.NotAReceipt):
        receipts.verify(sent["signed"].replace(".u.", "."))


def test_receipts_given_before_there_was_a_mark_say_the_same_to_the_letter():
    at = datetime(2020, 2, 20, 3, 4, 5, tzinfo=UTC)
    old = Receipt("sp2020", numbers.spell(2**59), at, 4, 1)
    number = old.number.replace("-", "")
    assert old.statement == f"sp2020.{number}.20200220T030405Z.4.1"
    signed = receipts.sign(old)
    assert receipts.verify(signed) == old
    assert "to_be_verified" not in old.as_answer(signed)


def test_a_visit_asked_for_again_keeps_its_place_and_takes_the_newer_words(device, family, session):
    first = device.post("visit", session=session, reason="no_signal", contact="0812")
    again = device.post("visit", session=session, reason="no_device", note="Telepon baru")
    assert first.json == again.json
    assert VisitRequest.objects.get().reason == "no_device"
    assert queries.visit_words(family.id) == {"note": "Telepon baru"}


def test_who_has_answered_is_no_longer_waiting_for_a_visit(device, family, session):
    device.post("visit", session=session, reason="other")
    assert len(queries.visits(area=family.case.area)) == 1
    assert queries.waiting_families(area=family.case.area) == (0, 1)
    family.submit(device, session)
    assert queries.visits(area=family.case.area) == []
    assert queries.waiting_families(area=family.case.area) == (0, 0)


def test_a_visit_needs_a_session_and_a_known_reason(device, session):
    assert device.post("visit", session="x", reason="other").code == "session-invalid"
    refused = device.post("visit", session=session, reason="because")
    assert [p["path"] for p in refused.json["problems"]] == ["reason"]
    assert not VisitRequest.objects.exists()


def test_the_help_desk_finds_a_family_by_its_reference_and_names_nobody(device, family, session):
    left = leave(device, visit=True)
    answer(device, left.json["session"])
    device.post("visit", session=session, reason="no_device")
    out = StringIO()
    call_command("unlisted", "find", left.json["reference"].lower(), stdout=out)
    call_command("unlisted", "list", "33.25", stdout=out)
    call_command("unlisted", "visits", "3325", stdout=out)
    one, two, three = out.getvalue().splitlines()
    assert one == two
    assert "33.25.11.2001" in one and "2 people, asks for a visit" in one
    assert str(family.id) in three and "no_device" in three
    assert "Wahyuni" not in out.getvalue()
    for wrong in ("nonsense", numbers.spell(5)):
        with pytest.raises(CommandError):
            call_command("unlisted", "find", wrong)
