"""Verbs of proposals: ask for a week's plan, make it, and store it if nobody changed the week.

No row is held while the solver works, which may take a minute: the week is read, planned, and read
again under the teams' locks. Where it has changed meanwhile nothing is stored.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.actions.days import settle
from cacah.outreach.actions.locks import hold_teams
from cacah.outreach.models import Proposal, Team, Visit
from cacah.outreach.planning.effort import Tell, is_large
from cacah.outreach.planning.explain import explain
from cacah.outreach.planning.problem import Plan, Planned
from cacah.outreach.planning.routes import Timetable
from cacah.outreach.queries.problems import Week, time_at, week_of
from cacah.outreach.queries.teams import teams_in
from cacah.staff.actions import trace
from cacah.staff.models import Officer
from cacah.staff.work.actions import begin

JOB = "outreach.propose"
# A proposal that was broken off, as by a power cut, stands in nobody's way for longer.
GIVEN_UP_AFTER = timedelta(minutes=10)
# The ways between more places than these would not fit into a server's memory.
MOST_STOPS, MOST_TEAMS = 3_000, 200
# What came of it: stored; the week was changed meanwhile, so nothing was; ended early.
STORED, CHANGED, ENDED = "stored", "changed", "ended"


@transaction.atomic
def ask(*, by: Officer | None, area: str, monday: date) -> tuple[Proposal, bool]:
    """Ask for a plan of an area's week; return it, and whether a job makes it.

    Whoever asks again while it is being made is given the same, which is then made elsewhere.
    Raises ValidationError for a week that is over, or an area that is too large.
    """
    now = timezone.now()
    if monday.weekday() or monday + timedelta(days=7) <= timezone.localdate():
        raise ValidationError(_("This week is over. Choose a week that is still to come."))
    # Two officers who ask at once: the teams are held, so that the second one sees the first's.
    list(teams_in(area).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    open_one = Proposal.objects.filter(area=area, monday=monday, ended_at=None)
    open_one.filter(asked_at__lt=now - GIVEN_UP_AFTER).update(ended_at=now, result={"state": ENDED})
    if already := open_one.first():
        return already, True
    problem = week_of(area, monday, now=now).problem
    if len(problem.stops) > MOST_STOPS or len(problem.crews) > MOST_TEAMS:
        raise ValidationError(_("This area is too large to be planned at once. Choose a part."))
    proposal = Proposal.objects.create(area_id=area, monday=monday, asked_by=by)
    large = is_large(problem)
    if large:
        begin(JOB, proposal_id=proposal.pk)
    details = {"monday": monday.isoformat()}
    trace(by=by, verb="outreach.week_proposed", subject=proposal.pk, area=area, details=details)
    return proposal, large


def make(*, proposal: int, tell: Tell | None = None) -> Proposal:
    """Plan a week that was asked for, and store the plan; the doer is the site for who asked.

    `tell` hears how far it is and ends it by raising, which is noted and passed on.
    """
    # Every process brings this module along, and few plan a week: OR-Tools is not loaded before.
    from cacah.outreach.planning.solver import propose

    asked = Proposal.objects.get(pk=proposal)
    if asked.ended_at is not None:
        return asked
    try:
        week = week_of(asked.area_id, asked.monday, now=timezone.now())
        plan = propose(week.problem, tell=tell)
        result = _result(week, plan)
        stored = store(proposal=asked.pk, week=week, plan=plan)
    except BaseException:
        _end(asked, {"state": ENDED})
        raise
    _end(asked, {**result, "state": STORED if stored else CHANGED})
    return asked


@transaction.atomic
def store(*, proposal: int, week: Week, plan: Plan) -> bool:
    """Write a plan into the week that it was made for; False where the week has changed since."""
    asked = Proposal.objects.select_for_update().get(pk=proposal)
    held = hold_teams(teams_in(asked.area_id).values_list("pk", flat=True))
    Visit.objects.select_for_update().filter(pk__in=week.visits).order_by("pk").count()
    now = week_of(asked.area_id, asked.monday, now=timezone.now())
    if asked.ended_at is not None or now.seal != week.seal:
        return False
    touched: dict[tuple[int, date], list[Visit]] = {}
    for planned in plan.visits:
        if visit := now.visits.get(planned.stop):
            day = asked.monday + timedelta(days=planned.day)
            touched.setdefault((planned.crew, day), []).append(visit)
            _plan(visit, planned, held[planned.crew], day)
    for stop in plan.left_out:
        _leave_out(now.visits[stop], asked.monday)
    for (team, day), visits in touched.items():
        settle(held[team], day, visits)
    return True


def _plan(visit: Visit, planned: Planned, team: Team, day: date) -> None:
    """Put a visit where the plan has it; one that stays there is not touched."""
    if (visit.team_id, visit.day) == (team.pk, day):
        return
    visit.team, visit.day, visit.starts_at = team, day, time_at(planned.begins)
    # Beyond every other place: the day is put in order when all are there.
    visit.position, visit.version = 10_000 + visit.pk % 10_000, visit.version + 1
    visit.save(update_fields=["team", "day", "starts_at", "position", "version"])


def _leave_out(visit: Visit, monday: date) -> None:
    """Have a visit wait that found no place; an event keeps its day."""
    if visit.team_id is None:
        return
    visit.team = visit.day = visit.starts_at = visit.position = None
    visit.version += 1
    visit.save(update_fields=["team", "day", "starts_at", "position", "version"])


def _result(week: Week, plan: Plan) -> dict[str, Any]:
    """Return what a proposal tells of itself; ids of visits and teams, no names."""
    table = Timetable(week.problem)
    many = table.visits({n: [] for n in range(len(table.shifts))})
    counted = {stop.id for stop in week.problem.stops if stop.counts}
    for planned in plan.visits:
        many[table.crew_of[planned.crew]] += planned.stop in counted
    return {
        "planned": sum(many),
        "left_out": len(plan.left_out),
        "travel": plan.travel,
        "by": plan.by,
        "teams": {crew.id: n for crew, n in zip(week.problem.crews, many, strict=True)},
        "findings": [asdict(finding) for finding in explain(week.problem, plan)],
    }


def _end(asked: Proposal, result: dict[str, Any]) -> None:
    asked.ended_at, asked.result = timezone.now(), result
    Proposal.objects.filter(pk=asked.pk).update(ended_at=asked.ended_at, result=result)
