"""Verbs for one person on a roster: exempt, ask again, put into another unit."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cacah.institutions import queries
from cacah.institutions.actions import locks
from cacah.institutions.actions.following import settle
from cacah.institutions.actions.roster import count
from cacah.institutions.models import Exemption, Institution, RosterEntry, Standing
from cacah.staff.actions import trace
from cacah.staff.models import Officer


@transaction.atomic
def exempt(*, by: Officer, institution: int, entry: int, reason: str) -> None:
    """Ask a person on the rosters of an institution's subtree no more.

    Raises RosterEntry.DoesNotExist for somebody else's, ValidationError for an unknown reason.
    """
    if reason not in Exemption.values:
        raise ValidationError({"reason": _("Choose why this person is exempt.")})
    found = held_entry(institution=institution, entry=entry)
    RosterEntry.objects.filter(pk=entry).update(state=Standing.EXEMPT, exempt_reason=reason)
    count(institutions=[found.institution_id])
    trace_entry(by, "exempted", found, reason=reason)


@transaction.atomic
def ask_again(*, by: Officer, institution: int, entry: int) -> None:
    """Undo `exempt`: the person stands where his or her household does.

    Raises RosterEntry.DoesNotExist.
    """
    found = held_entry(institution=institution, entry=entry)
    if found.exempt_reason:
        RosterEntry.objects.filter(pk=entry).update(state=Standing.NOT_FOUND, exempt_reason="")
        stand(found)
        trace_entry(by, "asked_again", found, reason=found.exempt_reason)


@transaction.atomic
def move_entry(*, by: Officer, institution: int, entry: int, unit: int) -> None:
    """Put a person on the roster of another unit of the same institution.

    Raises RosterEntry.DoesNotExist, Institution.DoesNotExist where the unit is not in the subtree,
    ValidationError where the person stands on that roster already.
    """
    target = queries.subtree(institution).get(pk=unit)
    found = held_entry(institution=institution, entry=entry, also=unit)
    if found.institution_id == unit:
        return
    same = RosterEntry.objects.filter(institution=unit, nik_digest=found.nik_digest)
    if same.filter(removed_at=None).exists():
        raise ValidationError({"unit": _("This person stands on that unit's roster already.")})
    same.delete()
    RosterEntry.objects.filter(pk=entry).update(institution=target)
    count(institutions=[found.institution_id, unit])
    trace_entry(by, "person_moved", found, unit=unit)


@transaction.atomic
def restore_entry(*, by: Officer, institution: int, entry: int) -> None:
    """Undo the removal of a person, who comes back as he or she was.

    Raises RosterEntry.DoesNotExist, also once the person's words are forgotten.
    """
    found = held_entry(institution=institution, entry=entry, removed=True)
    RosterEntry.objects.filter(pk=entry).update(removed_at=None, added_at=Now())
    stand(found)
    trace_entry(by, "person_restored", found)


def held_entry(
    *, institution: int, entry: int, also: int | None = None, removed: bool = False
) -> RosterEntry:
    """Lock a person's roster, and another one; return the entry, which is of the subtree.

    Raises RosterEntry.DoesNotExist.
    """
    units = queries.subtree(institution).values("pk")
    wanted = RosterEntry.objects.filter(
        pk=entry, institution__in=units, removed_at__isnull=not removed
    )
    of = wanted.values_list("institution_id", flat=True).get()
    locks.hold_rosters([of, *([also] if also else [])])
    return wanted.select_related("institution").get(institution=of)


def stand(entry: RosterEntry) -> None:
    """Store where the entry's households are, and count its roster; its roster is locked."""
    settle(entries=[entry.pk])
    count(institutions=[entry.institution_id])


def trace_entry(by: Officer, verb: str, entry: RosterEntry, **details: object) -> None:
    """Keep the trace of what was done to a person, who is named by the entry's number only."""
    institution: Institution = entry.institution
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=institution.pk,
        area=institution.area_id or "",
        details={"entry": entry.pk, **details},
    )
