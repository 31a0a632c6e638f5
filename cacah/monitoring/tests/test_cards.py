"""What an officer's home page says of progress."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from cacah.monitoring.cards import cards
from cacah.monitoring.tests.town import expect, respond, settle
from cacah.registry.models import ProgressDelta
from cacah.staff.queries import scope_of
from cacah.staff.roles import Role
from cacah.staff.scope import NOWHERE
from cacah.staff.tests.cast import officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def test_it_says_what_came_today_and_who_is_behind() -> None:
    settle()
    expect("3325111015", 1000, 4000)
    expect("3325122001", 1000, 4000)
    respond("3325111015", 300, 1200)
    behind, today = cards(scope_of(officer(Role.REGENCY, "33.25")))
    # Batang district has its 20 %, Bandar has nobody.
    assert (behind.tone, behind.count) == ("todo", 1)
    assert "Bandar" in behind.sentence
    assert behind.url.startswith("/en/kantor/perkembangan/wilayah/33.25/?hanya=tertinggal")
    assert (today.tone, today.count) == ("calm", 1200)
    assert "15.0\u00a0%" in today.sentence


def test_the_nation_is_told_when_nobody_adds_up() -> None:
    settle()
    expect("3325111015", 1000, 4000)
    nation = scope_of(officer(Role.NATIONAL))
    assert "Figures are late" not in [card.title for card in cards(nation)]
    ProgressDelta.objects.update(at=timezone.now() - timedelta(minutes=5))
    late = cards(nation)[0]
    assert (late.title, late.count, late.tone) == ("Figures are late", 1, "todo")
    regency = scope_of(officer(Role.REGENCY, "33.25"))
    assert "Figures are late" not in [card.title for card in cards(regency)]


def test_who_sees_no_area_has_no_card() -> None:
    settle()
    assert cards(NOWHERE) == []


def test_before_a_census_is_set_there_is_no_card() -> None:
    assert cards(scope_of(officer(Role.NATIONAL))) == []
