"""Where on the earth something lies, as constraints that several tables share."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q

# Days of the week as ISO counts them: 1 is Monday.
WEEKDAYS = tuple(range(1, 8))


def lies_on_earth(name: str, prefix: str = "") -> CheckConstraint:
    """Return the constraint that both coordinates are there, in degrees, or neither."""
    latitude, longitude = f"{prefix}latitude", f"{prefix}longitude"
    return CheckConstraint(
        condition=Q(**{latitude: None, longitude: None})
        # What is compared with null is not false, and would pass.
        | Q(**{f"{each}__isnull": False for each in (latitude, longitude)})
        & Q(**{f"{latitude}__range": (-90, 90), f"{longitude}__range": (-180, 180)}),
        name=name,
    )
