"""Folding: what is folded and what waits is always the same as a slow count of everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.monitoring import queries
from cacah.monitoring.actions import fold, fold_all
from cacah.monitoring.figures import ranked
from cacah.monitoring.models import Progress
from cacah.registry.models import ProgressDelta
from cacah.staff.work.queries import jobs

DAY = date(2020, 2, 20)
AREAS = [("33", "Jawa Tengah"), ("3325", "Kabupaten Batang"), ("332511", "Batang")]
AREAS += [("3325111015", "Kauman"), ("3325111016", "Proyonanggan"), ("51", "Bali")]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def areas(db: None) -> None:
    put_areas(AREAS)


def change(area: str, day: date = DAY, mode: str = "cawi", **counts: Any) -> None:
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


def test_an_import_has_rosters_matched_anew() -> None:
    change("3325111015", mode="", expected_families=40, expected_persons=170)
    change("3325111016", mode="", expected_families=2, expected_persons=5)
    fold_all(most=1)
    waiting = [job for job in jobs() if job.state == "todo"]
    assert [job.what for job in waiting] == ["Look for the people on rosters in the new register"]


def test_the_command_says_where_pages_and_cases_differ(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("progress", "check", "33.25")
    assert "every count is what the cases say" in capsys.readouterr().out
    change("3325111015", responded_families=1)
    with pytest.raises(CommandError, match="differ"):
        call_command("progress", "check", "33.25")
    assert "responded_families: shown 1, recounted 0" in capsys.readouterr().out
    call_command("progress", "fold")
    assert "1 changes folded" in capsys.readouterr().out


@pytest.mark.parametrize("area", ["3", "33.25.99", "Batang"])
def test_the_command_refuses_what_is_no_area(area: str) -> None:
    with pytest.raises(CommandError, match="area"):
        call_command("progress", "check", area)


def test_an_answer_is_finished_on_the_day_on_which_its_form_was_opened() -> None:
    change("3325111015", day=DAY, opened_families=3)
    opened = datetime(2020, 2, 20, 3, tzinfo=UTC)
    change("3325111015", day=date(2020, 2, 28), responded_families=1, opened_at=opened)
    for _ in range(2):
        today = date(2020, 2, 28)
        still = {(w.since, w.until): w.families for w in queries.completion("33", today=today)}
        assert still == {(0, 0): 0, (1, 1): 0, (2, 6): 0, (7, 13): 2, (14, None): 0}
        fold_all()


def test_the_target_is_that_of_the_nearest_area_around() -> None:
    Area.objects.filter(code="33").update(target_percent=20, projected_population=1000)
    Area.objects.filter(code="3325").update(projected_population=500)
    change("3325111015", responded_persons=30, expected_persons=90)
    regency, village = queries.figures("3325"), queries.figures("3325111015")
    assert regency and (regency.target_persons, regency.gap, regency.pace(7)) == (100, 70, 10)
    assert village and (village.target_persons, village.target_is_of_projection) == (18, False)
    nation = queries.figures("")
    assert nation and nation.projected_population is None  # Bali has none
    Area.objects.filter(code="51").update(target_percent=10, projected_population=3000)
    nation = queries.figures("")
    assert nation and (nation.projected_population, nation.target_persons) == (4000, 500)


def test_equals_share_a_rank_and_those_without_a_number_come_last() -> None:
    change("3325111015", expected_persons=10, responded_persons=5)
    change("3325111016", expected_persons=20, responded_persons=10)
    found = ranked([*queries.children("332511"), *queries.children("33")], "persons_percent")
    assert [(each.rank, each.value) for each in found] == [(1, 50.0)] * 3
    without = ranked(queries.children(""), "persons_percent")
    assert [(each.rank, each.value) for each in without] == [(1, 50.0), (2, None)]
