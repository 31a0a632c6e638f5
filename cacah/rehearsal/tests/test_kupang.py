"""The rehearsed week in Kupang is planned, half done with its sessions, and goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from cacah.institutions.actions import NewInstitution, add_institution
from cacah.institutions.models import Institution
from cacah.outreach.models import (
    GuidedSession,
    Handout,
    HandoutDouble,
    Place,
    Proposal,
    Seat,
    StockMove,
    Team,
    Visit,
)
from cacah.outreach.queries.rises import comparison
from cacah.outreach.queries.sessions import open_sessions
from cacah.outreach.queries.yields import Yield, efforts, guided
from cacah.registry.models import Case
from cacah.rehearsal import kupang
from cacah.rehearsal.families import Family
from cacah.rehearsal.inviting import share_links
from cacah.staff.tests.cast import officer

from .test_life import census, register

__all__ = ["census", "register"]
TODAY = timezone.localdate()


@pytest.fixture
def held(register: tuple[Family, ...]) -> tuple[Family, ...]:
    """The week, held twice: to start over changes nothing."""
    planner = officer("regency", area=kupang.TOWN)
    host = officer("regency", area="3325")
    leaders = [officer("team", area=kupang.TOWN) for _ in kupang.DISTRICTS]
    counts = set()
    for _ in range(2):
        kupang.hold_week(register, by=planner, teams=leaders, host=host)
        counts.add((Seat.objects.count(), Case.objects.filter(revision=1).count()))
    assert len(counts) == 1
    return register


def test_six_teams_visit_63_institutions_and_families_answer_in_their_sessions(held):
    assert Institution.objects.filter(area=kupang.TOWN).count() == 63
    assert (Team.objects.count(), Place.objects.count(), len(open_sessions())) == (6, 3, 1)
    monday = TODAY - timedelta(days=TODAY.weekday())
    this_week = Visit.objects.filter(day__gte=monday)
    assert this_week.count() > 55
    assert Proposal.objects.get().monday == monday
    assert not Visit.objects.filter(day__lt=TODAY, state="planned").exists()
    assert not this_week.filter(day__gt=TODAY).exclude(state="planned").exists()
    done = Visit.objects.filter(state="done")
    assert done.filter(day__lt=monday).count() == 7
    assert set(done) == {each.visit for each in GuidedSession.objects.exclude(visit=None)}
    _nothing_lies_ahead()
    _it_brought_something(held)


def _nothing_lies_ahead() -> None:
    now = timezone.now()
    for seat in Seat.objects.select_related("session"):
        assert seat.session.opens_at <= seat.joined_at < now
        case = Case.objects.filter(guide=f"{seat.session.code}.{seat.number}").first()
        assert (seat.state == "finished") == (case is not None)
        if case:
            assert seat.joined_at < case.submitted_at < now
            assert case.mode == "guided" and case.pk == seat.household_id


def _it_brought_something(held: tuple[Family, ...]) -> None:
    found = efforts(kupang.TOWN, TODAY - timedelta(days=20), TODAY + timedelta(days=7))
    total = sum((each.brought for each in found), Yield())
    assert total.reached > total.on_the_spot > 0
    assert total.not_found and total.souvenirs and total.cost
    assert guided(kupang.TOWN).families == total.on_the_spot + total.within_three_days
    assert comparison(kupang.TOWN, TODAY - timedelta(days=20), TODAY) is not None
    given = StockMove.objects.filter(kind="handed_out").aggregate(n=Sum("pieces"))["n"]
    assert -given == Handout.objects.count() + 1 and HandoutDouble.objects.count() == 1


def test_families_answer_by_shared_links(register):
    coordinator = officer("regency", area="3325")
    new = NewInstitution(name="Dinas", kind="department", area="3325", obliged=True)
    office = add_institution(by=coordinator, new=new)
    for _ in range(2):
        share_links(register, coordinators={office.pk: coordinator})
    came = Case.objects.exclude(invitation=None)
    assert set(came.values_list("mode", "revision")) == {("cawi", 1)}
    assert came.count() == len(register) // 50
