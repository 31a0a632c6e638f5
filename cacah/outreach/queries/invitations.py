"""How often invitations were opened, and how many families answered by them, never which."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from cacah.institutions.models import Institution, RosterEntry
from cacah.outreach.models import Invitation, InvitationKind
from cacah.registry.models import Case

# Families are told in fives, so that nobody sees in a figure that one more has answered.
STEP = 5


def own(institution: Institution) -> Invitation | None:
    """Return the link of an institution as a whole."""
    return Invitation.objects.filter(
        kind=InvitationKind.INSTITUTION, institution=institution
    ).first()


def of_entries(entries: Sequence[int]) -> dict[int, Invitation]:
    """Return the links of people by their place on a roster."""
    found = Invitation.objects.filter(entry__in=entries)
    return {each.entry_id: each for each in found if each.entry_id is not None}


def of_people(units: Sequence[int]) -> QuerySet[Invitation]:
    """Return the links of all people on the rosters of these institutions."""
    return Invitation.objects.filter(entry__institution__in=units, entry__removed_at=None)


def people_on(units: Sequence[int]) -> int:
    """Return how many people stand on the rosters of these institutions."""
    return RosterEntry.objects.filter(institution__in=units, removed_at=None).count()


def families(invitations: QuerySet[Invitation]) -> int:
    """Return how many families answered by one of these, rounded down to fives."""
    found = Case.objects.filter(invitation__in=invitations.values("code"), revision__gt=0)
    return _told(found.count())


def families_of_each(codes: Sequence[str]) -> dict[str, int]:
    """Return by code how many families answered by it, rounded down to fives."""
    found = Case.objects.filter(invitation__in=codes, revision__gt=0)
    counted = dict(found.values_list("invitation").annotate(n=Count("pk")).order_by())
    return {code: _told(counted.get(code, 0)) for code in codes}


def _told(many: int) -> int:
    return many // STEP * STEP
