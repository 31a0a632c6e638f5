"""The cast of session packs: families at the centre, and a laptop that has their pack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from cacah.collection.models import Pack
from cacah.collection.receipts import public_key, signing_key
from cacah.outreach.actions.packs import prepare_pack
from cacah.outreach.actions.sessions import code_of
from cacah.outreach.models import GuidedSession, Seat, SessionPack
from cacah.outreach.packs import loading
from cacah.outreach.packs.facts import Facts, here
from cacah.outreach.packs.making import Wanted
from cacah.registry import sealed_lines
from cacah.registry.actions import set_census
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Census, Household, Person
from cacah.registry.sealed_lines import SealedLines
from cacah.staff.tests.cast import area

VILLAGE, OTHER = "3325111015", "3325111016"
NOW = datetime.now(UTC).replace(microsecond=0)
PASSPHRASE = "7XK2-9QPM-4TDR-20AB-CDEF"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sealed_lines.SCRYPT, "n", 2)
    with translation.override("en"):
        yield


def kk(number: int) -> str:
    return f"33251101010{number:05}"


def nik(number: int, person: int = 1) -> str:
    return f"33251101018{number:03}{person:02}"


def family(number: int, where: str = VILLAGE, *, has_kk: bool = True) -> int:
    """Register a family of two; return its household's id."""
    keys = server_keys()
    digest = keys.kk_digest(kk(number))
    pk = household_id_of(digest)
    persons = [{"name": f"Warga {number}", "nik": nik(number, n)} for n in (1, 2)]
    record: dict[str, Any] = {"address": "Jalan Pasar", "persons": persons}
    record |= {"kk": kk(number)} if has_kk else {}
    area(where)
    Household.objects.create(
        id=pk, kk_digest=digest, area=where, persons=2, source_id=1,
        record=keys.seal_record(pk, record), content_digest=digest,
    )  # fmt: skip
    for position in (1, 2):
        found = keys.nik_digest(nik(number, position))
        Person.objects.create(household_id=pk, position=position, nik_digest=found)
    Case.objects.create(household_id=pk, area=where)
    return pk


@pytest.fixture
def session() -> GuidedSession:
    set_census(opens_at=NOW - timedelta(days=3), closes_at=NOW + timedelta(days=30))
    return GuidedSession.objects.create(
        code=code_of(4711), title="Balai desa", area=area(VILLAGE), opens_at=NOW
    )


def prepared(
    session: GuidedSession, path: Path, *areas: str, within: tuple[str, ...] = ("",)
) -> Facts:
    with path.open("wb") as file:
        return prepare_pack(
            by=None,
            session=session,
            wanted=Wanted.of(session, areas, within),
            passphrase=PASSPHRASE,
            file=file,
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.cacah"


@pytest.fixture
def on_the_laptop(
    path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Callable[[], SealedLines]]:
    """Make this the site of a laptop with the pack at `path` and an empty database, when called."""

    def become() -> SealedLines:
        pack = sealed_lines.read(path)
        monkeypatch.setenv("CACAH_PACK_KEY", pack.key(PASSPHRASE).hex())
        settings.CACAH_PACK = str(path)
        forget_keys()
        for model in (Seat, SessionPack, GuidedSession, Pack, Case, Person, Household, Census):
            model.objects.all().delete()
        return pack

    yield become
    settings.CACAH_PACK = ""
    forget_keys()


def forget_keys() -> None:
    for each in (server_keys, signing_key, public_key):
        each.cache_clear()


def loaded(pack: SealedLines) -> Facts:
    facts = here()
    assert facts is not None
    loading.load(pack, bytes.fromhex(os.environ["CACAH_PACK_KEY"]), facts)
    return facts
