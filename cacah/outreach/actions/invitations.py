"""Verbs of invitations: make links for an institution and its people, count that one was opened."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from cacah.collection.numbers import ALPHABET
from cacah.institutions.models import Institution, RosterEntry
from cacah.institutions.queries import is_within, subtree
from cacah.outreach.models import Invitation, InvitationKind
from cacah.staff.actions import trace
from cacah.staff.models import Officer
from cacah.staff.queries import scope_of
from cacah.staff.roles import Permission
from cacah.staff.work.actions import begin
from cacah.staff.work.queries import open_job

JOB = "outreach.invite_people"
# Fifty bits: nobody hits upon another's link.
SYMBOLS = 10
# So many are made in one transaction, and while somebody waits.
AT_ONCE = 2000


class Tell(Protocol):
    """Hears how far it is; ends it by raising."""

    def __call__(self, *, done: int, of: int = 0) -> None: ...


def _silent(*, done: int, of: int = 0) -> None:
    """Tell nobody."""


@transaction.atomic
def invite(*, by: Officer, institution: Institution) -> Invitation:
    """Return the link of an institution as a whole, made now where there is none."""
    fields = {"code": _code(), "area": institution.area}
    made, is_new = Invitation.objects.get_or_create(
        kind=InvitationKind.INSTITUTION, institution=institution, defaults=fields
    )
    if is_new:
        _trace(by, "invitation_made", institution)
    return made


@transaction.atomic
def ask_for_links(*, by: Officer, institution: Institution, units: Sequence[int]) -> int | None:
    """Make a link of their own for all on the rosters of these units; return how many are new.

    Where that takes longer than somebody waits a job makes them: None, also while one does.
    """
    Institution.objects.select_for_update().get(pk=institution.pk)
    if open_job(JOB, institution_id=institution.pk):
        return None
    if _without(units).count() <= AT_ONCE:
        return invite_people(by=by, institution=institution, units=units)
    begin(JOB, institution_id=institution.pk, officer_id=by.pk)
    return None


def make_asked(*, institution: int, officer: int, tell: Tell) -> int:
    """Make the links that an officer has asked for, if he or she may still; return how many.

    What is made stays where the job is ended, and whoever asks again gets the rest.
    """
    by, of = Officer.objects.get(pk=officer), Institution.objects.get(pk=institution)
    roots = scope_of(by).institutions(Permission.MANAGE_ROSTER)
    if of.closed_at or by.suspended_at or not is_within(of, roots):
        return 0
    units = list(subtree(institution).values_list("pk", flat=True))
    return invite_people(by=by, institution=of, units=units, tell=tell)


def invite_people(
    *, by: Officer, institution: Institution, units: Sequence[int], tell: Tell = _silent
) -> int:
    """Make a link of their own for all on the rosters of these units; return how many are new.

    Whoever has one keeps it. `units` are the institution itself and those below it. They are made
    some thousands at a time, each with its line in the trail; `tell` may end it by raising.
    """
    of, done = _without(units).count(), 0
    while made := _invite_some(by, institution, units):
        done += made
        tell(done=done, of=max(of, done))
    return done


@transaction.atomic
def _invite_some(by: Officer, institution: Institution, units: Sequence[int]) -> int:
    found = _without(units).values_list("pk", "institution", "institution__area")
    made = [
        Invitation(
            code=_code(),
            kind=InvitationKind.PERSON,
            entry_id=entry,
            institution_id=unit,
            area_id=area,
        )
        for entry, unit, area in found.order_by("pk")[:AT_ONCE]
    ]
    if made:
        # Two who ask at the same moment make each link once.
        Invitation.objects.bulk_create(made, ignore_conflicts=True)
        _trace(by, "invitations_made", institution, people=len(made))
    return len(made)


def _without(units: Sequence[int]) -> QuerySet[RosterEntry]:
    """Return the people on the rosters of these units who have no link yet."""
    invited = Invitation.objects.filter(entry=OuterRef("pk"))
    left = RosterEntry.objects.filter(institution__in=units, removed_at=None)
    return left.filter(~Exists(invited))


def opened(*, code: str) -> None:
    """Count that an invitation was opened; of whoever opens it nothing is kept."""
    Invitation.objects.filter(code=code).update(opened=F("opened") + 1)


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))


def _trace(by: Officer, verb: str, institution: Institution, **details: object) -> None:
    trace(
        by=by,
        verb=f"outreach.{verb}",
        subject=institution.pk,
        area=institution.area_id or "",
        details=details,
    )
