"""Adds an institution and invites its coordinator in one step: both, or neither."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

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
