"""Who may give which role where: the rules of inviting, for one form or each row of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cacah.areas.models import Area
from cacah.staff.places import Place, place_of
from cacah.staff.roles import AREA_DIGITS, MAY_INVITE, Role
from cacah.staff.scope import Held, Scope


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role to be given: where (undotted code, "" is the nation) and for which days."""

    role: Role
    area: str = ""
    institution: int | None = None
    from_day: date | None = None  # None: today
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words."""

    field: str
    sentence: str | Promise


class Refused(Exception):
    """Raised where something may not be done; `problems` says why, by field ("" is none)."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(each.sentence) for each in problems))
        self.problems = problems


ROLE_NOT_YOURS = Problem("role", _("You cannot invite for this role. Choose one below your own."))
AREA_NOT_YOURS = Problem("area", _("This area is not within your own."))
AREA_UNKNOWN = Problem("area", _("There is no area with this code."))
AREA_NOT_ASKED = Problem("area", _("This role holds for the whole nation: leave the area empty."))
INSTITUTION_UNKNOWN = Problem("institution", _("There is no such institution below your own."))
INSTITUTION_NOT_ASKED = Problem("institution", _("Only a coordinator has an institution."))
ENDS_BEFORE = Problem("until_day", _("The last day lies before the first day."))
ENDED = Problem("until_day", _("The last day lies in the past."))
AREA_OF = {
    2: Problem("area", _("Give the code of a province: 2 digits, as 33.")),
    4: Problem("area", _("Give the code of a regency: 4 digits, as 33.25.")),
    6: Problem("area", _("Give the code of a district: 6 digits, as 33.25.07.")),
}


def problems(wanted: Appointment, by: Scope | None, today: date) -> list[Problem]:
    """Return all that stands against an appointment; `by` is None for a command on the server.

    To somebody who may not appoint there, a place that does not exist and one that is another's
    look alike.
    """
    found = [*_of_place(wanted), *_of_days(wanted, today)]
    if by is None or found:
        return found
    holders = [held for held in by.grants if wanted.role in MAY_INVITE[held.role]]
    if not holders:
        return [ROLE_NOT_YOURS]
    place = place_of(wanted.institution) if wanted.institution is not None else None
    if any(_is_below(held, wanted, place) for held in holders):
        return []
    return [INSTITUTION_UNKNOWN if wanted.institution is not None else AREA_NOT_YOURS]


def _is_below(held: Held, wanted: Appointment, place: Place | None) -> bool:
    if held.institution is not None:
        return place is not None and held.institution in place.path[:-1]
    return (place.area if place else wanted.area).startswith(held.area)


def _of_place(wanted: Appointment) -> list[Problem]:
    if wanted.role == Role.COORDINATOR:
        known = wanted.institution is not None and place_of(wanted.institution) is not None
        return [] if known else [INSTITUTION_UNKNOWN]
    if wanted.institution is not None:
        return [INSTITUTION_NOT_ASKED]
    digits = AREA_DIGITS.get(wanted.role)
    if digits == 0:
        return [AREA_NOT_ASKED] if wanted.area else []
    if digits is not None and len(wanted.area) != digits:
        return [AREA_OF[digits]]
    if wanted.area and not Area.objects.filter(code=wanted.area).exists():
        return [AREA_UNKNOWN]
    return []


def _of_days(wanted: Appointment, today: date) -> list[Problem]:
    if wanted.until_day is None:
        return []
    if wanted.until_day < today:
        return [ENDED]
    return [ENDS_BEFORE] if wanted.until_day < (wanted.from_day or today) else []
