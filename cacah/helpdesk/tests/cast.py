"""The cast of the help desk's tests: a register with families that have names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cacah.collection import numbers, receipts
from cacah.registry.actions import set_census
from cacah.registry.keys import household_id_of, server_keys, unlisted_id_of
from cacah.registry.models import Case, Census, Household, Person, Unlisted
from cacah.staff.tests.cast import area

VILLAGE = "3325111015"
KK, NIK, CHILD = "3325010101150001", "3325014304800001", "3325011708050002"


def census(*, opens: int = -10, closes: int = 20) -> Census:
    """Set the census, open between these days from now."""
    now = timezone.now()
    return set_census(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))


def family(
    kk: str = KK,
    niks: Sequence[str] = (NIK, CHILD),
    *,
    names: Sequence[str] = ("Siti Aminah", "Budi"),
    where: str = VILLAGE,
    **case: Any,
) -> int:
    """Put a family in the register; return its id."""
    area(where)
    keys = server_keys()
    digest = keys.kk_digest(kk)
    made = household_id_of(digest)
    record = {
        "address": "Jl. Gajah Mada 12",
        "persons": [{"name": name, "nik": nik} for name, nik in zip(names, niks, strict=True)],
    }
    Household.objects.create(
        id=made,
        kk_digest=digest,
        area=where,
        persons=len(niks),
        record=keys.seal_record(made, record),
        content_digest=digest,
        source_id=1,
    )
    for position, nik in enumerate(niks, 1):
        Person.objects.create(household_id=made, position=position, nik_digest=keys.nik_digest(nik))
    Case.objects.create(household_id=made, area=where, **case)
    return made


def answered(state: str = "submitted", persons: int = 3) -> dict[str, Any]:
    """Return what a case knows that has answered."""
    now = timezone.now()
    told = {"mode": "cawi", "persons": persons, "revision": 1}
    return told | {"state": state, "opened_at": now, "submitted_at": now}


def unlisted(where: str = VILLAGE, **case: Any) -> tuple[int, str]:
    """Let an unlisted family leave word; return its id and its reference number."""
    area(where)
    keys = server_keys()
    reference = numbers.normalise(receipts.reference_for(b"u" * 16))
    digest = keys.reference_digest(reference)
    made = unlisted_id_of(digest)
    Household.objects.create(
        id=made,
        kk_digest=digest,
        area=where,
        persons=4,
        record=keys.seal_record(made, {"address": "RT 3", "persons": [{"name": "Wati"}]}),
        content_digest=digest,
        source_id=0,
    )
    Case.objects.create(household_id=made, area=where, **({"state": "unlisted"} | case))
    Unlisted.objects.create(household_id=made, area=where, at=timezone.now(), visit=False)
    return made, reference
