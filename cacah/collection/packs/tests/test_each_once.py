"""In whatever order, however often and from however many at once: each answer is there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.collection import receipts
from cacah.collection.models import Beside, Submission
from cacah.collection.packs.tests.conftest import Family, Laptop, counted, submission, word
from cacah.registry.actions import set_census
from cacah.registry.models import Case, ProgressDelta

Item = dict[str, Any]


def chain(make: Callable[..., Item], persons: list[int]) -> list[Item]:
    """Return answers and the corrections that a laptop took after them."""
    items: list[Item] = []
    for revision, many in enumerate(persons, start=1):
        before = items[-1]["number"] if items else None
        items.append(make(revision, persons=many, corrects=before))
    return items


def numbers_kept(model: Any) -> Counter[bytes]:
    return Counter(bytes(each) for each in model.objects.values_list("receipt_digest", flat=True))


sizes = st.lists(st.integers(0, 5), min_size=1, max_size=3)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_and_any_repeats_end_in_the_same(laptop, data):
    """Two laptops have the same two families; one of the laptops stands for the web as well."""
    for model in (ProgressDelta, Submission, Beside):
        model.objects.all().delete()
    families, other = [Family(), Family()], Laptop("BATANG2")
    sent = [
        (one, item)
        for one in (laptop, other)
        for family in families
        for item in chain(family.answers, data.draw(sizes))
    ]
    muddled = data.draw(st.lists(st.sampled_from(sent), max_size=12))
    for one, item in muddled:
        one.deliver(item)
    for one, item in sent + sent[::-1]:
        assert one.outcomes(item)[0] in ("stored", "again", "beside")
    kept, beside = numbers_kept(Submission), numbers_kept(Beside)
    assert kept + beside == Counter(receipts.number_digest(item["number"]) for _, item in sent)
    cases = [family.case for family in families]
    assert counted() == (2, 2, sum(case.persons for case in cases))
    for case in cases:
        assert case.state == "submitted"
        # What counts is one laptop's chain from its beginning, never a mixture of both.
        mine = {receipts.number_digest(i["number"]): o for o, i in sent if i["id"] == case.pk}
        rows = Submission.objects.filter(household_id=case.pk).order_by("revision")
        assert [row.revision for row in rows] == list(range(1, case.revision + 1))
        assert len({mine[bytes(row.receipt_digest)] for row in rows}) == 1
        assert rows.last().persons == case.persons


def at_once(*works: Callable[[], None]) -> None:
    """Do all of them in threads that begin together; raises what one of them raised."""
    together, raised = Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        together.wait()
        try:
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


@pytest.fixture
def open_census(transactional_db: None) -> None:
    set_census()


def test_delivered_by_several_at_once_each_is_stored_once(open_census):
    laptop, said = Laptop(), word()
    items = [each.answers() for each in (Family(), Family(), Family())]
    items += [said, submission(said["id"], []), *chain(Family().answers, [3, 4])]
    told: list[list[str]] = []
    at_once(*[lambda: told.append(laptop.outcomes(*items))] * 3)
    for outcomes in zip(*told, strict=True):
        assert Counter(outcomes) == {"stored": 1, "again": 2}
    assert Submission.objects.count() == 6 and not Beside.objects.exists()
    assert counted() == (4, 4, 10)


def test_of_two_laptops_at_once_one_counts_and_the_other_lies_beside(open_census):
    one, other, family = Laptop(), Laptop("BATANG2"), Family()
    told: list[str] = []
    at_once(
        lambda: told.extend(one.outcomes(family.answers())),
        lambda: told.extend(other.outcomes(family.answers())),
    )
    assert sorted(told) == ["beside", "stored"]
    assert Case.objects.get(pk=family.id).revision == 1 and counted() == (1, 1, 2)
