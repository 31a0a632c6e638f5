"""Adds an institution and invites its coordinator in one step: both, or neither."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cacah.institutions.actions import locks
from cacah.institutions.actions.tree import NewInstitution, add_institution
from cacah.institutions.models import Institution
from cacah.staff.actions import invite
from cacah.staff.appointing import Appointment
from cacah.staff.models import Officer
from cacah.staff.roles import Role


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Who is to look after an institution's roster."""

    email: str
    name: str
    phone: str = ""


@transaction.atomic
def found_institution(
    *, by: Officer, new: NewInstitution, coordinator: Coordinator | None
) -> tuple[Institution, Officer | None]:
    """Add an institution; return it and the coordinator who was invited.

    Raises ValidationError naming the institution's field, staff.appointing.Refused where this
    coordinator cannot be invited; then nothing is added.
    """
    locks.hold_tree()
    _refuse_a_second(new)
    added = add_institution(by=by, new=new)
    if coordinator is None:
        return added, None
    officer, _grant = invite(
        by=by,
        email=coordinator.email,
        name=coordinator.name,
        phone=coordinator.phone,
        appointment=Appointment(Role.COORDINATOR, institution=added.pk),
    )
    return added, officer


def _refuse_a_second(new: NewInstitution) -> None:
    """Raise ValidationError for what somebody has just added, perhaps by pressing twice.

    Units are told apart by the tree itself.
    """
    same = Institution.objects.filter(
        parent=None, area_id=new.area or None, name__iexact=new.name, closed_at=None
    )
    if new.parent is None and same.exists():
        raise ValidationError({"name": _("An institution of this name is in this area already.")})
