"""The verbs of the plan, on the real database: move, lock, cancel, propose, and two at once."""

from __future__ import annotations

import contextlib
from datetime import date, time, timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from cacah.outreach.actions import meetings, plan, proposals, teams
from cacah.outreach.actions.locks import Changed
from cacah.outreach.actions.plan import Place
from cacah.outreach.models import Activity, Destination, Proposal, Team, Visit
from cacah.outreach.planning import solver
from cacah.outreach.planning.effort import Effort
from cacah.outreach.planning.solver import propose
from cacah.outreach.planning.weights import usual_minutes
from cacah.outreach.queries.left import goals, people_left
from cacah.outreach.queries.problems import week_of
from cacah.outreach.tests.cast import KUPANG, MONDAY, institution, team, visit
from cacah.staff.models import AuditEntry
from cacah.staff.tests.cast import area

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search for a moment only: what is tried here is what becomes of a plan."""
    quick = staticmethod(lambda _problem: Effort(200, 30))
    monkeypatch.setattr(Effort, "for_size", quick)


def orders(of: Team, day: date = MONDAY) -> list[str]:
    visits = Visit.objects.filter(team=of, day=day, position__isnull=False).order_by("position")
    assert [each.position for each in visits] == list(range(1, len(visits) + 1))
    return [each.title for each in visits]


def moved(what: Visit, to: Place | None) -> Visit:
    what.refresh_from_db()
    return plan.move(by=None, visit=what.pk, version=what.version, to=to)


def test_a_visit_moves_between_days_teams_and_places() -> None:
    ours, theirs = team(), team()
    a, b, c = (visit(institution(name), ours) for name in "ABC")
    moved(c, Place(ours.pk, MONDAY, 1))
    assert orders(ours) == ["C", "A", "B"]
    moved(a, Place(theirs.pk, TUESDAY))
    moved(b, Place(theirs.pk, TUESDAY, 1))
    assert (orders(ours), orders(theirs, TUESDAY)) == (["C"], ["B", "A"])
    moved(c, None)
    c.refresh_from_db()
    assert (c.team, c.day, c.position, c.starts_at) == (None, None, None, None)
    assert AuditEntry.objects.filter(verb="outreach.visit_moved").count() == 4


def test_a_day_is_timed_in_its_order_with_ways_and_opening_hours() -> None:
    ours = team(base_latitude=-10.17, base_longitude=123.6)
    early = institution("A", latitude=-10.17, longitude=123.6)
    late = institution("B", opens=time(13), closes=time(15), latitude=-10.2, longitude=123.6)
    one, two = visit(early, minutes=60), visit(late, minutes=60)
    moved(one, Place(ours.pk, MONDAY))
    moved(two, Place(ours.pk, MONDAY))
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.starts_at, two.starts_at) == (time(8, 5), time(13))


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    ours, what = team(), visit()
    seen = what.version
    plan.move(by=None, visit=what.pk, version=seen, to=Place(ours.pk, MONDAY))
    with pytest.raises(Changed):
        plan.move(by=None, visit=what.pk, version=seen, to=Place(ours.pk, TUESDAY))
    assert orders(ours) == [what.title]


def test_a_neighbour_that_moves_up_can_still_be_moved_by_who_saw_it_before() -> None:
    ours = team()
    one, two = visit(by=ours), visit(by=ours)
    plan.cancel(by=None, visit=one.pk, version=one.version, reason="closed")
    plan.move(by=None, visit=two.pk, version=two.version, to=Place(ours.pk, TUESDAY))
    assert orders(ours, TUESDAY) == [two.title]


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        ({"state": "done"}, TUESDAY),
        ({"locked": True, "starts_at": time(9)}, TUESDAY),
        ({}, date(2020, 2, 17)),
    ],
)
def test_it_refuses_to_move_what_is_agreed_or_over(changes: dict, to: date) -> None:
    ours = team()
    what = visit(by=ours, **changes)
    with pytest.raises(ValidationError):
        moved(what, Place(ours.pk, to))
    assert orders(ours) == [what.title]


def test_no_visit_goes_to_a_team_of_another_area_or_a_closed_one() -> None:
    what = visit()
    teams.close_team(by=None, team=(gone := team()).pk)
    for where in (team(where="5302"), gone):
        with pytest.raises(ValidationError):
            moved(what, Place(where.pk, MONDAY))


def test_an_institution_waits_once_only() -> None:
    ours, there = team(), institution()
    planned = visit(there, ours)
    visit(there)
    with pytest.raises(ValidationError):
        moved(planned, None)


def test_an_agreed_time_puts_the_visit_where_it_belongs_in_the_day() -> None:
    ours = team()
    a, b = visit(institution("A")), visit(institution("B"))
    for each in (a, b):
        moved(each, Place(ours.pk, MONDAY))
    b.refresh_from_db()
    plan.lock(by=None, visit=b.pk, version=b.version, locked=True, starts_at=time(7, 30))
    assert orders(ours) == ["B", "A"]
    b.refresh_from_db()
    assert (b.locked, b.starts_at) == (True, time(7, 30))
    plan.lock(by=None, visit=b.pk, version=b.version, locked=False)
    b.refresh_from_db()
    assert not b.locked


def test_a_cancelled_visit_leaves_no_gap_and_may_be_wanted_again() -> None:
    ours = team()
    a, b = visit(institution("A"), ours), visit(institution("B"), ours)
    plan.cancel(by=None, visit=a.pk, version=a.version, reason="no_signal", again=True)
    assert orders(ours) == ["B"]
    again = Visit.objects.get(follows=a)
    assert (again.title, again.team, again.institution) == ("A", None, a.institution)
    assert plan.follow_up(by=None, visit=a) == again
    with pytest.raises(ValidationError):
        plan.cancel(by=None, visit=b.pk, version=b.version, reason="boredom")
    a.refresh_from_db()
    plan.reinstate(by=None, visit=a.pk, version=a.version)
    assert orders(ours) == ["B", "A"]


def test_a_team_says_how_far_a_visit_is_and_takes_it_back() -> None:
    what = visit(by=team())
    for state in ("under_way", "under_way", "done", "under_way", "planned"):
        plan.set_state(by=None, visit=what.pk, state=state)
        what.refresh_from_db()
        assert what.state == state
        assert (what.began_at is None) == (state == "planned")
        assert (what.ended_at is None) == (state != "done")
    with pytest.raises(ValidationError):
        plan.set_state(by=None, visit=what.pk, state="cancelled")


def test_goals_are_where_people_are_left_and_units_without_an_address_go_with_theirs() -> None:
    big, small = institution("Dinas", left=40), institution("Bank", left=7)
    institution("Complete")
    from cacah.institutions.actions import NewInstitution, add_institution
    from cacah.institutions.models import Participation

    unit = add_institution(by=None, new=NewInstitution(name="Bidang", parent=big.pk))
    Participation.objects.filter(pk=unit.pk).update(opened=5)
    apart = add_institution(
        by=None,
        new=NewInstitution(name="UPT", parent=big.pk, more={"address": "Jalan lain"}),
    )
    Participation.objects.filter(pk=apart.pk).update(not_yet=11)
    found = {goal.name: goal.left for goal in goals(KUPANG)}
    assert found == {"Dinas": 45, "UPT": 11, "Bank": 7}
    assert next(iter(found)) == "Dinas"
    assert people_left(KUPANG)[unit.pk] == 0
    made = plan.want_visits(by=None, area=KUPANG, institutions=[big.pk, small.pk, 999])
    assert {each.title for each in made} == {"Dinas", "Bank"}
    assert plan.want_visits(by=None, area=KUPANG, institutions=[big.pk]) == []
    assert {g.name for g in goals(KUPANG) if g.is_planned} == {"Dinas", "Bank"}


def test_a_visit_takes_longer_where_more_people_are_left() -> None:
    assert [usual_minutes(n) for n in (0, 1, 30, 60, 5000)] == [45, 45, 60, 75, 180]


def asked(monday: date = MONDAY) -> Proposal:
    made, elsewhere = proposals.ask(by=None, area=KUPANG, monday=monday)
    assert not elsewhere
    return made


def test_a_week_is_proposed_with_what_is_agreed_kept() -> None:
    ours, theirs = team(visits_per_week=4), team(visits_per_week=4)
    agreed = visit(by=ours, locked=True, starts_at=time(10))
    over = visit(by=theirs, state="done", starts_at=time(9))
    free = [visit(institution(left=n)) for n in range(1, 6)]
    meeting = Activity(
        area=area(KUPANG), kind="rakorcam", title="Rakor", day=TUESDAY, starts_at=time(8)
    )
    meetings.add_meeting(by=None, new=meeting, teams=[ours, theirs])
    Activity.objects.update(minutes=480)
    made = proposals.make(proposal=asked().pk)
    assert made.result is not None
    assert made.result["state"] == proposals.STORED
    assert (made.result["planned"], made.result["left_out"]) == (7, 0)
    for kept in (agreed, over):
        before = (kept.team, kept.day, kept.starts_at, kept.version)
        kept.refresh_from_db()
        assert (kept.team, kept.day, kept.starts_at, kept.version) == before
    planned = Visit.objects.filter(pk__in=[each.pk for each in free])
    assert all(each.team_id and each.day != TUESDAY for each in planned)
    for day in range(5):
        for each in (ours, theirs):
            orders(each, MONDAY + timedelta(days=day))


def test_a_proposal_says_what_it_left_out() -> None:
    team(visits_per_week=2)
    for n in range(4):
        visit(institution(left=n))
    result = proposals.make(proposal=asked().pk).result
    assert result is not None
    causes = {each["cause"]: each for each in result["findings"]}
    assert set(causes) == {"no_room", "no_coordinates"}
    assert len(causes["no_room"]["stops"]) == 2
    assert Visit.objects.filter(team=None).count() == 2


def test_replanning_takes_up_what_was_missed_and_sends_nobody_into_the_past() -> None:
    ours = team(working_days=[1, 2, 3, 4, 5, 6, 7], starts=time(0), ends=time(23, 59))
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    missed = visit(by=ours, day=monday) if today > monday else visit()
    before = [visit(by=ours, day=today)]
    made = proposals.make(proposal=asked(monday).pk)
    assert made.result is not None
    missed.refresh_from_db()
    assert missed.day is None or missed.day > today
    assert Visit.objects.get(pk=before[0].pk).day == today


@pytest.mark.parametrize("monday", [date(2020, 2, 17), MONDAY + timedelta(days=1)])
def test_it_refuses_a_week_that_is_over_or_none(monday: date) -> None:
    with pytest.raises(ValidationError):
        proposals.ask(by=None, area=area(KUPANG).pk, monday=monday)


def test_it_refuses_what_is_too_large_to_be_planned_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proposals, "MOST_TEAMS", 1)
    team(), team()
    with pytest.raises(ValidationError):
        asked()
    assert not Proposal.objects.exists()


def test_a_week_that_was_changed_while_it_was_planned_is_left_alone() -> None:
    ours, what = team(), visit()
    proposal = asked()
    week = week_of(KUPANG, MONDAY, now=timezone.now())
    found = propose(week.problem)
    moved(what, Place(ours.pk, TUESDAY))
    assert not proposals.store(proposal=proposal.pk, week=week, plan=found)
    assert orders(ours, TUESDAY) == [what.title]


def test_who_asks_twice_is_given_the_same_and_a_broken_off_one_stands_in_nobodys_way() -> None:
    team()
    first = asked()
    second, elsewhere = proposals.ask(by=None, area=KUPANG, monday=MONDAY)
    assert (second, elsewhere) == (first, True)
    Proposal.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert asked() != first


def test_a_large_week_is_planned_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "is_large", lambda _problem: True)
    team()
    made, elsewhere = proposals.ask(by=None, area=KUPANG, monday=MONDAY)
    assert elsewhere
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        ((name, _arguments),) = cursor.fetchall()
    assert name == proposals.JOB
    told: list[tuple[int, int]] = []
    proposals.make(proposal=made.pk, tell=lambda done, of: told.append((done, of)))
    assert Proposal.objects.get().result is not None


def test_planning_that_fails_ends_the_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    team()
    made = asked()

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(solver, "propose", broken)
    with pytest.raises(RuntimeError):
        proposals.make(proposal=made.pk)
    made.refresh_from_db()
    assert made.result == {"state": proposals.ENDED}


def test_a_closed_teams_visits_wait_again() -> None:
    ours, there = team(), institution()
    visit(by=ours, locked=True, starts_at=time(9))
    doubled = visit(there, ours)
    visit(there)
    teams.close_team(by=None, team=ours.pk)
    doubled.refresh_from_db()
    assert doubled.state == "cancelled"
    assert Visit.objects.filter(state="planned", team=None, day=None, locked=False).count() == 2


def test_a_destination_says_how_long_a_visit_takes() -> None:
    there = institution(left=300, minutes=20, priority=3)
    (made,) = plan.want_visits(by=None, area=KUPANG, institutions=[there.pk])
    assert made.minutes == 20
    assert Destination.objects.get().priority == 3


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_move_at_once_corrupt_no_day() -> None:
    ours = [team(), team()]
    visits = [visit(institution(f"Kantor {n}"), ours[n % 2]) for n in range(8)]

    def drag(start: int) -> None:
        for n in range(start, start + 12):
            what = Visit.objects.get(pk=visits[n % 8].pk)
            to = Place(ours[n % 3 % 2].pk, MONDAY + timedelta(days=n % 2), 1 + n % 4)
            with contextlib.suppress(Changed):
                plan.move(by=None, visit=what.pk, version=what.version, to=to)
        connection.close()

    threads = [Thread(target=drag, args=(start,)) for start in (0, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [title for each in ours for day in (MONDAY, TUESDAY) for title in orders(each, day)]
    assert sorted(found) == sorted(each.title for each in visits)
    with transaction.atomic():
        connection.check_constraints()
