"""Verbs of invitations: make links for an institution and its people, count that one was opened."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from cacah.collection.numbers import ALPHABET
from cacah.institutions.models import Institution, RosterEntry
from cacah.outreach.models import Invitation, InvitationKind
from cacah.staff.actions import trace
from cacah.staff.models import Officer

# Fifty bits: nobody hits upon another's link.
SYMBOLS = 10
AT_ONCE = 2000


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
def invite_people(*, by: Officer, institution: Institution, units: Sequence[int]) -> int:
    """Make a link of their own for all on the rosters of these units; return how many are new.

    Whoever has one keeps it. `units` are the institution itself and those below it.
    """
    invited = Invitation.objects.filter(entry__isnull=False).values("entry")
    left = RosterEntry.objects.filter(institution__in=units, removed_at=None)
    found = left.exclude(pk__in=invited).values_list("pk", "institution", "institution__area")
    made = [
        Invitation(
            code=_code(),
            kind=InvitationKind.PERSON,
            entry_id=entry,
            institution_id=unit,
            area_id=area,
        )
        for entry, unit, area in found
    ]
    # Two who ask at the same moment make each link once.
    Invitation.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)
    _trace(by, "invitations_made", institution, people=len(made))
    return len(made)


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
