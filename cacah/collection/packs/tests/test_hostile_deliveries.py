"""Whatever is sent to the intake of deliveries gets a clear answer, and changes nothing else."""

from __future__ import annotations

import logging
from base64 import b64encode
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.collection import delivered, receipts
from cacah.collection.models import Beside, Brought, PackVisit, Submission
from cacah.collection.packs import shapes
from cacah.collection.packs.actions import revoke_pack
from cacah.collection.packs.tests.conftest import (
    NOW,
    Family,
    Laptop,
    counted,
    submission,
    utc,
    word,
)
from cacah.collection.sealing import create_office_keys, read_public_key
from cacah.registry.keys import server_keys, unlisted_id_of
from cacah.registry.models import FieldReference, Household


def refused(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["title"] and told["detail"] and told["status"] == response.status_code
    return response.status_code, told["code"]


UNKNOWN = (403, "pack-unknown")


def test_a_delivery_that_the_pack_has_not_signed_is_refused(laptop, family):
    body = orjson.dumps({"pack": laptop.pack.pk, "at": utc(NOW), "items": [family.answers()]})
    good = laptop.post(body)
    assert good.json()["outcomes"][0]["outcome"] == "stored"
    stranger = Laptop("BATANG2")
    signature = stranger.key.sign(body)
    for wrong in ("", "x", "é", "A" * 86, "A" * 100_000, signature.hex()):
        assert refused(laptop.post(body, wrong)) == UNKNOWN
    assert Submission.objects.count() == 1


def test_which_laptop_brought_answers_is_kept_whatever_it_says_of_seats(laptop, family):
    items = [family.answers(), Family().answers(mode="cawi", guide=None), Family().answers()]
    items[2]["guide"] = "BATANG1.2001"
    assert laptop.outcomes(*items, *items) == ["stored"] * 3 + ["again"] * 3
    brought = {
        bytes(pk) for pk in Brought.objects.filter(pack=laptop.pack).values_list("pk", flat=True)
    }
    assert brought == {receipts.number_digest(item["number"]) for item in items}


def test_a_delivery_replayed_as_another_packs_is_refused(laptop, family):
    other = Laptop("BATANG2")
    items = [family.answers()]
    assert refused(other.send(*items, pack=laptop.pack.pk)) == UNKNOWN
    assert refused(other.send(*items, pack=999_999_999)) == UNKNOWN
    assert not Submission.objects.exists()


def test_nothing_of_a_withdrawn_pack_is_taken(laptop, family):
    revoke_pack(pack_id=laptop.pack.pk, at=NOW)
    assert refused(laptop.send(family.answers())) == UNKNOWN
    assert refused(laptop.send()) == UNKNOWN
    assert not Submission.objects.exists() and family.case.state == "expected"


def test_a_pack_withdrawn_in_the_middle_of_a_delivery_is_refused(laptop, family, monkeypatch):
    hold = delivered.actions.hold

    def late(*, pack_id: int) -> Any:
        revoke_pack(pack_id=pack_id, at=NOW)
        return hold(pack_id=pack_id)

    monkeypatch.setattr(delivered.actions, "hold", late)
    assert refused(laptop.send(family.answers())) == UNKNOWN
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "broken-json"),
        (b"{", 400, "broken-json"),
        (b"\xff\xfe", 400, "broken-json"),
        (b'{"pack": "\\ud800"}', 400, "broken-json"),
        (b"[" * 100_000, 400, "broken-json"),
        (b"[]", 400, "bad-request"),
        (b"{}", 400, "bad-request"),
        (b'{"pack": true, "at": 3, "items": {}}', 400, "bad-request"),
        (b'{"pack": 1e999, "at": "", "items": []}', 400, "broken-json"),
        (b"x" * (shapes.MOST_BYTES + 1), 413, "too-large"),
    ],
)
def test_what_cannot_be_read_is_said_to_be(census, raw, status, code):
    body = {"wsgi.input": BytesIO(raw), "CONTENT_LENGTH": str(len(raw))}
    answer = Client().generic("POST", "/api/pack", raw, "application/json", **body)
    assert refused(answer) == (status, code)


def test_more_items_than_may_be_and_fields_that_are_unknown_are_named(laptop):
    answer = laptop.send(*[word(n) for n in range(51)], more=1)
    assert refused(answer) == (400, "bad-request")
    assert [each["path"] for each in answer.json()["problems"]] == ["more", "items"]
    assert not Household.objects.exists()


def test_only_what_is_posted_is_taken(census):
    answer = Client().get("/api/pack")
    assert refused(answer) == (405, "no-such-request") and answer.headers["Allow"] == "POST"


def test_a_body_of_no_told_length_is_read_to_its_end_and_no_further(census):
    endless = BytesIO(b"x" * (shapes.MOST_BYTES * 3))
    answer = Client().generic("POST", "/api/pack", b"", **{"wsgi.input": endless})
    assert refused(answer)[0] in (400, 413)


WRONG = [
    None,
    7,
    "seat",
    [],
    {},
    {"kind": None},
    {"kind": ["submission"]},
    {"kind": "sale"},
    {"kind": "submission"},
    {"kind": "visit", "id": 1, "reason": "bored", "at": utc(NOW)},
]


@pytest.mark.parametrize("item", WRONG)
def test_an_item_of_no_known_shape_is_refused_and_the_others_go_on(laptop, family, item):
    first, second = laptop.deliver(item, family.answers())
    assert (first["outcome"], first["why"]) == ("refused", "bad-item") and first["problems"]
    assert second["outcome"] == "stored"


CHANGES = {
    "id": [None, "1", 1.0, True, 2**63, -(2**64)],
    "revision": [0, -1, 2**15, "1", None, True],
    "issued_at": ["", "2026-02-30T00:00:00Z", "2026-02-03T00:00:00+07:00", 7, NOW.timestamp()],
    "opened_at": ["soon", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z", 0],
    "mode": ["capi", "", None, ["guided"]],
    "persons": [-1, 61, "2", None, False],
    "persons_before": [-1, 61, "x"],
    "instrument": ["", "x" * 16, "0" * 17, None],
    "number": ["", "nonsense", "7XK2-9QPM-4TDR-C", None, 5, "7" * 5000],
    "corrects": ["nonsense", 5],
    "key": ["", "AAAA", "not base64", None, "A" * 99],
    "niks": [None, "x", ["12"], ["z" * 32], ["1" * 16] * 61, [None], [["1"]]],
    "sealed": ["", "!!", None, 3],
    "guide": ["é", "\x00", "x" * 41, 7],
    "more": ["there is no such field"],
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_wrong_field_is_named(laptop, family, field):
    items = [family.answers() | {field: wrong} for wrong in CHANGES[field]]
    for told in laptop.deliver(*items):
        assert (told["outcome"], told["why"]) == ("refused", "bad-item")
        assert [each["path"] for each in told["problems"]] == [field]
    assert family.case.state == "expected"


def test_what_an_unlisted_family_says_is_looked_at_too(laptop):
    wrong = [
        {"id": 5},
        {"area": "33251110"},
        {"persons": 0},
        {"record": {"persons": []}},
        {"record": word()["record"] | {"persons": [{"name": "A", "nik": "1"}]}},
        {"record": word()["record"] | {"password": "x"}},
        {"record": word()["record"] | {"address": "x" * 301}},
        {"reference": "1"},
        {"visit": 1},
        {"at": None},
    ]
    assert {each.get("why") for each in laptop.deliver(*[word(**one) for one in wrong])} == {
        "bad-item"
    }
    assert laptop.deliver(word(area="3325119999"))[0]["why"] == "area-unknown"
    assert not Household.objects.exists()


def test_what_is_impossible_is_refused_with_its_reason(laptop, family):
    wrong = {
        "household-unknown": {"id": 4711},
        "instrument-unknown": {"instrument": "f" * 16},
        "not-sealed": {"sealed": "AAAA"},
        "revision-missing": {"revision": 3},
    }
    told = laptop.deliver(*[family.answers() | change for change in wrong.values()])
    assert [each["why"] for each in told] == list(wrong)
    assert counted() == (0, 0, 0)


def test_a_seal_of_another_office_is_refused(laptop, family, tmp_path):
    create_office_keys(tmp_path / "private", tmp_path / "public")
    sealed = read_public_key(tmp_path / "public").envelope().seal(family.id, 1, {})
    item = family.answers(sealed=b64encode(sealed).decode())
    assert laptop.deliver(item)[0]["why"] == "not-sealed"


def test_items_that_contradict_each_other_take_nothing_back(laptop, family):
    other = Family()
    item = family.answers()
    liar = other.answers() | {"number": item["number"]}
    changed = item | {"persons": 9, "issued_at": utc(NOW)}
    later = item | {"revision": 2}
    told = laptop.deliver(item, liar, changed, later)
    assert [each["outcome"] for each in told] == ["stored", "refused", "again", "refused"]
    assert [told[1]["why"], told[3]["why"]] == ["number-taken", "number-taken"]
    assert told[2]["signed"] == told[0]["signed"]
    assert counted() == (1, 1, 2) and other.case.state == "expected"


def test_a_correction_of_another_familys_answers_waits_forever(laptop, family):
    other = Family()
    first = other.answers()
    told = laptop.deliver(family.answers(), first, family.answers(2, corrects=first["number"]))
    assert [each.get("why") for each in told] == [None, None, "revision-missing"]


def test_an_unlisted_family_takes_no_others_id_or_reference(laptop):
    laptop.deliver(word(1))
    second = word(2)
    told = laptop.deliver(
        second | {"id": word(1)["id"]},
        second | {"reference": word(1)["reference"]},
        second,
    )
    assert [each.get("why") for each in told] == ["reference-taken", "reference-taken", None]
    assert FieldReference.objects.count() == Household.objects.count() == 2


def test_a_reference_of_the_centres_own_is_never_led_astray(laptop):
    said = word()
    digest = server_keys().reference_digest(said["reference"])
    Household.objects.create(
        id=unlisted_id_of(digest),
        kk_digest=digest,
        area=said["area"],
        persons=1,
        record=b"",
        content_digest=digest,
        source_id=0,
    )
    assert laptop.deliver(said)[0]["why"] == "reference-taken"


def test_what_the_database_refuses_is_refused_alone(laptop, family, monkeypatch):
    def sell_it_twice(pack: Any, item: dict[str, Any]) -> str:
        Beside.objects.create(
            receipt_digest=b"short",
            household_id=1,
            revision=1,
            issued_at=NOW,
            mode="cawi",
            persons=1,
            instrument="",
            sealed=b"",
            pack=pack,
            delivered_at=NOW,
        )
        return "stored"

    monkeypatch.setattr(delivered, "_seat_takers", [sell_it_twice])
    seat = {"kind": "seat", "number": 1001, "joined_at": utc(NOW)}
    first, second = laptop.deliver(seat, family.answers())
    assert (first["why"], second["outcome"]) == ("not-storable", "stored")


def test_without_the_room_that_keeps_seats_they_are_refused(laptop, monkeypatch):
    monkeypatch.setattr(delivered, "_seat_takers", [])
    seat = {"kind": "seat", "number": 1001, "joined_at": utc(NOW)}
    assert laptop.deliver(seat)[0]["why"] == "seats-unknown"


@pytest.mark.parametrize(
    ("fault", "answer"),
    [(OperationalError("gone"), (503, "try-later")), (ZeroDivisionError(), (500, "unexpected"))],
)
def test_a_fault_of_ours_says_to_come_again_and_names_nobody(
    laptop, family, monkeypatch, caplog, fault, answer
):
    def fail(**_: Any) -> None:
        raise fault

    item = family.answers()
    monkeypatch.setattr(delivered.actions, "take_answers", fail)
    with caplog.at_level(logging.DEBUG):
        response = laptop.send(item)
    assert refused(response) == answer and response.headers["Retry-After"] == "30"
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert item["number"] not in said and str(family.id) not in said


def test_no_table_keeps_a_number_a_name_or_a_word_of_what_was_delivered(laptop, family):
    said, item = word(), family.answers(niks=[])
    wish = {"kind": "visit", "id": family.id, "reason": "other", "at": utc(NOW)}
    wish |= {"words": {"contact": "0812 999", "note": "behind the mosque"}}
    laptop.deliver(said, item, family.answers(), wish, submission(said["id"], []))
    assert PackVisit.objects.exists() and Beside.objects.exists()
    rows = " ".join(
        str([bytes(v) if isinstance(v, memoryview) else v for v in row])
        for model in apps.get_models()
        if model._meta.app_label in ("collection", "registry")
        for row in model._default_manager.values_list()
    )
    assert laptop.pack.session_code in rows
    secret = [said["reference"], item["number"], "Slamet", "0812", "mosque", "RT 2", "332501010199"]
    assert [each for each in secret if each in rows] == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_stands_in_an_item_it_is_refused_or_taken(laptop, data):
    kind = data.draw(st.sampled_from(list(shapes.ITEMS)))
    base = {
        "unlisted": word(),
        "submission": submission(4711, []),
        "visit": {"kind": "visit", "id": 1, "reason": "other", "words": {}, "at": utc(NOW)},
        "seat": {"kind": "seat", "number": 1001, "joined_at": utc(NOW)},
    }[kind]
    changes = data.draw(
        st.dictionaries(st.sampled_from([*shapes.ITEMS[kind], "x"]), json_values, max_size=3)
    )
    (told,) = laptop.deliver(base | changes)
    assert told["outcome"] in ("stored", "again", "refused")
