"""Folding: what is folded and what waits is always the same as a slow count of everything."""

from __future__ import annotations

from datetime import date

import pytest

from cacah.areas.actions import put_areas
from cacah.monitoring import queries
from cacah.monitoring.actions import fold, fold_all
from cacah.monitoring.models import Progress
from cacah.registry.models import ProgressDelta

DAY = date(2020, 2, 20)
AREAS = [("33", "Jawa Tengah"), ("3325", "Kabupaten Batang"), ("332511", "Batang")]
AREAS += [("3325111015", "Kauman"), ("3325111016", "Proyonanggan"), ("51", "Bali")]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def areas(db: None) -> None:
    put_areas(AREAS)


def change(area: str, day: date = DAY, mode: str = "cawi", **counts: int) -> None:
    ProgressDelta.objects.create(area=area, day=day, mode=mode, **counts)


def test_a_change_counts_in_every_area_around_it() -> None:
    change("3325111015", responded_families=1, responded_persons=4)
    change("3325111015", responded_persons=-1)
    assert fold() == 2
    counted = Progress.objects.values_list("area", "responded_families", "responded_persons")
    around = ["", "33", "3325", "332511", "3325111015"]
    assert sorted(counted) == [(area, 1, 3) for area in around]
    assert not ProgressDelta.objects.exists()


def test_a_page_says_the_same_before_and_after_a_fold() -> None:
    change("3325111015", mode="", expected_families=2, expected_persons=7)
    change("3325111016", responded_families=1, responded_persons=4, opened_families=1)
    fold()
    change("3325111015", responded_families=1, responded_persons=3, opened_families=1)
    before = [seen(area) for area in ("", "33", "3325", "332511", "3325111015")]
    assert fold() == 1
    assert [seen(area) for area in ("", "33", "3325", "332511", "3325111015")] == before
    assert queries.figures("").responded_persons == 7
    assert [each.responded_persons for each in queries.children("332511")] == [3, 4]
    assert [each.responded_persons for each in queries.children("")] == [7, 0]


def seen(area: str) -> object:
    return [
        queries.figures(area),
        queries.children(area),
        queries.by_day(area),
        queries.by_mode(area),
    ]


def test_it_folds_in_bounded_bites() -> None:
    for _ in range(5):
        change("3325111015", opened_families=1)
    assert fold(most=2) == 2
    assert ProgressDelta.objects.count() == 3
    assert fold_all(most=2) == 3
    assert fold_all() == 0
    assert queries.figures("3325").opened_families == 5
