"""The verb of destinations: note what a team needs to know of an institution."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cacah.institutions.models import Institution
from cacah.outreach.models import Destination
from cacah.staff.actions import trace
from cacah.staff.models import Officer


@transaction.atomic
def describe(*, by: Officer | None, institution: Institution, **told: Any) -> Destination:
    """Note coordinates, hours, contact, priority or minutes of an institution.

    Raises ValidationError naming the field.
    """
    found, _is_new = Destination.objects.select_for_update().get_or_create(institution=institution)
    for name, value in told.items():
        setattr(found, name, value)
    _check(found)
    found.save()
    trace(
        by=by,
        verb="outreach.destination_changed",
        subject=institution.pk,
        area=institution.area_id or "",
        details={"fields": sorted(told)},
    )
    return found


def _check(found: Destination) -> None:
    for one, other in (("latitude", "longitude"), ("opens", "closes")):
        for name, its_pair in ((one, other), (other, one)):
            if getattr(found, name) is None and getattr(found, its_pair) is not None:
                raise ValidationError({name: _("Fill in both fields, or leave both empty.")})
    if found.opens and found.closes and found.closes <= found.opens:
        raise ValidationError({"closes": _("It must close after it has opened.")})
    if len(set(found.closed_days)) >= 7:
        raise ValidationError({"closed_days": _("It must be open on some day.")})
    empty = [f.name for f in found._meta.fields if getattr(found, f.attname) is None]
    found.full_clean(exclude=["institution", *empty, "closed_days"], validate_constraints=False)
