"""Requests that come at the same moment are done together, and none of them notices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from cacah.collection.together import BrokenOff, Place, Together


class Slow:
    """A function of many that lets its first round wait until it is told to go on."""

    def __init__(self):
        self.rounds: list[list[int]] = []
        self.begun, self.go_on = Event(), Event()

    def __call__(self, items):
        self.rounds.append(items)
        self.begun.set()
        assert self.go_on.wait(60)
        return [ValueError(item) if item < 0 else item * 10 for item in items]


@pytest.fixture
def threads():
    with ThreadPoolExecutor(40) as executor:
        yield executor


def crowd(threads, together, work, items):
    """Let item 0 begin alone and the others arrive while it is under way."""
    first = threads.submit(together, 0)
    assert work.begun.wait(60)
    others = [threads.submit(together, item) for item in items]
    while len(together.waiting) < len(items):
        wait([first], timeout=0.001)
    work.go_on.set()
    return first, others


def test_whoever_finds_nobody_at_work_begins_at_once():
    assert Together(lambda items: [item + 1 for item in items], most=4)(1) == 2


def test_those_who_come_meanwhile_go_together_in_the_order_they_came(threads):
    work = Slow()
    together = Together(work, most=16)
    first, others = crowd(threads, together, work, range(1, 6))
    assert first.result(10) == 0
    assert [other.result(10) for other in others] == [10, 20, 30, 40, 50]
    assert work.rounds[0] == [0]
    assert sorted(work.rounds[1]) == [1, 2, 3, 4, 5]
    assert not together.working


def test_a_round_is_never_larger_than_the_most(threads):
    work = Slow()
    together = Together(work, most=4)
    _, others = crowd(threads, together, work, range(1, 11))
    assert sorted(other.result(10) for other in others) == [10 * n for n in range(1, 11)]
    assert [len(going) for going in work.rounds] == [1, 4, 4, 2]


def test_one_that_fails_fails_alone(threads):
    work = Slow()
    _, (good, bad) = crowd(threads, Together(work, most=4), work, [3, -1])
    assert good.result(10) == 30
    with pytest.raises(ValueError, match="-1"):
        bad.result(10)


@pytest.mark.parametrize("answer", [OSError("gone"), [1, 2, 3]])
def test_where_all_fails_everybody_hears_it_and_the_next_may_try(threads, answer):
    def fail(items):
        if isinstance(answer, OSError):
            raise answer
        return answer

    together = Together(fail, most=4)
    for _ in range(2):
        with pytest.raises((OSError, ValueError)):
            threads.submit(together, 1).result(10)
    assert not together.working


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_nobody_hangs_when_the_one_at_work_is_told_to_stop(threads, stop):
    begun, go_on = Event(), Event()

    def work(items):
        if begun.is_set():
            return items
        begun.set()
        assert go_on.wait(60)
        raise stop

    together = Together(work, most=4)

    def first():
        with pytest.raises(stop):
            together(0)

    leader = threads.submit(first)
    assert begun.wait(60)
    others = [threads.submit(together, item) for item in (1, 2)]
    while len(together.waiting) < 2:
        wait([leader], timeout=0.001)
    go_on.set()
    leader.result(10)
    assert [other.result(10) for other in others] == [1, 2]
    assert not together.working and not together.waiting


def test_those_of_a_round_that_is_told_to_stop_hear_so(threads):
    stopping = Event()
    work = Slow()

    def stop_in_the_second_round(items):
        if stopping.is_set():
            raise SystemExit
        return work(items)

    together = Together(stop_in_the_second_round, most=4)
    first = threads.submit(together, 0)
    assert work.begun.wait(60)
    others = [threads.submit(together, item) for item in (1, 2)]
    while len(together.waiting) < 2:
        wait([first], timeout=0.001)
    stopping.set()
    work.go_on.set()
    told = {type(other.exception(10)) for other in others}
    assert told == {SystemExit, BrokenOff}
    assert not together.working


@pytest.mark.parametrize("leads", [False, True])
def test_whoever_is_told_to_stop_while_it_waits_holds_up_nobody(leads):
    together = Together(list, most=4)
    together.working = True
    place = Place(1, turn=Interrupted())
    place.leads = leads
    if not leads:
        together.waiting.append(place)
    with pytest.raises(KeyboardInterrupt):
        together.wait(place)
    assert not together.waiting
    assert together.working is not leads


class Interrupted:
    """A lock at which the thread is interrupted."""

    def acquire(self):
        raise KeyboardInterrupt
