"""Who is counted by two families is noticed when the second sends; nobody is turned away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO
from itertools import combinations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.collection import noticing, numbers, pool, receipts
from cacah.collection.models import ForeignNumber, SharedNumber, Submission
from cacah.collection.reviewing import MOST_OF_A_NUMBER, length_of_review, pairs_to_review
from cacah.registry.keys import server_keys, unlisted_id_of
from cacah.registry.models import Case, Household, Person, ProgressDelta, Unlisted

from .conftest import INSTRUMENT, Device, Somebody, submission_key

NIKS = [f"332501430480000{n}" for n in range(1, 7)]
WORD = {"language": "id", "name": "Wahyuni", "village": "3325112001", "address": "Krajan RT 2"}
WORD |= {"persons": 2, "visit": False}


def person(nik: str) -> dict[str, str]:
    return {"name": "Orang", "relationship": "01", "nik": nik}


class Answering:
    """A registered or unlisted family that may answer several times."""

    def __init__(self, device: Device, n: int, registered: list[str], typed: str | None) -> None:
        self.device, self.n, self.sent = device, n, 0
        self.receipt: str | None = None
        self.counted: set[str] = set()
        self.typed = typed
        self.family = (
            Somebody(f"332501010115{n:04}", [person(nik) for nik in registered])
            if registered
            else None
        )
        self.reference = "" if registered else self.leave_word()

    def leave_word(self) -> str:
        body = WORD | {"key": submission_key(self.n)} | ({"nik": self.typed} if self.typed else {})
        left = self.device.post("unlisted", **body)
        assert left.status == 201, left.json
        reference: str = left.json["reference"]
        return reference

    @property
    def id(self) -> int:
        if self.family:
            return self.family.id
        return unlisted_id_of(server_keys().reference_digest(self.reference))

    def session(self) -> str:
        more = {"receipt": self.receipt} if self.receipt else {}
        if self.family:
            answer = self.family.identify(self.device, **more)
        else:
            answer = self.device.post("unlisted/open", reference=self.reference, **more)
        assert answer.status == 200, answer.json
        token: str = answer.json["session"]
        return token

    def count(self, niks: list[str], session: str | None = None, device: Device | None = None):
        session = session or self.session()
        answers = {"person": [{"name": "Orang", "nik": nik} for nik in niks] or [{"name": "Orang"}]}
        self.sent += 1
        key = submission_key(1000 * self.n + self.sent)
        body = {"session": session, "key": key, "instrument": INSTRUMENT.digest}
        answer = (device or self.device).post("submit", **body, answers=answers)
        assert answer.status == 201, answer.json
        self.receipt, self.counted = answer.json["number"], set(niks)
        return answer


def listed() -> dict[tuple[int, int], int]:
    """The pairs on the list, each with how many people are counted twice."""
    pairs = pairs_to_review(most=1000, everything=True)
    found = {(pair.lower_id, pair.higher_id): pair.counted_twice for pair in pairs}
    assert len(found) == len(pairs)
    return found


def clear() -> None:
    for model in (ForeignNumber, SharedNumber, Submission, Case, Person, Household, Unlisted):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table}")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE collection_guess, registry_progressdelta")


def test_who_counts_a_person_of_another_card_is_listed_with_that_family(device):
    parents = Answering(device, 1, NIKS[:2], None)
    couple = Answering(device, 2, NIKS[3:4], None)
    assert couple.count([NIKS[3], NIKS[1]]).status == 201
    pair = tuple(sorted((parents.id, couple.id)))
    assert listed() == {pair: 0}
    parents.count(NIKS[:2])
    assert listed() == {pair: 1}


def test_a_family_that_counts_only_its_own_writes_nothing_more(device):
    family = Answering(device, 1, NIKS[:3], None)
    family.count(NIKS[:2])
    assert not ForeignNumber.objects.exists() and not SharedNumber.objects.exists()


def test_a_family_with_a_foreign_number_is_stored_and_counted_like_any_other(device):
    stored = []
    for n, registered, counted in ((1, NIKS[:2], NIKS[:2]), (2, NIKS[2:3], NIKS[4:6])):
        family = Answering(device, n, registered, None)
        family.count(counted)
        family.count(counted[1:])
        stored.append(rows_of(family.id))
        ProgressDelta.objects.all().delete()
    assert ForeignNumber.objects.count() == 2
    assert stored[0] == stored[1]


def rows_of(household_id: int) -> list[list[tuple[object, ...]]]:
    """What is stored of a family and counted, without digests, times and who it is."""
    case = Case.objects.filter(pk=household_id)
    sent = Submission.objects.filter(household_id=household_id).order_by("revision")
    ignored = {"id", "household_id", "submitted_at", "opened_at", "at"}
    counts = [f.attname for f in ProgressDelta._meta.fields if f.attname not in ignored]
    return [
        list(case.values_list("area", "state", "mode", "revision")),
        list(sent.values_list("revision", "mode", "instrument", "to_be_verified")),
        list(ProgressDelta.objects.order_by("id").values_list(*counts)),
    ]


def test_the_numbers_typed_by_an_unlisted_family_are_compared_at_once(device):
    registered = Answering(device, 1, NIKS[:2], None)
    unlisted = Answering(device, 2, [], NIKS[0])
    assert list(listed()) == [tuple(sorted((registered.id, unlisted.id)))]


def test_a_repeat_of_the_same_word_puts_no_other_number_on_the_list(device):
    registered = Answering(device, 1, NIKS[:2], None)
    unlisted = Answering(device, 2, [], NIKS[0])
    for nik in NIKS[1:]:
        assert device.post("unlisted", **WORD, key=submission_key(2), nik=nik).status == 200
    assert [pair.numbers for pair in pairs_to_review(most=9)] == [1]
    assert list(listed()) == [tuple(sorted((registered.id, unlisted.id)))]
    assert ForeignNumber.objects.count() == 1


COUNTED = st.lists(st.sampled_from(NIKS), max_size=3, unique=True)
SENT = st.lists(st.tuples(st.integers(0, 3), COUNTED), min_size=1, max_size=7)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SENT, st.sampled_from([None, *NIKS]))
def test_whoever_counts_the_same_nik_stands_on_the_list_once(device, sent, typed):
    clear()
    families = [
        Answering(device, 1, NIKS[:2], None),
        Answering(device, 2, NIKS[2:4], None),
        Answering(device, 3, [], typed),
        Answering(device, 4, [], None),
    ]
    for which, niks in sent:
        families[which].count(niks)
    found = listed()
    for one, other in combinations(families, 2):
        twice = one.counted & other.counted
        pair = tuple(sorted((one.id, other.id)))
        assert found.get(pair, 0) == len(twice)


def test_two_families_at_the_same_moment_do_not_miss_each_other(device):
    for n in range(4):
        one = Answering(device, 10 + 2 * n, [], None)
        other = Answering(device, 11 + 2 * n, [], None)
        shared = [f"33250117080{n:05}", f"33250217080{n:05}"]
        tokens = [one.session(), other.session()]
        with ThreadPoolExecutor(2) as together:
            list(
                together.map(
                    lambda family, token, niks: family.count(niks, token, Device()),
                    (one, other),
                    tokens,
                    (shared, shared[::-1]),
                )
            )
        assert listed()[tuple(sorted((one.id, other.id)))] == 2


def test_the_second_waits_for_the_first_and_sees_what_it_has_not_yet_committed(device):
    one, other = (Answering(device, n, [], None) for n in (1, 2))
    digest = server_keys().nik_digest(NIKS[0])
    given = {"household_id": one.id, "at": datetime.now(UTC), "foreign": [digest]}
    token = other.session()
    with ThreadPoolExecutor(1) as beside, pool.pool().connection() as first:
        noticing.NOTICE.prepare(first)
        with first.transaction():
            noticing.NOTICE.run(first, given)
            sent = beside.submit(other.count, NIKS[:1], token, Device())
            until_somebody_waits()
            assert not sent.done()
        assert sent.result().status == 201
    assert list(listed()) == [tuple(sorted((one.id, other.id)))]


def until_somebody_waits() -> None:
    """Return when a connection of the door waits for a lock; fails after ten seconds."""
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")


def test_a_pair_that_is_settled_comes_back_with_another_number_only(device):
    one, other = (Answering(device, n, [], None) for n in (1, 2))
    one.count(NIKS[:2])
    other.count(NIKS[:1])
    out = StringIO()
    call_command("review", "list", stdout=out)
    assert "1 pairs, 1 counted twice" in out.getvalue()
    lower, higher = sorted((one.id, other.id))
    call_command("review", "settle", str(lower), str(higher), "different", stdout=out)
    other.count(NIKS[:1])
    assert listed() == {}
    with pytest.raises(CommandError, match="not on the list"):
        call_command("review", "settle", str(lower), str(higher), "same")
    other.count(NIKS[:2])
    assert listed() == {(lower, higher): 1}


def test_what_the_register_itself_has_twice_is_gathered_after_its_import(device):
    old_card = Answering(device, 1, NIKS[:2], None)
    new_card = Answering(device, 2, NIKS[1:3], None)
    stranger = Answering(device, 3, [], None)
    stranger.count(NIKS[3:4])
    late = Answering(device, 4, NIKS[3:4], None)
    for family in (old_card, new_card, late):
        family.count([p["nik"] for p in family.family.persons])
    assert listed() == {}
    out = StringIO()
    call_command("review", "gather", stdout=out)
    assert "2 shared numbers" in out.getvalue()
    assert listed() == {
        tuple(sorted((old_card.id, new_card.id))): 1,
        tuple(sorted((late.id, stranger.id))): 1,
    }
    call_command("review", "gather", stdout=out)
    assert "0 shared numbers" in out.getvalue()


def test_gathering_may_take_longer_than_a_family_waits(device, monkeypatch):
    unlimited = "SELECT %(at)s::timestamptz WHERE current_setting('statement_timeout') = '0'"
    monkeypatch.setattr(noticing, "GATHER", unlimited)
    out = StringIO()
    call_command("review", "gather", stdout=out)
    assert "1 shared numbers" in out.getvalue()
    assert pool.run(lambda c: c.execute("SHOW statement_timeout").fetchone()) == ("15s",)


def test_an_old_session_takes_its_own_members_for_strangers_and_harms_nobody(
    device,
):
    from dataclasses import replace

    from cacah.collection import sessions

    family = Answering(device, 1, NIKS[:2], None)
    token = sessions.issue(replace(sessions.read(family.session()), registered=b""))
    assert len(token) == 58
    family.count(NIKS[:2], token)
    assert listed() == {}


def test_a_reference_is_no_receipt(device):
    unlisted = Answering(device, 1, [], None)
    assert numbers.is_number(unlisted.reference)
    assert unlisted.count([]).json["number"] != unlisted.reference
    assert receipts.number_digest(unlisted.reference) != server_keys().reference_digest(
        unlisted.reference
    )


def test_the_list_is_read_a_page_at_a_time(device):
    families = [Answering(device, n, [], None) for n in range(3)]
    for family in families:
        family.count(NIKS[:1])
    every = pairs_to_review(most=9)
    assert len(every) == 3
    assert [*pairs_to_review(most=2), *pairs_to_review(most=2, skip=2)] == every
    out = StringIO()
    call_command("review", "list", "--most", "2", stdout=out)
    assert "3 pairs, 3 counted twice" in out.getvalue()
    assert "and 1 more: --skip 2" in out.getvalue()
    with pytest.raises(CommandError, match="--most"):
        call_command("review", "list", "--most", "0")


def test_a_number_that_a_crowd_has_typed_hides_no_other_pair(device):
    crowd = [Answering(device, n, [], None) for n in range(6)]
    for family in crowd:
        family.count(NIKS[:1])
    crowd[0].count(NIKS[:2])
    late = Answering(device, 9, [], None)
    late.count(NIKS[1:2])
    length = length_of_review()
    assert length.pairs == 16
    assert length.crowded == 15 - MOST_OF_A_NUMBER
    shown = {(pair.lower_id, pair.higher_id) for pair in pairs_to_review(most=99)}
    assert tuple(sorted((crowd[0].id, late.id))) in shown
    assert len(shown) == length.listed
    assert len(pairs_to_review(most=99, everything=True)) == 16
    out = StringIO()
    call_command("review", "list", stdout=out)
    assert "that share a number with many: --all" in out.getvalue()
