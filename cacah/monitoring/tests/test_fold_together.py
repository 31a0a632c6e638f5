"""At every moment, whoever writes and folds: folded and pending are what the cases say."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.areas.actions import put_areas
from cacah.collection import pool
from cacah.monitoring import queries
from cacah.monitoring.actions import fold_all
from cacah.monitoring.models import Progress
from cacah.monitoring.recounting import differences, recount
from cacah.monitoring.tests.crowd import AREAS, FAMILIES, VERBS
from cacah.registry.models import ProgressDelta

EVERYWHERE = ["", *(code for code, _ in AREAS)]
CLEARED = "registry_household, registry_case, registry_unlisted, registry_progressdelta"
CLEARED += (
    ", monitoring_progress, monitoring_total, collection_submission, collection_foreignnumber"
)
CLEARED += ", collection_sharednumber"

STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(1, FAMILIES), st.integers(0, 200)),
    min_size=10,
    max_size=60,
)


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[ThreadPoolExecutor]:
    put_areas(AREAS)
    with ThreadPoolExecutor(max_workers=4) as threads:
        yield threads
    pool.close()


def do(steps: list[tuple[object, int, int]]) -> None:
    try:
        for verb, family, step in steps:
            verb(family, step)
    finally:
        connection.close()


@given(scripts=st.lists(STEPS, min_size=4, max_size=4))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_pages_are_right_at_every_moment(
    crowd: ThreadPoolExecutor, scripts: list[list[tuple[object, int, int]]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {CLEARED}")
    running: set[Future[None]] = {crowd.submit(do, steps) for steps in scripts}
    looks = 0
    while running:
        done, running = wait(running, timeout=0)
        for each in done:
            each.result()
        area = EVERYWHERE[looks % len(EVERYWHERE)]
        assert not differences(area), area
        looks += 1
    before = [parts_of(area) for area in EVERYWHERE]
    fold_all(most=10)
    assert not ProgressDelta.objects.exists()
    assert [parts_of(area) for area in EVERYWHERE] == before
    assert not any(differences(area) for area in EVERYWHERE)


def parts_of(area: str) -> object:
    """What an area's pages show, each part of which adds up to the recount."""
    days, modes, whole = queries.by_day(area), queries.by_mode(area), recount(area)
    for name in ("opened_families", "responded_persons", "finished_families", "unlisted_persons"):
        expected = getattr(whole, name)
        assert sum(getattr(day, name) for day in days) == expected
        assert sum(getattr(mode, name) for mode in modes) == expected
    assert all(day.unfinished_families >= 0 for day in days)
    return [days, modes, queries.children(area)]


def fold_and_leave(_: int) -> int:
    try:
        return fold_all(most=7)
    finally:
        connection.close()


def test_folds_at_once_lose_and_double_nothing(crowd: ThreadPoolExecutor) -> None:
    day = "2020-02-20"
    ProgressDelta.objects.bulk_create(
        ProgressDelta(area=AREAS[n % len(AREAS)][0], day=day, mode="cawi", opened_families=1)
        for n in range(400)
    )
    folded = sum(crowd.map(fold_and_leave, range(4)))
    assert folded == 400
    assert Progress.objects.get(area="").opened_families == 400
