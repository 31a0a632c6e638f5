"""The cast of the rosters' tests: families that answer, institutions, and the people on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import connection

from cacah.collection.models import ForeignNumber, NewNumber
from cacah.institutions import actions
from cacah.institutions.actions import NewInstitution, Person
from cacah.institutions.models import Institution
from cacah.registry import models as registry
from cacah.registry.keys import server_keys
from cacah.staff.tests.cast import area

VILLAGE = "3325111015"


def nik(number: int) -> str:
    """Return a NIK of 16 digits."""
    return f"332501{number:010d}"


def family(household_id: int, *numbers: int) -> int:
    """Put a family with these people in the register; return its id."""
    registry.Household.objects.create(
        id=household_id,
        kk_digest=household_id.to_bytes(16, "big", signed=True),
        area=VILLAGE,
        persons=max(len(numbers), 1),
        record=b"",
        content_digest=bytes(16),
        source_id=1,
    )
    for position, number in enumerate(numbers, 1):
        registry.Person.objects.create(
            household_id=household_id,
            position=position,
            nik_digest=server_keys().nik_digest(nik(number)),
        )
    state = "unlisted" if household_id < 0 else "expected"
    registry.Case.objects.create(household_id=household_id, area=VILLAGE, state=state)
    return household_id


def opens(household_id: int) -> None:
    """Let a family open its form, as the door writes it down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH moved AS (UPDATE registry_case SET state = 'opened', opened_at = now()"
            " WHERE household_id = %s AND state = 'expected' RETURNING household_id)"
            " INSERT INTO registry_progressdelta (area, day, mode, expected_families,"
            " expected_persons, opened_families, responded_families, responded_persons,"
            " complete_families, complete_persons, household_id)"
            " SELECT %s, current_date, 'cawi', 0, 0, 1, 0, 0, 0, 0, household_id FROM moved",
            [household_id, VILLAGE],
        )


def answers(household_id: int, *, naming: Sequence[int] = ()) -> None:
    """Let a family answer and give NIKs that the register does not have for it."""
    case = registry.Case.objects.get(pk=household_id)
    first, unlisted = case.revision == 0, household_id < 0
    registry.Case.objects.filter(pk=household_id).update(
        state="unlisted" if unlisted else "submitted",
        mode="cawi",
        revision=case.revision + 1,
        persons=1,
        opened_at=case.opened_at or datetime.now(UTC),
        submitted_at=datetime.now(UTC),
    )
    registry.ProgressDelta.objects.create(
        area=VILLAGE,
        day=date(2020, 2, 20),
        mode="cawi",
        opened_families=int(case.opened_at is None),
        responded_families=int(first and not unlisted),
        complete_families=int(first and not unlisted),
        unverified_families=int(first and unlisted),
        household_id=household_id,
    )
    for number in naming:
        digest = server_keys().nik_digest(nik(number))
        known, _ = ForeignNumber.objects.get_or_create(digest=digest, defaults={"households": []})
        known.households = [*known.households, household_id]
        known.save()
        NewNumber.objects.create(digest=digest, household_id=household_id)


def institution(
    name: str = "Dinas Kesehatan", *, parent: Institution | None = None, where: str = "33.25"
) -> Institution:
    """Return an institution, or a unit of one."""
    area(where)
    code = where.replace(".", "")
    kind = "unit" if parent else "department"
    new = NewInstitution(
        name=name, kind=kind, parent=parent.pk if parent else None, area=code, obliged=True
    )
    return actions.add_institution(by=None, new=new)


def people(*numbers: int, unit: Institution | None = None) -> list[Person]:
    """Return people to be put on a roster."""
    where = unit.pk if unit else None
    return [Person(nik(n), f"Pegawai {n}", str(n), where) for n in numbers]
