"""The cast of the deliveries' tests: families in the register, and a laptop that has their pack."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import Sum
from django.test import Client

from cacah.collection import forgetting, numbers, receipts, sealing
from cacah.collection.models import Pack
from cacah.collection.packs.actions import make_pack
from cacah.registry.actions import set_census
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person, ProgressDelta

VILLAGE = "3325111015"
NOW = datetime.now(UTC).replace(microsecond=0)
FORM = "0123456789abcdef"


class Laptop:
    """A laptop that has a pack, and delivers what it says."""

    def __init__(self, code: str = "BATANG1") -> None:
        self.key = Ed25519PrivateKey.generate()
        self.pack: Pack = make_pack(
            public_key=self.key.public_key().public_bytes_raw(),
            session_code=code,
            instrument=FORM,
            valid_until=NOW + timedelta(days=3),
            at=NOW - timedelta(days=2),
        )

    def post(self, raw: bytes, signature: str | None = None) -> Any:
        if signature is None:
            signature = urlsafe_b64encode(self.key.sign(raw)).decode().rstrip("=")
        return Client().post(
            "/api/pack",
            raw,
            content_type="application/json",
            headers={"X-Cacah-Signature": signature},
            **{"wsgi.input": BytesIO(raw)},
        )

    def send(self, *items: dict[str, Any], **more: Any) -> Any:
        body = {"pack": self.pack.pk, "at": utc(NOW), "items": items} | more
        return self.post(json.dumps(body).encode())

    def deliver(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        response = self.send(*items)
        assert response.status_code == 200, response.content
        outcomes: list[dict[str, Any]] = response.json()["outcomes"]
        return outcomes

    def outcomes(self, *items: dict[str, Any]) -> list[str]:
        return [each["outcome"] for each in self.deliver(*items)]

    def signed(self, item: dict[str, Any], *, unlisted: bool = False) -> str:
        """Return the provisional proof that a family got for these answers."""
        at = datetime.fromisoformat(item["issued_at"])
        receipt = receipts.Receipt(
            "sp2020", item["number"], at, item["persons"], item["revision"], unlisted, self.pack.pk
        )
        statement = receipt.statement
        return f"{statement}.{receipts.spelled(self.key.sign(statement.encode()))}"


def utc(at: datetime) -> str:
    return at.isoformat()[:19] + "Z"


class Family:
    """A registered family of two, and what it sends from a laptop."""

    _made = count(1)

    def __init__(self) -> None:
        n = next(self._made)
        self.niks = [f"332501010170{n:04}", f"332501020280{n:04}"]
        keys = server_keys()
        digest = keys.kk_digest(f"332501010116{n:04}")
        self.id = household_id_of(digest)
        Household.objects.create(
            id=self.id,
            kk_digest=digest,
            area=VILLAGE,
            persons=2,
            record=keys.seal_record(self.id, {"persons": []}),
            content_digest=digest,
            source_id=1,
        )
        for position, nik in enumerate(self.niks, start=1):
            Person.objects.create(
                household_id=self.id, position=position, nik_digest=keys.nik_digest(nik)
            )
        Case.objects.create(household_id=self.id, area=VILLAGE)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.id)

    def answers(self, revision: int = 1, **changed: Any) -> dict[str, Any]:
        """Return an item; each call is another sending, with a number and a key of its own."""
        return submission(self.id, changed.pop("niks", self.niks), revision, **changed)


COUNTS = ("opened_families", "responded_families", "responded_persons")


def counted(*names: str) -> tuple[int, ...]:
    """Return what progress adds up to: opened, responded, persons, or the counts named."""
    asked = names or COUNTS
    found = ProgressDelta.objects.aggregate(**{name: Sum(name) for name in asked})
    return tuple(found[name] or 0 for name in asked)


_keys = count(1)


def submission(
    household_id: int, niks: list[str], revision: int = 1, **changed: Any
) -> dict[str, Any]:
    key = next(_keys).to_bytes(16, "big")
    persons = changed.get("persons", len(niks))
    return {
        "kind": "submission",
        "id": household_id,
        "revision": revision,
        "issued_at": utc(NOW - timedelta(hours=30) + timedelta(minutes=revision)),
        "opened_at": utc(NOW - timedelta(hours=31)),
        "mode": "guided",
        "persons": persons,
        "instrument": FORM,
        "number": receipts.number_for(key, household_id, revision),
        "corrects": None,
        "key": b64encode(key).decode(),
        "niks": [server_keys().nik_digest(nik).hex() for nik in niks],
        "sealed": sealed(household_id, revision, persons),
        "guide": "BATANG1.1012",
    } | changed


def sealed(household_id: int, revision: int, persons: int = 2) -> str:
    inside = {"answers": {"person": [{"name": "Siti"}] * persons}, "remarks": {}}
    envelope = sealing.office_public_key().envelope()
    return b64encode(envelope.seal(household_id, revision, inside)).decode()


def word(n: int = 1, **changed: Any) -> dict[str, Any]:
    """Return an unlisted family that left word on the laptop."""
    return {
        "kind": "unlisted",
        "id": -1000 - n,
        "reference": numbers.spell(10**9 + n),
        "area": VILLAGE,
        "persons": 3,
        "record": {
            "address": "RT 2 RW 1",
            "people": 3,
            "persons": [{"name": "Slamet", "nik": f"33250101019900{n:02}"}],
            "contact": "0812 3456",
        },
        "visit": True,
        "at": utc(NOW - timedelta(hours=32)),
    } | changed


@pytest.fixture
def census(db: None) -> Iterator[None]:
    set_census(opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=30))
    yield
    forgetting._answered.clear()


@pytest.fixture
def laptop(census: None) -> Laptop:
    return Laptop()


@pytest.fixture
def family(census: None) -> Family:
    return Family()


@pytest.fixture
def office_key() -> sealing.OfficePrivateKey:
    return sealing.read_private_key(settings.CACAH_KEYS.parent / "office" / "office.private")
