"""Puts a family of families.json into the register, for whoever tests a way to the receipt."""

from __future__ import annotations

from typing import Any

from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person

KK = "3325110102030405"


def register(family: dict[str, Any]) -> int:
    """Register a family under its `kk`, or else KK; return its household's id."""
    keys = server_keys()
    kk = family.get("kk", KK)
    digest = keys.kk_digest(kk)
    household, persons = family["prefill"]["household"], family["prefill"]["persons"]
    identifier = household_id_of(digest)
    record = {"address": household["address"], "kk": kk, "persons": persons}
    Household.objects.create(
        id=identifier,
        kk_digest=digest,
        area="3325111015",
        persons=len(persons),
        record=keys.seal_record(identifier, record),
        content_digest=digest,
        source_id=1,
    )
    for position, person in enumerate(persons, start=1):
        digest = keys.nik_digest(person.get("nik", f"no nik {position}"))
        Person.objects.create(household_id=identifier, position=position, nik_digest=digest)
    Case.objects.create(household_id=identifier, area="3325111015", state="expected")
    return identifier
