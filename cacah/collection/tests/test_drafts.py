"""A draft goes to another device under a code: versions, and two devices at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cacah.collection.models import Draft, Guess

from .carrying import at_once, open_it, remove, save, sealed
from .conftest import Device


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
