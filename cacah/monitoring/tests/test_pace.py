"""The pace that is reached and the one that is needed, before a census, at its start and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cacah.monitoring import queries
from cacah.monitoring.moment import moment
from cacah.monitoring.tests.town import expect, respond, settle
from cacah.monitoring.wall import wall_of
from cacah.registry.models import Census

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    settle()
    expect("3325111015", 1000, 4000)


def opens(*, ago: int) -> None:
    today = datetime.combine(timezone.localdate(), datetime.min.time(), tzinfo=UTC)
    Census.objects.update(
        opens_at=today - timedelta(days=ago, hours=7),
        closes_at=today + timedelta(days=10, hours=-7),
    )


def test_before_the_census_opens_only_its_own_days_are_left() -> None:
    opens(ago=-4)
    today = timezone.localdate()
    assert queries.days_left(today) == 6
    trend = queries.trend("3325")
    # 20 % of 4,000 persons in six days.
    assert trend is not None
    assert trend.needed == 134


def test_the_last_day_needs_all_that_lacks_and_the_day_after_nothing_can() -> None:
    last = queries.last_day()
    assert [queries.days_left(last + timedelta(days=n)) for n in (-1, 0, 1, 40)] == [2, 1, 0, 0]


def test_at_the_start_the_pace_is_that_of_the_days_that_were_open() -> None:
    opens(ago=2)
    respond("3325111015", 30, 120, ago=2)
    respond("3325111015", 20, 80, ago=1)
    respond("3325111015", 1, 4)
    found, wall = moment("3325"), wall_of("3325")
    assert found is not None
    assert wall is not None
    paces = [found.trend.week, found.figures.week, found.below[0].week, wall.figures.week]
    assert paces == [100, 100, 100, 100]
    # 596 lack in ten days.
    assert found.trend.needed == 60
    assert found.figures.standing == "begun"


def test_after_a_week_the_pace_is_that_of_seven_days() -> None:
    respond("3325111015", 35, 140, ago=7)
    respond("3325111015", 100, 400, ago=8)
    found = moment("3325")
    assert found is not None
    assert (found.trend.week, found.below[0].week) == (20, 20)
