"""The wall: large figures, the last hour by minutes, and the best and the last areas."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cacah.monitoring.actions import fold, sample
from cacah.monitoring.models import Sample
from cacah.monitoring.tests.town import expect, respond, settle
from cacah.monitoring.wall import MINUTES, pace_of, wall_of
from cacah.staff.roles import Role
from cacah.staff.tests.cast import officer, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    settle()
    expect("3325111015", 1000, 4000)
    expect("332601", 1000, 4000)


def note(ago: int) -> None:
    sample(at=(NOW - ago * MINUTE).replace(second=0, microsecond=0))


def test_samples_are_exact_whether_folded_or_not() -> None:
    respond("3325111015", 5, 20)
    fold()
    respond("3325111015", 2, 8)
    note(0)
    counted = dict(Sample.objects.values_list("area", "responded_families"))
    assert counted == {"": 7, "33": 7, "3325": 7, "3326": 0}


def test_the_last_minutes_are_told_one_by_one() -> None:
    for ago, families in ((3, 10), (2, 20), (1, 5), (0, 0)):
        note(ago)
        respond("3325111015", families, families * 4)
    pace = pace_of("3325", NOW)
    assert pace.minutes[-3:] == (10, 20, 5)
    assert set(pace.minutes[:-3]) == {None}
    assert pace.now == 5
    assert pace.hour == pytest.approx(35 / 3)


def test_what_nobody_sampled_is_spread_over_the_gap() -> None:
    note(10)
    respond("3325111015", 30, 120)
    note(4)
    assert pace_of("33", NOW).minutes[-10:] == (5, 5, 5, 5, 5, 5, None, None, None, None)
    assert pace_of("33", NOW).now is None


def test_areas_below_a_regency_have_no_minutes() -> None:
    note(1)
    assert set(pace_of("332511", NOW).minutes) == {None}
    assert len(pace_of("332511", NOW).minutes) == MINUTES


def test_old_samples_are_forgotten() -> None:
    note(300)
    note(0)
    assert Sample.objects.values_list("at").distinct().count() == 1


def test_a_sample_that_is_taken_twice_counts_once() -> None:
    note(0)
    note(0)
    assert Sample.objects.filter(area="").count() == 1


def test_the_best_and_the_last_areas_are_named_and_nobody_is_both() -> None:
    respond("3325111015", 500, 2000)
    found = wall_of("33")
    assert [each.name for each in found.best] == ["Kabupaten Batang"]
    assert [each.name for each in found.last] == ["Kabupaten Pekalongan"]
    assert [each.name for each in wall_of("3325").best] == ["Batang"]
    assert wall_of("3325").last == ()


def test_a_wall_stays_within_the_scope(client: Client) -> None:
    signed_in(client, officer(Role.REGENCY, "33.25"))
    assert client.get("/kantor/perkembangan/dinding/33.25/").status_code == 200
    for area in ("indonesia", "33", "33.26", "99"):
        for path in ("", "angka/"):
            assert client.get(f"/kantor/perkembangan/dinding/{area}/{path}").status_code == 404


def test_a_wall_whose_figures_are_the_same_gets_nothing_but_the_time(client: Client) -> None:
    signed_in(client, officer(Role.REGENCY, "33.25"))
    url = "/kantor/perkembangan/dinding/33.25/angka/"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["X-As-Of"]
    respond("3325111015", 1, 4)
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200
