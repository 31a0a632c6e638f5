"""The cast of the door's tests: families in a real register, and a device that speaks WSGI."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from cacah.collection import door, forgetting, instruments, opened, pool, window
from cacah.collection.sealing import OfficePrivateKey, read_private_key
from cacah.questionnaire.source import load
from cacah.registry.actions import set_census
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person

INSTRUMENT = load(Path(__file__).with_name("tiny.md"))

SITI = {"name": "Siti Aminah", "relationship": "01", "nik": "3325014304800001"}
SITI |= {"birth_year": "1980", "birth_month": "4", "birth_day": "3", "birth_place": "Batang"}
BUDI = {"name": "Budi", "relationship": "04", "nik": "3325011708050002"}
BUDI |= {"birth_year": "2005", "birth_month": "8", "birth_day": "17", "birth_place": "Pekalongan"}


class Response:
    """Status, headers and JSON of an answer of the door."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)
        self.body = body
        self.json = orjson.loads(body)

    @property
    def code(self) -> str:
        return self.json.get("code", "ok")


class Device:
    """A phone at one address that speaks with the door in this process."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.address = address
        self.application = door.wrap(lambda environ, start: [b"elsewhere"], background=False)

    def send(self, path: str, raw: bytes, **environ: Any) -> Response:
        got: list[Any] = []
        asked = {
            "PATH_INFO": path,
            "REQUEST_METHOD": "POST",
            "CONTENT_LENGTH": str(len(raw)),
            "REMOTE_ADDR": self.address,
            "wsgi.input": BytesIO(raw),
        } | environ
        body = b"".join(
            self.application(asked, lambda status, headers: got.extend((status, headers)))
        )
        return Response(got[0], got[1], body)

    def post(self, route: str, **body: Any) -> Response:
        return self.send(f"/api/{route}", orjson.dumps(body))


class Somebody:
    """A registered family, and what it would answer."""

    def __init__(self, kk: str, persons: list[dict[str, str]], *, state: str = "expected") -> None:
        self.kk, self.persons, self.nik = kk, persons, persons[0]["nik"]
        keys = server_keys()
        digest = keys.kk_digest(kk)
        self.id = household_id_of(digest)
        record = {"address": "Jl. Gajah Mada 12", "rt": "3", "kk": kk, "persons": persons}
        Household.objects.create(
            id=self.id,
            kk_digest=digest,
            area="3325111015",
            persons=len(persons),
            record=keys.seal_record(self.id, record),
            content_digest=digest,
            source_id=1,
        )
        for position, person in enumerate(persons, start=1):
            Person.objects.create(
                household_id=self.id, position=position, nik_digest=keys.nik_digest(person["nik"])
            )
        Case.objects.create(household_id=self.id, area="3325111015", state=state)

    @property
    def case(self) -> Case:
        return Case.objects.get(household_id=self.id)

    def identify(self, device: Device, **more: Any) -> Response:
        return device.post("identify", nik=self.nik, kk=self.kk, **more)

    def answers(self) -> dict[str, Any]:
        return {"person": [{"name": p["name"], "nik": p["nik"]} for p in self.persons]}

    def submit(self, device: Device, session: str, **changed: Any) -> Response:
        body = {
            "session": session,
            "key": submission_key(1),
            "instrument": INSTRUMENT.digest,
            "language": "en",
            "answers": self.answers(),
        } | changed
        return device.post("submit", **body)


def submission_key(n: int) -> str:
    return urlsafe_b64encode(n.to_bytes(16, "big")).decode().rstrip("=")


@pytest.fixture
def census(transactional_db: None) -> Any:
    now = datetime.now(UTC)
    yield set_census(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30))


@pytest.fixture
def device(census: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(instruments, "current", lambda: INSTRUMENT)
    window.forget()
    yield Device()
    opened._marks.clear()
    forgetting._answered.clear()
    window.forget()
    pool.close()


@pytest.fixture
def family(device: Device) -> Somebody:
    return Somebody("3325010101150001", [SITI, BUDI])


@pytest.fixture
def another(device: Device) -> Somebody:
    person = {"name": "Joko", "nik": "3325010101700009", "relationship": "01"}
    return Somebody("3325010101150002", [person | {"birth_place": "Kota Pekalongan"}])


@pytest.fixture
def session(device: Device, family: Somebody) -> str:
    token: str = family.identify(device).json["session"]
    return token


@pytest.fixture
def carded(device: Device, session: str) -> str:
    """The session of somebody who has answered the card question too."""
    token: str = device.post("card", session=session, answer="2005-08-17").json["session"]
    return token


@pytest.fixture
def locator() -> str:
    """Where a device keeps its draft, as a continue code makes it."""
    return submission_key(77)


@pytest.fixture
def office_key() -> OfficePrivateKey:
    home = settings.CACAH_KEYS.parent
    return read_private_key(home / "office" / "office.private")
