"""A rehearsal of the week in Kupang: six teams, 63 institutions, half of them visited by now.

In 2020 six teams visited 63 institutions there in a week, 10 to 11 each. The names are made up as a
town has them. Of the people on the rosters most are of the rehearsal's families there, and answer
in the guided sessions of the visits that are over (guided.py). The week before, each team has tried
it out at one institution, and there was a mass filling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from faker import Faker

from cacah.areas.models import Area
from cacah.institutions.actions import NewInstitution, add_entries, add_institution
from cacah.institutions.models import Institution
from cacah.outreach.actions import plan, proposals, sessions, stock
from cacah.outreach.actions.destinations import describe
from cacah.outreach.actions.teams import add_member, add_team
from cacah.outreach.models import GuidedSession, Place, Proposal, Team, Visit, VisitKind, VisitState
from cacah.outreach.queries.sessions import open_sessions
from cacah.rehearsal import giving
from cacah.rehearsal.families import Family
from cacah.rehearsal.guided import hold_session, span_of
from cacah.rehearsal.kupang_offices import DISTRICTS, MIDDLES, OFFICES, TOWN
from cacah.rehearsal.kupang_staff import staff_of_offices
from cacah.rehearsal.life import Life, awake, hurried
from cacah.rehearsal.province import SEED
from cacah.staff.models import Officer

# No institution of a real census has such a code.
CODE = "kupang-rehearsal"
WEEK = timedelta(days=7)
FIRST, LAST = 1, 7
# Institutions lie around the middle of a district, so many degrees off at most.
AROUND = 0.02
VISITS_A_WEEK = 11
# Every so many-th visit that was due did not take place.
MISSED = 7
PENS, NOTEBOOKS = 600, 250
STORE, CAR, CAR_OF = "Kantor Kota Kupang", "Mobil Tim Oebobo", "Tim Oebobo"
# Where the teams tried it out, by the place in `OFFICES`, and on which day before this Monday.
TRIED = ((1, 5), (9, 5), (22, 5), (33, 4), (41, 4), (52, 4))
HALL, HALL_DAYS_BEFORE, HALL_FIRST = "Aula Wali Kota Kupang", 3, 50
HALL_CAME = 90
HALL_COST, VISIT_COSTS = 1_750_000, (125_000, 150_000, 175_000, 225_000, 300_000)


@dataclass(frozen=True, slots=True)
class Town:
    """The rehearsal's families as they stand, who works in which institution, and who plans."""

    life: Life
    # By institution, families by their places among the rehearsal's, None for one without.
    people: dict[int, list[int | None]]
    by: Officer


def hold_week(
    families: Sequence[Family], *, by: Officer, teams: Sequence[Officer], host: Officer
) -> None:
    """Have the week planned and done up to now, with its sessions, and a session open.

    `teams`: the leader of each team; `host` opens the session, where the families live.
    Safe to repeat. Raises NotARehearsal, NoCensus.
    """
    life = awake(families, seed=SEED)
    is_new = not Team.objects.filter(area=TOWN).exists()
    if is_new:
        _found_town(families, by)
        for number, leader in enumerate(teams):
            _form_team(number, leader, by)
        _fill_stores(by)
    town = Town(life, _people(families), by)
    with hurried():
        if is_new:
            _try_it_out(town)
            _fill_the_hall(town, families)
            _plan_week(by)
        _live_until_now(town)
    _open_session(host)


@transaction.atomic
def _found_town(families: Sequence[Family], by: Officer) -> None:
    drawn, names = Random(SEED), Faker("id_ID")  # noqa: S311
    names.seed_instance(SEED)
    staff = staff_of_offices(families)
    for number, (name, kind) in enumerate(OFFICES):
        where = drawn.randrange(len(DISTRICTS))
        new = NewInstitution(
            name=name,
            kind=kind,
            area=TOWN,
            obliged=True,
            more={
                "code": f"{CODE}-{number:02}",
                "address": f"Jalan {names.last_name()} {number + 1}",
            },
        )
        made = add_institution(by=by, new=new)
        add_entries(by=by, institution=made.pk, people=[each.person for each in staff[number]])
        _place(made, where, drawn, by)


def _people(families: Sequence[Family]) -> dict[int, list[int | None]]:
    """Return the families of each institution's people, each once, by institution."""
    found = Institution.objects.filter(code__startswith=CODE).values_list("code", "pk")
    ids = dict(found)
    people = {}
    for number, staff in enumerate(staff_of_offices(families)):
        here = dict.fromkeys(each.family for each in staff if each.family is not None)
        strangers = [None for each in staff if each.family is None]
        mixed: list[int | None] = [*here, *strangers]
        Random(number).shuffle(mixed)  # noqa: S311
        people[ids[f"{CODE}-{number:02}"]] = mixed
    return people


def _place(made: Institution, district: int, drawn: Random, by: Officer) -> None:
    latitude, longitude = MIDDLES[district]
    describe(
        by=by,
        institution=made,
        latitude=latitude + drawn.uniform(-AROUND, AROUND),
        longitude=longitude + drawn.uniform(-AROUND, AROUND),
        opens=time(drawn.choice((7, 8, 8, 8, 9))),
        closes=time(drawn.choice((14, 15, 16, 16))),
    )


def _form_team(number: int, leader: Officer, by: Officer) -> None:
    latitude, longitude = MIDDLES[number]
    team = Team(
        name=f"Tim {DISTRICTS[number]}",
        area_id=TOWN,
        base_address=f"Kantor Kecamatan {DISTRICTS[number]}",
        base_latitude=latitude,
        base_longitude=longitude,
        working_days=_working_days(),
        visits_per_week=VISITS_A_WEEK,
    )
    made = add_team(by=by, new=team)
    add_member(by=by, team=made.pk, officer=leader, from_day=_this_monday() - WEEK)


def _working_days() -> list[int]:
    """Return the weekdays on which teams go out, Monday as 1: today is the second, if it can be.

    A plan fills the first days, so that of whole weeks begun on Monday nothing would be left on a
    Thursday.
    """
    first = min(max(FIRST, timezone.localdate().isoweekday() - 1), LAST - 2)
    return [*range(first, min(first + 5, LAST + 1))]


def _try_it_out(town: Town) -> None:
    """Let each team have been at one institution last week, in the morning."""
    codes = [f"{CODE}-{number:02}" for number, _days in TRIED]
    found = Institution.objects.filter(code__in=codes).order_by("code")
    chosen = {each.pk for each in found}
    made = plan.want_visits(by=town.by, area=TOWN, institutions=chosen)
    waiting = sorted(made, key=lambda visit: visit.institution_id or 0)
    teams = Team.objects.filter(area=TOWN).order_by("pk")
    for visit, team, (_number, days) in zip(waiting, teams, TRIED, strict=False):
        visit.team, visit.day = team, _this_monday() - timedelta(days=days)
        visit.starts_at, visit.position = time(9), 1
        _take_place(town, visit)


def _fill_the_hall(town: Town, families: Sequence[Family]) -> None:
    """Let there have been a mass filling last Friday, with a souvenir for the first fifty."""
    new = Visit(kind=VisitKind.EVENT, title=HALL, area_id=TOWN, address="Jalan S. K. Lerik 1")
    visit = plan.add_visit(by=town.by, new=new)
    visit.team = Team.objects.filter(area=TOWN).order_by("pk")[2]
    visit.day = _this_monday() - timedelta(days=HALL_DAYS_BEFORE)
    visit.starts_at, visit.position, visit.minutes = time(9), 1, 180
    visit.cost = HALL_COST
    staff = {n for people in town.people.values() for n in people}
    here = [n for n, each in enumerate(families) if each.village.startswith(TOWN)]
    neighbours = [n for n in here if n not in staff]
    came = Random(SEED).sample(neighbours, min(len(neighbours), HALL_CAME))  # noqa: S311
    _take_place(town, visit, came)
    store = Place.objects.get(area=TOWN, name=STORE)
    giving.hand_out(visit, place=store, kind="Buku catatan", most=HALL_FIRST, by=town.by)
    giving.hand_out_again(
        visit, place=Place.objects.get(area=TOWN, name=CAR), kind="Pulpen", by=town.by
    )


def _plan_week(by: Officer) -> None:
    """Have next week planned as an office does, and let it be this one: no past day is planned."""
    monday = _this_monday() + WEEK
    wanted = Institution.objects.filter(area=TOWN, parent=None).values_list("pk", flat=True)
    plan.want_visits(by=by, area=TOWN, institutions=set(wanted))
    proposal, is_large = proposals.ask(by=by, area=TOWN, monday=monday)
    if not is_large:
        proposals.make(proposal=proposal.pk)
    planned = Visit.objects.filter(area=TOWN, day__gte=monday, day__lt=monday + WEEK)
    planned.update(day=F("day") - WEEK)
    Proposal.objects.filter(pk=proposal.pk).update(monday=F("monday") - WEEK)


def _live_until_now(town: Town) -> None:
    """Let what was due have taken place, but for every seventh visit, which waits anew."""
    now = timezone.now()
    due = Visit.objects.filter(area=TOWN, state=VisitState.PLANNED, day__isnull=False)
    in_order = due.order_by("day", "starts_at", "pk").values_list("pk", flat=True)
    for number, pk in enumerate(in_order):
        # As it stands now: the rest of a day moves up where a visit does not take place.
        visit = Visit.objects.select_related("team").get(pk=pk)
        if visit.starts_at is None or span_of(visit)[1] > now:
            continue
        if number % MISSED == MISSED - 1:
            plan.cancel(
                by=town.by, visit=visit.pk, version=visit.version, reason="absent", again=True
            )
            continue
        _take_place(town, visit)


def _take_place(town: Town, visit: Visit, people: Sequence[int | None] = ()) -> None:
    """Let a visit have begun and ended as planned, with its session and, of one team, souvenirs."""
    visit.began_at, visit.ended_at = span_of(visit)
    visit.state = VisitState.DONE
    drawn = Random(f"{SEED} {visit.title} {visit.day}")  # noqa: S311
    visit.cost = visit.cost or drawn.choice(VISIT_COSTS)
    visit.version += 1
    visit.save()
    there = people or town.people.get(visit.institution_id or 0, [])
    hold_session(town.life, visit, there, by=town.by, rng=drawn)
    if visit.team and visit.team.name == CAR_OF and visit.kind == VisitKind.VISIT:
        car = Place.objects.get(area=TOWN, name=CAR)
        giving.hand_out(visit, place=car, kind="Pulpen", most=10, by=town.by, offline=True)


def _fill_stores(by: Officer) -> None:
    for area, name in ((TOWN, STORE), ("3325", "Aula Kabupaten Batang")):
        place = stock.add_place(by=by, name=name, area=Area.objects.get(pk=area))
        stock.receive(by=by, place=place.pk, kind="Pulpen", pieces=PENS)
        stock.receive(by=by, place=place.pk, kind="Buku catatan", pieces=NOTEBOOKS)
    car = stock.add_place(by=by, name=CAR, area=Area.objects.get(pk=TOWN))
    store = Place.objects.get(area=TOWN, name=STORE)
    pens = store.moves.filter(item__kind="Pulpen").values_list("item", flat=True)[0]
    stock.transfer(by=by, place=store.pk, to=car.pk, item=pens, pieces=PENS // 6)
    teams = list(Team.objects.filter(area=TOWN))
    stock.set_teams(by=by, place=store.pk, teams=teams)
    stock.set_teams(by=by, place=car.pk, teams=[team for team in teams if team.name == CAR_OF])


def _open_session(by: Officer) -> None:
    """Open a session that can be joined, unless one is open still."""
    if open_sessions():
        return
    hall = GuidedSession(title="Aula Kabupaten Batang", area=Area.objects.get(pk="3325"))
    sessions.open_session(by=by, new=hall)


def _this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
