"""A laptop hands over what it took in: in order, in bodies of a good size, whatever breaks."""

from __future__ import annotations

import csv
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from cacah.collection import numbers
from cacah.collection.models import Submission
from cacah.outreach.models import Delivered, GuidedSession, Seat
from cacah.outreach.packs import report
from cacah.outreach.packs.centre import Indigestible, Unheard
from cacah.outreach.packs.delivering import PATIENCE, BrokenOff, Delivery
from cacah.outreach.packs.items import waiting
from cacah.registry.field_keys import KK, NIK, FieldKeys
from cacah.registry.keys import household_id_of, unlisted_id_of
from cacah.registry.models import Case, Household, Unlisted, VisitRequest
from cacah.staff.tests.cast import area

pytestmark = pytest.mark.django_db

PACK = 12
BEGAN = datetime(2026, 2, 20, 2, tzinfo=UTC)
SEED = bytes(range(32))
KNOWN_NIK, CENTRAL = "3325010101800001", bytes(range(16))
# What a family that left word, and one that answered, is to delivery; but for its names.
WORD = {
    "kind": "unlisted",
    "area": "3325111015",
    "persons": 3,
    "record": {"address": "Dukuh Krajan", "people": 3, "persons": [{"name": "Sri"}]},
    "visit": True,
    "at": "2026-02-20T02:00:00Z",
}
ANSWERS = {
    "kind": "submission",
    "revision": 1,
    "issued_at": "2026-02-20T02:11:00Z",
    "mode": "guided",
    "persons": 2,
    "instrument": "0123456789abcdef",
    "corrects": None,
    "key": "AAAAAAAAAAAAAAAAAAAAAQ==",
    "niks": [CENTRAL.hex(), "3325019999999999"],
    "sealed": "c2VhbGVk",
    "guide": "AB12CDX.1001",
    "opened_at": "2026-02-20T02:12:00Z",
}


@pytest.fixture
def keys() -> FieldKeys:
    secrets = {name: name.encode().ljust(32) for name in ("lookup", "register", "session")}
    bare = {"receipt_number": b"n" * 32, "receipt_signing": SEED, "field": b"f" * 32}
    empty = FieldKeys(**secrets, **bare, known={}, facts={"pack": PACK})
    known = {empty.block(NIK, KNOWN_NIK.encode()): CENTRAL}
    return FieldKeys(**secrets, **bare, known=known, facts={"pack": PACK})


class Centre:
    """Takes bodies in memory as the intake does; `weather` may raise before or after that."""

    def __init__(self) -> None:
        self.bodies: list[list[dict[str, Any]]] = []
        self.there: set[str] = set()
        self.before: Callable[[list[dict[str, Any]]], None] = lambda items: None
        self.after: Callable[[list[dict[str, Any]]], None] = lambda items: None
        self.says: dict[str, dict[str, str]] = {}

    def hand_over(self, body: bytes, signature: str) -> list[dict[str, Any]]:
        public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
        public.verify(urlsafe_b64decode(signature + "=="), body)
        told = orjson.loads(body)
        assert told["pack"] == PACK
        items: list[dict[str, Any]] = told["items"]
        self.before(items)
        self.bodies.append(items)
        outcomes = [self.take(item) for item in items]
        self.after(items)
        return outcomes

    def take(self, item: dict[str, Any]) -> dict[str, str]:
        name = orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode()
        if item.get("number") in self.says:
            return self.says[item["number"]]
        outcome = "again" if name in self.there else "stored"
        self.there.add(name)
        return {"outcome": outcome}

    @property
    def numbers(self) -> list[str]:
        return [item["number"] for body in self.bodies for item in body]


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def deliver(keys: FieldKeys, centre: Centre) -> Callable[[], Delivery]:
    def run() -> Delivery:
        delivery = Delivery(centre, PACK, keys, pause=lambda seconds: None)
        delivery.run()
        return delivery

    return run


def family(keys: FieldKeys, n: int, *, revision: int = 1, sealed: bytes = b"sealed") -> str:
    """Store what a family has answered; return its receipt number."""
    household = household_id_of(keys.kk_digest(f"{3325010101150000 + n}"))
    number = numbers.spell(n * 1000 + revision)
    at = BEGAN + timedelta(minutes=n * 10 + revision)
    Case.objects.update_or_create(
        household_id=household,
        defaults={
            "area": "3325111015",
            "state": "submitted",
            "mode": "guided",
            "persons": 2,
            "revision": revision,
            "opened_at": at,
            "submitted_at": at,
            "guide": f"AB12CDX.{1000 + n}",
        },
    )
    Submission.objects.create(
        household_id=household,
        revision=revision,
        issued_at=at,
        mode="guided",
        persons=2,
        instrument="0123456789abcdef",
        key_digest=keys.submission_key_digest(n.to_bytes(16, "big")),
        receipt_digest=keys.receipt_digest(number),
        nik_digests=keys.nik_digests([KNOWN_NIK.encode(), b"3325019999999999"]),
        sealed=sealed,
    )
    return number


def unlisted(keys: FieldKeys) -> tuple[str, int]:
    """Store a family that left word; return its reference and id."""
    reference = numbers.spell(77)
    digest = keys.reference_digest(reference)
    pk = unlisted_id_of(digest)
    record = {"address": "Dukuh Krajan", "people": 3, "persons": [{"name": "Sri"}]}
    Household.objects.create(
        id=pk,
        kk_digest=digest,
        area="3325111015",
        persons=3,
        record=keys.seal_record(pk, record),
        content_digest=digest,
        source_id=0,
    )
    Case.objects.create(household_id=pk, area="3325111015", state="unlisted")
    Unlisted.objects.create(household_id=pk, area="3325111015", at=BEGAN, visit=True)
    return reference, pk


def test_it_hands_over_everything_and_first_what_another_thing_needs(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    reference, stranger = unlisted(keys)
    second = family(keys, 2)
    first = family(keys, 1)
    corrected = family(keys, 1, revision=2)
    words = {"contact": "0812", "note": "sore"}
    VisitRequest.objects.create(
        household_id=stranger,
        area="3325111015",
        at=BEGAN + timedelta(minutes=1),
        reason="cannot_read",
        sealed=keys.seal_record(stranger, words),
    )
    held = GuidedSession.objects.create(
        code="AB12CDX", title="Desa", area=area("3325"), opens_at=BEGAN, offline=True
    )
    Seat.objects.create(session=held, number=1001, joined_at=BEGAN, block="umum", state="started")
    delivery = deliver()
    (items,) = centre.bodies
    assert [item["kind"] for item in items] == ["unlisted", *["submission"] * 3, "visit", "seat"]
    assert items[0] == WORD | {"id": stranger, "reference": reference}
    assert [item["number"] for item in items[1:4]] == [first, second, corrected]
    assert items[4]["words"] == words
    household = household_id_of(keys.block(KK, b"3325010101150001"))
    assert items[1] == ANSWERS | {"id": household, "number": first}
    assert items[3]["corrects"] == first
    assert (items[5]["number"], items[5]["id"]) == (1001, None)
    assert delivery.outcomes["stored"] == 3
    assert not waiting()


def test_a_family_that_leaves_word_meanwhile_waits_with_the_others(keys: FieldKeys) -> None:
    """The site goes on while it is delivered from."""
    left: list[int] = []

    def leave(execute: Any, *query: Any) -> Any:
        found = execute(*query)
        if not left and "registry_" in query[0]:
            left.append(0)
            left[0] = unlisted(keys)[1]
        return found

    with connection.execute_wrapper(leave):
        waiting()
    assert [each.id for each in waiting()] == left


def test_what_has_arrived_is_not_sent_again_and_what_has_changed_is(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    family(keys, 1)
    held = GuidedSession.objects.create(
        code="AB12CDX", title="Desa", area=area("3325"), opens_at=BEGAN, offline=True
    )
    seat = Seat.objects.create(session=held, number=1001, joined_at=BEGAN)
    deliver()
    deliver()
    assert len(centre.bodies) == 1
    seat.state = "started"
    seat.save()
    deliver()
    assert [[item["kind"] for item in body] for body in centre.bodies[1:]] == [["seat"]]


def test_broken_off_it_goes_on_where_it_was(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    every = [family(keys, n) for n in range(1, 121)]
    met: list[int] = []

    def signal_goes(items: list[dict[str, Any]]) -> None:
        if centre.bodies:
            met.append(len(items))
            raise Unheard("no route to host")

    centre.before = signal_goes
    with pytest.raises(BrokenOff, match="no route to host"):
        deliver()
    assert len(met) == len(PATIENCE) + 1
    found = report.tally()
    assert (found.proofs["stored"], found.proofs_waiting) == (50, 70)
    centre.before = lambda items: None
    assert deliver().outcomes["stored"] == 70
    assert centre.numbers == every
    assert report.tally().is_all_there


def test_an_answer_that_is_lost_on_its_way_doubles_nothing(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    number = family(keys, 1)

    def lost(items: list[dict[str, Any]]) -> None:
        if len(centre.bodies) == 1:
            raise Unheard("timed out")

    centre.after = lost
    delivery = deliver()
    assert centre.numbers == [number, number]
    assert len(centre.there) == 1
    assert delivery.outcomes["again"] == 1


def test_one_that_cannot_be_read_holds_up_nobody(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery], tmp_path: Path
) -> None:
    every = [family(keys, n) for n in range(1, 10)]

    def chokes(items: list[dict[str, Any]]) -> None:
        if any(item["number"] == every[4] for item in items):
            raise Indigestible("bad-request")

    centre.before = chokes
    delivery = deliver()
    assert centre.numbers == every[:4] + every[5:]
    assert (delivery.outcomes["stored"], delivery.outcomes["refused"]) == (8, 1)
    report.write(tmp_path / "report.csv", keys)
    with (tmp_path / "report.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["receipt"] for line in lines] == every
    assert (lines[4]["outcome"], lines[4]["why"]) == ("refused", "bad-request")
    assert {line["outcome"] for line in lines[:4] + lines[5:]} == {"stored"}
    centre.before = lambda items: None
    assert deliver().outcomes["stored"] == 1
    assert Delivered.objects.filter(outcome="refused").count() == 0


def test_a_refusal_is_named_and_tried_again(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    one, two, three = (family(keys, n) for n in (1, 2, 3))
    centre.says = {
        one: {"outcome": "refused", "why": "instrument-unknown"},
        two: {"outcome": "beside"},
        three: {"outcome": "what a later version says"},
    }
    assert deliver().outcomes == {"refused": 2, "beside": 1}
    said = " ".join(report.sentences(report.tally()))
    assert "1 family's answers are kept beside" in said
    assert "2 families' answers are refused" in said
    centre.says = {}
    deliver()
    assert centre.numbers == [one, two, three, one, three]
    assert "Nothing is waiting" in " ".join(report.sentences(report.tally()))


def test_two_deliveries_that_note_the_same_do_not_disturb_each_other(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    family(keys, 1)
    other = Delivery(centre, PACK, keys, pause=lambda seconds: None)

    def the_other_comes_between(items: list[dict[str, Any]]) -> None:
        centre.after = lambda items: None
        other.run()

    centre.after = the_other_comes_between
    deliver()
    assert Delivered.objects.get().outcome == "again"
    assert (len(centre.bodies), len(centre.there)) == (2, 1)


def test_what_is_large_goes_alone(
    keys: FieldKeys, centre: Centre, deliver: Callable[[], Delivery]
) -> None:
    family(keys, 1)
    family(keys, 2, sealed=bytes(450_000))
    family(keys, 3)
    deliver()
    assert [len(body) for body in centre.bodies] == [1, 1, 1]
    assert len(b64decode(centre.bodies[1][0]["sealed"])) == 450_000


def test_the_report_names_nobody(keys: FieldKeys, tmp_path: Path) -> None:
    number = family(keys, 1)
    report.write(tmp_path / "r.csv", keys)
    content = (tmp_path / "r.csv").read_text()
    # Its numbers are what opens answers again, to whoever has the family's two.
    assert (tmp_path / "r.csv").stat().st_mode & 0o077 == 0
    assert content.splitlines() == [
        "receipt,issued_at,outcome,told_at,why",
        f"{number},2026-02-20T02:11:00Z,waiting,,",
    ]


def test_two_reports_at_once_do_not_take_each_others_file_away(
    keys: FieldKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family(keys, 1)
    lines, path = report.lines, tmp_path / "r.csv"

    def another_comes_between(of: FieldKeys) -> list[tuple[str, ...]]:
        monkeypatch.setattr(report, "lines", lines)
        with monkeypatch.context() as other:
            other.setattr(report.os, "getpid", lambda: -1)
            report.write(path, of)
        return list(lines(of))

    monkeypatch.setattr(report, "lines", another_comes_between)
    report.write(path, keys)
    assert len(path.read_text().splitlines()) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["r.csv"]
