"""The only writer of the census itself; cases have `cases`, the register its import."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from cacah.registry.models import Census


class CensusChanges(TypedDict, total=False):
    """What may be set of the census; what is left out stays."""

    code: str
    name: str
    reference_date: date
    opens_at: datetime
    closes_at: datetime
    help_phone: str
    help_hours: str
    help_email: str


# Until somebody says otherwise: the census of 2020, on its historical dates (Jakarta time).
FIRST = CensusChanges(
    code="sp2020",
    name="Sensus Penduduk 2020",
    reference_date=date(2020, 2, 15),
    opens_at=datetime(2020, 2, 14, 17, tzinfo=UTC),
    closes_at=datetime(2020, 5, 29, 17, tzinfo=UTC),
)


def set_census(**changes: Unpack[CensusChanges]) -> Census:
    """Make or change the census; raises ValidationError naming the field, changing nothing."""
    with transaction.atomic():
        census = Census.objects.select_for_update().first() or Census(**FIRST)
        for name, value in changes.items():
            setattr(census, name, value)
        if not re.fullmatch(r"[a-z0-9-]+", census.code):
            # It stands in every receipt and its address.
            raise ValidationError({"code": "small letters, digits and hyphens only"})
        if census.closes_at <= census.opens_at:
            raise ValidationError({"closes_at": "the census must close after it opens"})
        census.full_clean(validate_constraints=False)
        census.save()
    return census
