"""Bounds how many people come onto a tree's rosters and leave them at once.

Whoever puts a stranger's NIK on a roster sees how far that stranger is. No rule can tell a stranger
from a new colleague; but strangers leave again, or the roster would show them. So at most so many
people a day may leave the rosters of one tree who came within the last seven days. Officers above
are told when it is more, and may allow it: a wrong file happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from cacah.institutions.models import Institution, Turnover
from cacah.staff.actions import trace
from cacah.staff.models import Officer

KEPT_AFTER = timedelta(days=7)
DAY = timedelta(days=1)
# Of everybody on the tree's rosters, one in so many may leave so soon, where that is more.
SHARE = 50
# Whoever only moved to another unit of the tree has not left it.
_LEFT = """
SELECT count(DISTINCT e.nik_digest)
FROM institutions_rosterentry e JOIN institutions_institution i ON i.id = e.institution_id
WHERE e.removed_at > %(since)s AND e.removed_at < e.added_at + %(kept)s AND i.path LIKE %(tree)s
    AND NOT EXISTS (
        SELECT FROM institutions_rosterentry o
        JOIN institutions_institution j ON j.id = o.institution_id
        WHERE o.nik_digest = e.nik_digest AND o.removed_at IS NULL AND j.path LIKE %(tree)s
    )
"""
_ON_ROSTERS = """
SELECT coalesce(sum(complete + opened + not_yet + not_found + exempt), 0)
FROM institutions_participation p JOIN institutions_institution i ON i.id = p.institution_id
WHERE i.path LIKE %(tree)s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many have come and left within a day, and how many may."""

    left: int
    most: int


class TooManyLeave(Exception):
    """Raised where more people who had only just come would leave than may; nothing is changed."""

    def __init__(self, institution: int, standing: Standing) -> None:
        super().__init__(f"{standing.left} of {standing.most}")
        self.institution, self.standing = institution, standing

    @property
    def problem(self) -> dict[str, Any]:
        """What files.problems.FILES has a sentence for."""
        return {
            "code": "too-many-leave",
            "people": self.standing.left,
            "most": self.standing.most,
        }


def standing_of(*, top: int) -> Standing:
    """Return how a tree stands today; `top` is the institution on top of it."""
    values: dict[str, Any] = {
        "since": timezone.now() - DAY,
        "kept": KEPT_AFTER,
        "tree": f"/{top}/%",
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, values)
        (left,) = cursor.fetchone() or (0,)
        cursor.execute(_ON_ROSTERS, values)
        (people,) = cursor.fetchone() or (0,)
    allowed = Turnover.objects.filter(institution=top, allowed_at__gt=values["since"]).first()
    most = max(settings.CACAH_ROSTER_TRIALS, int(people) // SHARE)
    return Standing(int(left), most + (allowed.allowed_people if allowed else 0))


@contextmanager
def bounded(*, by: Officer | None, institution: int) -> Iterator[None]:
    """Be a transaction that is taken back where too many leave: it raises TooManyLeave then.

    The site's own commands (`by` is None) are not bounded.
    """
    try:
        with transaction.atomic():
            yield
            if by is not None:
                _refuse(institution)
    except TooManyLeave as refused:
        if by is not None:
            _note(by, refused)
        raise


def _refuse(institution: int) -> None:
    path = Institution.objects.values_list("path", flat=True).get(pk=institution)
    top = int(path.split("/")[1])
    # One after the other, or many at once would each see too little. Nothing is waited for after
    # this, so nobody waits in a ring.
    Institution.objects.select_for_update(no_key=True).get(pk=top)
    standing = standing_of(top=top)
    if standing.left > standing.most:
        raise TooManyLeave(top, standing)


@transaction.atomic
def _note(by: Officer, refused: TooManyLeave) -> None:
    """Keep what was refused, for the officers above."""
    people = refused.standing.left
    Turnover.objects.update_or_create(
        institution_id=refused.institution,
        defaults={"refused_at": Now(), "refused_people": people},
    )
    _trace(by, "leaving_refused", refused.institution, people=people, most=refused.standing.most)


@transaction.atomic
def allow_leaving(*, by: Officer, institution: int, people: int) -> None:
    """Let so many more leave the rosters of a tree within a day than may.

    Raises Institution.DoesNotExist where it is closed, or not on top of a tree.
    """
    top = Institution.objects.get(pk=institution, parent=None, closed_at=None)
    Turnover.objects.update_or_create(
        institution=top, defaults={"allowed_at": Now(), "allowed_people": people}
    )
    _trace(by, "leaving_allowed", institution, people=people)


def _trace(by: Officer, verb: str, institution: int, **details: int) -> None:
    area = Institution.objects.values_list("area_id", flat=True).get(pk=institution)
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=institution,
        area=area or "",
        details=details,
    )
