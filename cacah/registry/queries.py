"""What other rooms may ask the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cacah.registry.keys import household_id_of, server_keys, unlisted_id_of
from cacah.registry.models import (
    Case,
    Census,
    FieldReference,
    Household,
    State,
    Unlisted,
    VisitRequest,
)

WAITING = """
SELECT (
    SELECT count(*) FROM registry_unlisted AS waiting
    JOIN registry_case AS it ON it.household_id = waiting.household_id
    WHERE waiting.area BETWEEN %s AND %s AND it.state = %s
), (
    SELECT count(*) FROM registry_visitrequest AS waiting
    JOIN registry_case AS it ON it.household_id = waiting.household_id
    WHERE waiting.area BETWEEN %s AND %s AND it.revision = 0
)
"""


class NoCensus(LookupError):
    """Raised while nobody has said which census this is: `cacah census set` does."""


def census() -> Census:
    """Return the census of this site; raises `NoCensus` before it is set up."""
    found = Census.objects.first()
    if found is None:
        raise NoCensus("run `cacah census set` first")
    return found


def registered_count() -> int:
    """Return how many households the register has; unlisted ones are not in it."""
    return Household.objects.filter(pk__gte=0).count()


def has_registered_beside(household_ids: Sequence[int]) -> bool:
    """Tell whether the register holds a household that is none of these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM registry_household WHERE id >= 0 AND id <> ALL(%s))",
            [list(household_ids)],
        )
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def states(household_ids: Sequence[int]) -> dict[int, str]:
    """Return the state of the case of each of these households that has one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT household_id, state FROM registry_case WHERE household_id = ANY(%s)",
            [list(household_ids)],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class UnlistedCase:
    """An unlisted family as fieldwork meets it; its words only through `unlisted_words`."""

    household_id: int
    area: str
    at: datetime
    # It asked to be visited, because it cannot answer by itself.
    visit: bool
    # When it last answered, and how many people it counted; None and 0 where it has not.
    answered_at: datetime | None
    persons: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A registered or unlisted household that asks an officer to come."""

    household_id: int
    area: str
    at: datetime
    reason: str
    state: str


def unlisted(*, area: str) -> list[UnlistedCase]:
    """Return the unlisted families to be verified within an area (undotted code), oldest first."""
    found = list(Unlisted.objects.filter(area__range=within(area)).order_by("at", "household_id"))
    cases = Case.objects.filter(state=State.UNLISTED).in_bulk([each.pk for each in found])
    return [
        UnlistedCase(
            each.pk,
            each.area,
            each.at,
            each.visit,
            cases[each.pk].submitted_at,
            cases[each.pk].persons,
        )
        for each in found
        if each.pk in cases
    ]


def visits(*, area: str) -> list[Visit]:
    """Return who in an area (undotted code) asks for a visit and has not answered, oldest first."""
    found = list(
        VisitRequest.objects.filter(area__range=within(area)).order_by("at", "household_id")
    )
    cases = Case.objects.filter(revision=0).in_bulk([each.pk for each in found])
    return [
        Visit(each.pk, each.area, each.at, each.reason, cases[each.pk].state)
        for each in found
        if each.pk in cases
    ]


def waiting_families(*, area: str) -> tuple[int, int]:
    """Return how many families `unlisted` and `visits` of an area name, counted where they are."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [*within(area), State.UNLISTED, *within(area)])
        to_be_verified, to_be_visited = cursor.fetchone() or (0, 0)
    return int(to_be_verified), int(to_be_visited)


def within(area: str) -> tuple[str, str]:
    """Return the first and last code that an area's own and all below it lie between."""
    return area, area.ljust(16, "9")


def unlisted_words(household_id: int) -> dict[str, Any]:
    """Return what an unlisted family left: `name`, `address`, `contact`, `persons`, `nik`, `kk`.

    Whoever asks shows it to staff and keeps the trace. Raises Household.DoesNotExist.
    """
    household = Household.objects.get(pk=household_id)
    return server_keys().open_record(household_id, bytes(household.record))


def visit_words(household_id: int) -> dict[str, Any]:
    """Return the `contact` and `note` of a request for a visit; raises VisitRequest.DoesNotExist.

    Whoever asks shows it to staff and keeps the trace.
    """
    request = VisitRequest.objects.get(pk=household_id)
    return server_keys().open_record(household_id, bytes(request.sealed))


@dataclass(frozen=True, slots=True)
class Known:
    """A registered or unlisted household as whoever is called by it meets it; no word of it."""

    household_id: int
    area: str
    state: str
    # How many people the register expects, or an unlisted family spoke of.
    expected: int
    # How many it counted when it last answered; 0 before.
    counted: int
    opened_at: datetime | None
    submitted_at: datetime | None
    visit: Visit | None


def household_with(*, kk_digest: bytes, nik_digest: bytes) -> tuple[int, str] | None:
    """Return id and area of the registered household whose card has both numbers, if there is one.

    One query, whether or not.
    """
    found = Case.objects.filter(
        pk=household_id_of(kk_digest),
        household__kk_digest=kk_digest,
        household__members__nik_digest=nik_digest,
    )
    return found.values_list("pk", "area").first()


def unlisted_id_with(reference_digest: bytes) -> int:
    """Return the id that an unlisted family of this reference number has, if there is one.

    It follows from the number, but for families that got theirs where there was no signal.
    """
    given = FieldReference.objects.filter(pk=reference_digest)
    found = given.values_list("household_id", flat=True).first()
    return unlisted_id_of(reference_digest) if found is None else found


def unlisted_with(reference: str) -> tuple[int, str] | None:
    """Return the same of the unlisted household of a reference number that is spelled well."""
    found = Case.objects.filter(pk=unlisted_id_with(server_keys().reference_digest(reference)))
    return found.values_list("pk", "area").first()


def known(household_id: int) -> Known | None:
    """Return where a household stands, None where there is none of this id."""
    case = Case.objects.select_related("household").filter(pk=household_id).first()
    if case is None:
        return None
    asked = VisitRequest.objects.filter(pk=household_id).first()
    return Known(
        household_id,
        case.area,
        case.state,
        case.household.persons,
        case.persons,
        case.opened_at,
        case.submitted_at,
        Visit(asked.pk, asked.area, asked.at, asked.reason, case.state) if asked else None,
    )


def first_names(household_id: int) -> list[str]:
    """Return the first word of each person's name, as register or unlisted family have them.

    Whoever asks shows it to staff and keeps the trace. Raises Household.DoesNotExist.
    """
    household = Household.objects.get(pk=household_id)
    record = server_keys().open_record(household_id, bytes(household.record))
    words = (person.get("name", "").split() for person in record["persons"])
    return [name[0] for name in words if name]


def unlisted_by_reference(reference: str) -> UnlistedCase | None:
    """Return the family of a reference number spelled as `collection.numbers.spell` does."""
    digest = server_keys().reference_digest(reference)
    each = Unlisted.objects.filter(pk=unlisted_id_with(digest)).first()
    if each is None:
        return None
    case = Case.objects.get(pk=each.pk)
    return UnlistedCase(each.pk, each.area, each.at, each.visit, case.submitted_at, case.persons)
