"""The rehearsed week in Kupang is planned, half done, and goes on the next day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cacah.institutions.models import Institution
from cacah.outreach.models import Handout, Place, Team, Visit
from cacah.outreach.queries.sessions import open_sessions
from cacah.rehearsal import kupang
from cacah.staff.tests.cast import area, officer

pytestmark = pytest.mark.django_db


def test_six_teams_visit_63_institutions_and_start_over_changes_nothing(monkeypatch):
    monkeypatch.setattr(kupang, "recognise", lambda families: [])
    for code in (kupang.TOWN, "3325"):
        area(code)
    planner = officer("regency", area=kupang.TOWN)
    host = officer("regency", area="3325")
    leaders = [officer("team", area=kupang.TOWN) for _ in kupang.DISTRICTS]
    for _ in range(2):
        kupang.hold_week((), by=planner, teams=leaders, host=host)
        assert Institution.objects.filter(area=kupang.TOWN).count() == 63
        assert Team.objects.count() == 6
        assert len(open_sessions()) == 1
        assert Place.objects.count() == 3
    first, today = (
        min(Visit.objects.exclude(day=None).values_list("day", flat=True)),
        timezone.localdate(),
    )
    assert today - timedelta(days=6) <= first <= today
    planned = Visit.objects.exclude(day=None)
    assert planned.count() > 55
    assert not planned.filter(day__lt=today, state="planned").exists()
    assert not planned.filter(day__gt=today).exclude(state="planned").exists()
    assert not Handout.objects.exists()
