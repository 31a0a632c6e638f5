"""A rehearsal of the week in Kupang: six teams, 63 institutions, half of them visited by now.

In 2020 six teams visited 63 institutions there in a week, 10 to 11 each. The names are made up as a
town has them, and so are the people on the rosters, who live outside the rehearsal's register.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from faker import Faker

from cacah.areas.models import Area
from cacah.institutions.actions import NewInstitution, Person, add_entries, add_institution
from cacah.institutions.models import Institution
from cacah.outreach.actions import plan, proposals, sessions, stock
from cacah.outreach.actions.destinations import describe
from cacah.outreach.actions.teams import add_member, add_team
from cacah.outreach.models import GuidedSession, Place, Team, Visit, VisitState
from cacah.outreach.queries.sessions import open_sessions
from cacah.rehearsal.families import Family
from cacah.rehearsal.kupang_offices import DISTRICTS, MIDDLES, OFFICES, TOWN
from cacah.rehearsal.province import SEED, recognise
from cacah.staff.models import Officer

# No institution of a real census has such a code.
CODE = "kupang-rehearsal"
WEEK = timedelta(days=7)
WEEKEND = 5
# Institutions lie around the middle of a district, so many degrees off at most.
AROUND = 0.02
SMALLEST, LARGEST = 6, 60
VISITS_A_WEEK = 11
# Every so many-th visit that was due did not take place.
MISSED = 9
PENS, NOTEBOOKS = 600, 250


def hold_week(
    families: Sequence[Family], *, by: Officer, teams: Sequence[Officer], host: Officer
) -> None:
    """Have the week planned and done up to now, souvenirs in stock and a session open.

    `teams`: the leader of each team; `host` opens the session, where the families live.
    Safe to repeat. Raises NotARehearsal.
    """
    recognise(families)
    if not Team.objects.filter(area=TOWN).exists():
        _found_town(by)
        for number, leader in enumerate(teams):
            _form_team(number, leader, by)
        _plan_week(by)
        _fill_stores(by)
    _live_until_now(by)
    _open_session(host)


@transaction.atomic
def _found_town(by: Officer) -> None:
    drawn, names = Random(SEED), Faker("id_ID")  # noqa: S311
    names.seed_instance(SEED)
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
        staff = min(LARGEST, int(SMALLEST * drawn.paretovariate(1.1)))
        people = [_person(number, n, names.name()) for n in range(staff)]
        add_entries(by=by, institution=made.pk, people=people)
        _place(made, where, drawn, by)


def _person(office: int, number: int, name: str) -> Person:
    born = f"{1 + number % 28:02}{1 + office % 12:02}{60 + number % 40:02}"
    return Person(f"{TOWN}{1 + office % 6:02}{born}{office * 100 + number:04}"[:16], name)


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
        working_days=[1 + (_first_day() + n) % 7 for n in range(5)],
        visits_per_week=VISITS_A_WEEK,
    )
    made = add_team(by=by, new=team)
    yesterday = timezone.localdate() - WEEK
    add_member(by=by, team=made.pk, officer=leader, from_day=yesterday)


def _first_day() -> int:
    """Return the weekday on which the week's five days begin: Monday, or so that today is one."""
    return max(0, min(2, timezone.localdate().weekday() - WEEKEND + 2))


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


def _live_until_now(by: Officer) -> None:
    """Let what was due have taken place, but for every ninth visit, which waits for another day."""
    now = timezone.localtime()
    due = Visit.objects.filter(area=TOWN, state=VisitState.PLANNED, day__isnull=False)
    for visit in due.order_by("day", "starts_at", "pk"):
        if visit.day is None or _ends(visit) > now:
            continue
        if visit.pk % MISSED == 0:
            plan.cancel(by=by, visit=visit.pk, version=visit.version, reason="absent", again=True)
            continue
        for state in (VisitState.UNDER_WAY, VisitState.DONE):
            plan.set_state(by=by, visit=visit.pk, state=state)


def _ends(visit: Visit) -> datetime:
    began = datetime.combine(visit.day or date.max, visit.starts_at or time(8))
    return timezone.make_aware(began) + timedelta(minutes=visit.minutes)


def _fill_stores(by: Officer) -> None:
    for area, name in ((TOWN, "Kantor Kota Kupang"), ("3325", "Aula Kabupaten Batang")):
        place = stock.add_place(by=by, name=name, area=Area.objects.get(pk=area))
        stock.receive(by=by, place=place.pk, kind="Pulpen", pieces=PENS)
        stock.receive(by=by, place=place.pk, kind="Buku catatan", pieces=NOTEBOOKS)
    car = stock.add_place(by=by, name="Mobil Tim Oebobo", area=Area.objects.get(pk=TOWN))
    store = Place.objects.get(area=TOWN, name="Kantor Kota Kupang")
    pens = store.moves.filter(item__kind="Pulpen").values_list("item", flat=True)[0]
    stock.transfer(by=by, place=store.pk, to=car.pk, item=pens, pieces=PENS // 6)


def _open_session(by: Officer) -> None:
    """Open a session that can be joined, unless one is open still."""
    if open_sessions():
        return
    hall = GuidedSession(title="Aula Kabupaten Batang", area=Area.objects.get(pk="3325"))
    sessions.open_session(by=by, new=hall)


def _this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
