"""Whatever is thrown at the door: a clear 4xx with a code, never a 500, nothing half-stored."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.collection import bodies, door, instruments, metrics, sessions
from cacah.collection.models import Guess, Submission
from cacah.collection.problems import CATALOGUE, LANGUAGES, Problem
from cacah.registry.models import ProgressDelta, Unlisted

from .conftest import INSTRUMENT, Device, submission_key

ROUTES = ("identify", "card", "submit", "draft", "draft/open")
ROUTES += ("unlisted", "unlisted/open", "visit")
FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=15,
)
# Values at the names that the tiny questionnaire has, right and wrong.
ROW = st.fixed_dictionaries(
    {}, optional={"name": JSON, "nik": JSON, "age": JSON, "old": JSON, "more": JSON}
)
ANSWERS = st.fixed_dictionaries(
    {}, optional={"person": JSON | st.lists(ROW, max_size=4), "persons": JSON, "else": JSON}
)


def is_clear(answer: Any) -> bool:
    return (
        400 <= answer.status < 500
        and answer.code in CATALOGUE
        and answer.json["status"] == answer.status
        and answer.headers["Content-Type"] == "application/problem+json"
        and bool(answer.json["title"] and answer.json["detail"])
    )


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "broken-json"),
        (b"{", "broken-json"),
        (b"\xff\xfe", "broken-json"),
        (b'{"a": "\\ud800"}', "broken-json"),
        (b'{"a": "\xed\xa0\x80"}', "broken-json"),
        (b'{"a": NaN}', "broken-json"),
        (b"[" * 100_000, "broken-json"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "broken-json"),
        (b"[]", "bad-request"),
        (b"null", "bad-request"),
        (b"1e99", "bad-request"),
        (b"{}", "bad-request"),
        (b"{}" + b" " * bodies.MAX_BYTES, "too-large"),
    ],
)
def test_it_refuses_what_is_no_request(device, route, raw, code):
    answer = device.send(f"/api/{route}", raw)
    assert is_clear(answer)
    assert answer.code == code


class Endless(BytesIO):
    """A body that never ends, as a chunked request may."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None and size > 0
        self.given += size
        return b" " * size


@pytest.mark.parametrize("declared", ["", "-5", "many", "٣", "99999999999", "9" * 5000])
def test_a_body_is_read_up_to_its_limit_whatever_it_declares(device, declared):
    endless = Endless()
    raw = {"CONTENT_LENGTH": declared, "wsgi.input": endless}
    answer = device.send("/api/submit", b"", **raw)
    assert (answer.status, answer.code) == (413, "too-large")
    assert endless.given <= bodies.MAX_BYTES + 1 + bodies.MAX_DROPPED


def test_no_more_is_read_of_a_body_than_it_declares(device):
    endless = Endless()
    answer = device.send("/api/submit", b"", CONTENT_LENGTH="10", **{"wsgi.input": endless})
    assert (answer.status, answer.code) == (400, "broken-json")
    assert endless.given == 10


class Chunked(BytesIO):
    """A server's body stream that gives one chunk at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(7, size or 7))


def test_a_chunked_body_is_read_to_its_end(device, family):
    raw = orjson.dumps({"nik": family.nik, "kk": family.kk})
    answer = device.send("/api/identify", b"", CONTENT_LENGTH="", **{"wsgi.input": Chunked(raw)})
    assert answer.status == 200
    chunks = {"wsgi.input": Chunked(raw), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert device.send("/api/identify", b"", CONTENT_LENGTH="3", **chunks).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_it_answers_post_only(device, method):
    answer = device.send("/api/submit", b"", REQUEST_METHOD=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_other_addresses_go_on_to_the_pages(device):
    got: list[bytes] = list(device.application({"PATH_INFO": "/api/elsewhere"}, print))
    assert got == [b"elsewhere"]


def test_every_wrong_field_is_named(device):
    answer = device.post("identify", nik="12", kk=3325, more=1)
    assert answer.code == "bad-request"
    assert {p["path"] for p in answer.json["problems"]} == {"nik", "kk", "more"}


@pytest.mark.parametrize("route", ROUTES)
def test_any_json_is_answered_clearly(device, route):
    @FUZZ
    @given(JSON)
    def whatever(body):
        assert is_clear(device.send(f"/api/{route}", orjson.dumps(body)))

    whatever()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("route", ROUTES)
def test_any_bytes_are_answered_clearly(device, route):
    @FUZZ
    @given(st.binary(max_size=200))
    def whatever(raw):
        assert is_clear(device.send(f"/api/{route}", raw))

    whatever()


def test_any_wrong_value_in_a_right_request_is_answered_clearly(device, family, session):
    right = {
        "session": session,
        "key": submission_key(1),
        "instrument": INSTRUMENT.digest,
        "answers": {"person": [{"name": ""}]},
        "remarks": {},
        "language": "en",
    }

    @FUZZ
    @given(st.sampled_from(sorted(right.keys() - {"answers"})), JSON)
    def whatever(name, value):
        assert is_clear(device.post("submit", **(right | {name: value})))

    whatever()
    assert not Submission.objects.exists()
    assert family.case.state == "expected"


UNLISTED = {
    "key": submission_key(5),
    "name": "Wahyuni",
    "village": "3325112001",
    "address": "Dukuh Krajan RT 2",
    "contact": "0812 3456 7890",
    "persons": 3,
    "nik": "3325014304800077",
    "kk": "3325010101150077",
    "visit": False,
    "language": "id",
}


def test_any_wrong_value_of_an_unlisted_family_is_answered_clearly(device, family, session):
    @FUZZ
    @given(st.sampled_from(sorted(UNLISTED)), JSON, st.sampled_from(["reason", "note", "contact"]))
    def whatever(name, value, asked):
        left = device.post("unlisted", **(UNLISTED | {name: value}))
        assert left.status in (200, 201) or is_clear(left)
        visit = {"session": session, "reason": "other"} | {asked: value}
        answer = device.post("visit", **visit)
        assert answer.status == 201 or is_clear(answer)

    whatever()
    assert Unlisted.objects.count() <= 1
    assert family.case.state == "expected"


def test_any_answers_are_stored_whole_or_refused_clearly(device, family, session):
    @FUZZ
    @given(ANSWERS, st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=3))
    def whatever(answers, remarks):
        answer = family.submit(device, session, answers=answers, remarks=remarks)
        assert answer.status in (200, 201) or is_clear(answer)

    whatever()
    stored = Submission.objects.count()
    assert stored <= 1
    assert family.case.revision == stored
    assert sum(d.complete_families for d in ProgressDelta.objects.all()) == stored


@pytest.mark.parametrize("forged", ["", "x", "A" * 58, "A" * 5000, "😀"])
def test_a_forged_session_is_refused(device, family, forged):
    for route, more in (("card", {"answer": "1"}), ("submit", {})):
        if route == "submit":
            answer = family.submit(device, forged)
        else:
            answer = device.post(route, session=forged, **more)
        assert is_clear(answer)
        assert answer.code in ("session-invalid", "bad-request")


def test_an_expired_session_is_refused(device, family, session):
    old = sessions.read(session)
    begun = old.begun - sessions.LIFETIME_SECONDS
    from dataclasses import replace

    token = sessions.issue(replace(old, begun=begun))
    assert family.submit(device, token).code == "session-expired"
    assert device.post("card", session=token, answer="x").code == "session-expired"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_problem_is_said_in_each_language(code, language):
    said = Problem(code).as_answer(language)
    assert said["status"] == Problem(code).status in door.REASONS
    assert said["title"] and said["detail"]
    if language == "id":
        assert said["title"] != Problem(code).as_answer("en")["title"]


def test_nothing_unexpected_ever_quotes_what_was_sent(device, family, monkeypatch, caplog):
    def broken():
        raise ValueError(f"{family.nik} {family.kk} Siti Aminah")

    with monkeypatch.context() as wrong, caplog.at_level("DEBUG"):
        wrong.setattr(instruments, "current", broken)
        answer = family.identify(device)
    assert (answer.status, answer.code) == (500, "unexpected")
    record = caplog.records[-1]
    assert "ValueError in broken" in record.error
    assert not personal(family, []) & words_of(caplog)


def test_no_log_record_names_a_person_a_number_or_a_receipt(device, family, caplog, monkeypatch):
    with caplog.at_level("DEBUG"):
        token = family.identify(device).json["session"]
        device.post("card", session=token, answer="2005-08-17")
        device.post("card", session=token, answer="2005-08-18")
        family.submit(device, token, answers={"person": [{"name": "", "nik": "12"}]})
        number = family.submit(device, token).json["number"]
        family.submit(device, token, key=submission_key(2))
        family.identify(device, receipt=number)
        family.identify(device, receipt="7XK2-9QPM-4TDR-C")
        left = device.post("unlisted", **UNLISTED)
        device.post("unlisted", **(UNLISTED | {"persons": 0}))
        device.post("unlisted/open", reference=left.json["reference"])
        device.post("visit", session=token, reason="other", contact="0812-9999-1111")
        device.post("identify", nik=family.nik, kk="3325010101159999")
        device.send("/api/submit", b'{"nik": "' + family.nik.encode())
        unreachable(monkeypatch)
        family.identify(Device())
    assert any(r.getMessage() == "database unreachable" for r in caplog.records)
    told = [number, token, left.json["reference"], "0812-9999-1111"]
    told += [
        word for value in UNLISTED.values() if isinstance(value, str) for word in value.split()
    ]
    told = [word for word in told if len(word) > 4]
    assert not personal(family, told) & words_of(caplog)


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    from psycopg import OperationalError

    from cacah.collection import queries

    def gone(*args: Any, **kwargs: Any) -> None:
        raise OperationalError(f"cannot find {kwargs}")

    monkeypatch.setattr(queries, "find_families", gone)


def personal(family: Any, more: list[str]) -> set[str]:
    return {
        family.kk,
        *(value for person in family.persons for value in person.values() if len(value) > 4),
        *more,
    }


def words_of(caplog: pytest.LogCaptureFixture) -> set[str]:
    """Every part of every record, message and extras, cut at what separates words."""
    text = " ".join(str(vars(record)) + record.getMessage() for record in caplog.records)
    return set(personal_candidates(text))


def personal_candidates(text: str) -> set[str]:
    import re

    return set(re.split(r"[\s'\",:;(){}\[\]]+", text)) | set(re.findall(r"\d{16}", text))


def test_answers_are_counted_by_their_result_code(device, family):
    metrics.flush()
    answered = metrics.REQUESTS.labels("identify", "ok")
    before = answered._value.get()
    family.identify(device)
    metrics.flush()
    assert answered._value.get() == before + 1
    assert not Guess.objects.exists()
