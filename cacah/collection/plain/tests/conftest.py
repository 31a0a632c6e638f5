"""The site, the register and the family of five for the tests of the plain form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cacah.collection import opened, pages, pool, window
from cacah.collection.sealing import OfficePrivateKey, read_private_key
from cacah.registry.actions import set_census
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person

from .family import PlainFamily

SPEC = Path(__file__).resolve().parents[4] / "tests/spec/sp2020/families.json"
FAMILIES = json.loads(SPEC.read_text(encoding="utf-8"))
KK = "3325110102030405"


@pytest.fixture
def site(transactional_db: None) -> Iterator[None]:
    window.forget()
    pages.forget()
    now = datetime.now(UTC)
    set_census(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30))
    yield
    opened._marks.clear()
    window.forget()
    pages.forget()
    pool.close()


def register(family: dict[str, Any], kk: str = KK) -> int:
    """Put a family of families.json into the register; return its household's id."""
    keys = server_keys()
    digest = keys.kk_digest(kk)
    identifier, persons = household_id_of(digest), family["prefill"]["persons"]
    address = {"address": family["prefill"]["household"]["address"]}
    Household.objects.create(
        id=identifier,
        kk_digest=digest,
        area="3325111015",
        persons=len(persons),
        record=keys.seal_record(identifier, {**address, "persons": persons}),
        content_digest=digest,
        source_id=1,
    )
    for position, person in enumerate(persons, start=1):
        digest = keys.nik_digest(person.get("nik", f"no nik {position}"))
        Person.objects.create(household_id=identifier, position=position, nik_digest=digest)
    Case.objects.create(household_id=identifier, area="3325111015", state="expected")
    return identifier


@pytest.fixture
def five(site: None) -> dict[str, Any]:
    family = deepcopy(FAMILIES["family of five"])
    register(family)
    return family


@pytest.fixture
def plain(five: dict[str, Any]) -> PlainFamily:
    return PlainFamily(five["prefill"]["persons"][0]["nik"], KK, five["answers"])


@pytest.fixture
def office_key() -> OfficePrivateKey:
    return read_private_key(settings.CACAH_KEYS.parent / "office" / "office.private")
