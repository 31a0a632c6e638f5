"""Counts equal a recount of every person, whatever happens, in any order and at the same time."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.institutions import actions, queries
from cacah.institutions.actions import matching, people, tree
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.tests.cast import answers, family, institution, opens
from cacah.institutions.tests.cast import people as named
from cacah.monitoring.actions import fold, fold_all

FAMILIES = {1: (1, 2), 2: (3,), 3: (4, 3), -4: ()}
PEOPLE = st.lists(st.integers(1, 8), max_size=6, unique=True)
HOUSEHOLD = st.sampled_from(list(FAMILIES))
STEP = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), PEOPLE, st.booleans()),
    st.tuples(st.just("remove"), st.integers(0, 2), st.integers(0, 7)),
    st.tuples(st.just("exempt"), st.integers(0, 7), st.booleans()),
    st.tuples(st.just("open"), HOUSEHOLD),
    st.tuples(st.just("answer"), HOUSEHOLD, PEOPLE),
    st.tuples(st.just("fold"), st.integers(1, 3)),
    st.tuples(st.just("move"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("rematch")),
)


def shown() -> dict[tuple[int, str], int]:
    """Return each institution's own counts that are not zero, reckoned in both ways."""
    from_people, from_pending = (reckoned(few) for few in (10**9, -1))
    assert from_people == from_pending
    return from_people


def reckoned(few: int) -> dict[tuple[int, str], int]:
    """Return them from the people left, where these are few, or from what is pending."""
    with patch.object(queries, "_FEW", few):
        return {
            (each.institution, state): getattr(each.own, state)
            for each in queries.league(area="", every=True)
            for state in queries.STATES
            if getattr(each.own, state)
        }


class Play:
    """Three institutions, four families, and what may happen to them."""

    def __init__(self) -> None:
        self.tops = [institution("A"), institution("B")]
        self.all = [*self.tops, institution("A 1", parent=self.tops[0])]
        for household, members in FAMILIES.items():
            family(household, *members)

    def add(self, of: int, numbers: list[int], replace: bool) -> None:
        pk = self.all[of].pk
        actions.add_entries(by=None, institution=pk, people=named(*numbers), replace=replace)

    def remove(self, of: int, which: int) -> None:
        entries = RosterEntry.objects.order_by("pk").values_list("pk", flat=True)[which : which + 2]
        actions.remove_entries(by=None, institution=self.all[of].pk, entries=list(entries))

    def exempt(self, which: int, lifted: bool) -> None:
        entry = RosterEntry.objects.filter(removed_at=None).order_by("pk")[which : which + 1]
        for each in entry:
            top = int(Institution.objects.get(pk=each.institution_id).path.split("/")[1])
            if lifted:
                people.ask_again(by=None, institution=top, entry=each.pk)
            else:
                people.exempt(by=None, institution=top, entry=each.pk, reason="abroad")

    def open(self, household: int) -> None:
        opens(household)

    def answer(self, household: int, naming: list[int]) -> None:
        answers(household, naming=naming)

    def fold(self, most: int) -> None:
        fold(most=most)

    def move(self, which: int, under: int) -> None:
        one, other = self.all[which], self.all[under]
        if Institution.objects.get(pk=other.pk).path.find(f"/{one.pk}/") < 0:
            tree.move_institution(by=None, institution=one.pk, parent=other.pk)

    def rematch(self) -> None:
        matching.rematch()


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, max_size=12))
def test_counts_equal_a_recount_after_every_step(steps):
    with transaction.atomic():
        play = Play()
        for verb, *values in steps:
            getattr(play, verb)(*values)
            assert shown() == queries.recount_all(), verb
        fold_all()
        assert shown() == queries.recount_all()
        for top in play.all:
            whole = queries.participation(top.pk)
            assert queries.recount(top.pk) == {
                s: getattr(whole, s) for s in queries.STATES if getattr(whole, s)
            }
        transaction.set_rollback(True)


class Crowd:
    """Everybody who writes at the same time, each in a thread, and a judge who watches."""

    def __init__(self) -> None:
        self.institutions = [institution(f"Dinas {n}") for n in range(3)]
        for household in range(1, 41):
            family(household, household, 100 + household)
        self.failed: list[BaseException] = []

    def writes(self, of: int) -> None:
        chance, pk = random.Random(of), self.institutions[of].pk
        everybody = [*range(1, 41), *range(101, 141), *range(200, 210)]
        for turn in range(8):
            some = named(*chance.sample(everybody, 30))
            actions.add_entries(by=None, institution=pk, people=some, replace=turn % 2 == 0)
            tree.move_institution(by=None, institution=pk, parent=None)

    def answering(self) -> None:
        for household in range(1, 41):
            with transaction.atomic():
                opens(household)
            with transaction.atomic():
                answers(household, naming=[200 + household % 10])

    def folding(self) -> None:
        for _ in range(25):
            fold(most=3)

    def judging(self) -> None:
        for _ in range(25):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                assert shown() == queries.recount_all()

    def guarded(self, work: Callable[..., None], *values: int) -> None:
        try:
            work(*values)
        except BaseException as error:
            self.failed.append(error)
        finally:
            connection.close()

    def at_once(self) -> None:
        works = [(self.writes, n) for n in range(3)]
        works += [(self.answering,), (self.folding,), (self.judging,)]
        threads = [threading.Thread(target=self.guarded, args=work) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@pytest.mark.django_db(transaction=True)
def test_counts_equal_a_recount_while_everything_happens_at_once():
    crowd = Crowd()
    crowd.at_once()
    assert not crowd.failed
    assert shown() == queries.recount_all()
    fold_all()
    assert shown() == queries.recount_all()
    assert {state for _, state in shown()} <= {"complete", "not_found"}
