"""What an officer at the help desk is shown of a family: where it stands, and no answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from cacah.registry import queries as registry
from cacah.registry.queries import Known
from cacah.staff import queries as staff
from cacah.staff.models import Officer
from cacah.staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Family:
    """A family as the desk knows it, with its first names masked."""

    known: Known
    # `S•••`: enough for the caller's own words to fit, too little to learn a name.
    names: tuple[str, ...]


def within_sight(by: Officer, household_id: int) -> Known | None:
    """Return where a household stands, None where it lies outside the officer's areas."""
    known = registry.known(household_id)
    if known is None or not staff.scope_of(by).sees(known.area, Permission.SEE_PERSONS):
        return None
    return known


def family(known: Known) -> Family:
    """Return what is shown: names never further open than the family itself would see them."""
    if settings.CACAH_PREFILL == "none":
        return Family(known, ())
    names = registry.first_names(known.household_id)
    return Family(known, tuple(masked(name) for name in names))


def masked(name: str) -> str:
    """Return the first letter of a name, and as many dots whatever its length."""
    return f"{name[:1].upper()}•••"
