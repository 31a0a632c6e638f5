"""The cast of outreach's tests: teams, where they may go, and visits, each made in one line."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from cacah.institutions.actions import NewInstitution, add_institution
from cacah.institutions.models import Institution, Participation
from cacah.outreach.models import Destination, Membership, Team, Visit
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer

KUPANG = "5371"
# A Monday of the future, whenever the tests run.
MONDAY = date(2099, 2, 16)
_numbers = count(1)


def team(name: str = "", where: str = KUPANG, *members: Officer, **more: Any) -> Team:
    """Return a team that works there, with these members since yesterday."""
    number = next(_numbers)
    made = Team.objects.create(
        name=name or f"Tim {number}", area=area(where), feed_key=f"feed-key-{number}", **more
    )
    for member in members:
        belongs(made, member)
    return made


def belongs(where: Team, member: Officer, *, until: date | None = None) -> Membership:
    """Make an officer a member of a team since yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return Membership.objects.create(
        team=where, officer=member, from_day=yesterday, until_day=until
    )


def institution(name: str = "", where: str = KUPANG, *, left: int = 0, **more: Any) -> Institution:
    """Return an institution with so many people of its own roster who are not yet complete.

    What is said besides (`latitude`, `opens`, …) becomes its destination.
    """
    name = name or f"Dinas {next(_numbers)}"
    new = NewInstitution(
        name=name, kind="department", area=area(where).pk, more={"address": f"Jalan {name}"}
    )
    made = add_institution(by=None, new=new)
    Participation.objects.filter(pk=made.pk).update(not_yet=left)
    if more:
        Destination.objects.create(institution=made, **more)
    return made


def visit(to: Institution | None = None, by: Team | None = None, **more: Any) -> Visit:
    """Return a visit: one that waits, or in the day of a team (the cast's Monday, last place)."""
    to = to or institution()
    fields: dict[str, Any] = {"title": to.name, "area": to.area, "institution": to} | more
    if by is not None:
        fields = {"day": MONDAY} | fields
        before = Visit.objects.filter(team=by, day=fields["day"]).count()
        fields = {"team": by, "position": before + 1} | fields
    return Visit.objects.create(**fields)


def member_of(*teams: Team) -> Officer:
    """Return an officer who has been in these teams since yesterday."""
    who = officer("team", KUPANG)
    for each in teams:
        belongs(each, who)
    return who


def text(answer: Any) -> str:
    """Return the words of a page that was shown."""
    assert answer.status_code == 200, answer.status_code
    found: str = answer.content.decode()
    return found
