"""`cacah session deliver` and `outbox`: what they say, what they leave behind, how they end."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cacah.collection import numbers
from cacah.collection.models import Submission
from cacah.outreach.models import GuidedSession, Seat
from cacah.outreach.packs import delivering as of_room
from cacah.outreach.packs.centre import TurnedAway, Unheard
from cacah.outreach.tests.laptops import NOW, PASSPHRASE, family, loaded, prepared
from cacah.registry.keys import server_keys
from cacah.registry.models import Case
from cacah.registry.sealed_lines import BadPack
from cacah.site.laptop import delivering, opening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


class Centre:
    """Takes everything, unless `weather` raises."""

    address = "https://sensus.example"
    weather: Callable[[], None] = staticmethod(lambda: None)
    taken = 0

    def __init__(self, address: str) -> None:
        self.address = address

    def hand_over(self, body: bytes, signature: str) -> list[dict[str, str]]:
        Centre.weather()
        Centre.taken += body.count(b'"kind"')
        return [{"outcome": "stored"}] * body.count(b'"kind"')

    def hang_up(self) -> None:
        """There is no line."""


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> type[Centre]:
    monkeypatch.setattr(delivering, "Centre", Centre)
    monkeypatch.setattr(of_room, "PATIENCE", ())
    monkeypatch.setattr(Centre, "taken", 0)
    monkeypatch.setattr(Centre, "weather", staticmethod(lambda: None))
    return Centre


@pytest.fixture
def held(session: GuidedSession, path: Path, on_the_laptop: Any) -> str:
    """A laptop whose session one family has answered in, from seat 1001; its receipt number."""
    pk = family(1)
    prepared(session, path)
    loaded(on_the_laptop())
    here, keys, number = GuidedSession.objects.get(), server_keys(), numbers.spell(4711)
    at = NOW - timedelta(hours=1)
    Seat.objects.create(session=here, number=1001, joined_at=at)
    Case.objects.filter(pk=pk).update(
        state="submitted", mode="guided", revision=1, submitted_at=at, guide=f"{here.code}.1001"
    )
    Submission.objects.create(
        household_id=pk,
        revision=1,
        issued_at=at,
        mode="guided",
        persons=2,
        instrument="0" * 16,
        key_digest=keys.submission_key_digest(bytes(16)),
        receipt_digest=keys.receipt_digest(number),
        nik_digests=[],
        sealed=b"sealed",
    )
    return number


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def deliver(path: Path, said: list[str]) -> Callable[..., None]:
    return lambda to=None: delivering.deliver(Namespace(pack=path, to=to), said.append)


def report(path: Path) -> list[dict[str, str]]:
    with path.with_name(f"{path.name}.report.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_says_what_has_arrived_and_lists_each_proof(held, centre, deliver, said, path):
    deliver()
    assert centre.taken == 2
    assert Seat.objects.get().state == "finished"  # it is settled before it is told
    words = "\n".join(said)
    assert "1 family's answers are at the centre: the proofs are valid now." in words
    assert "1 seats" in words
    assert "Nothing is waiting." in words
    (line,) = report(path)
    assert (line["receipt"], line["outcome"]) == (held, "stored")
    said.clear()
    deliver()
    assert centre.taken == 2
    assert "0 of 0" in said


def test_without_a_signal_it_says_so_and_what_waits(held, centre, deliver, said, path):
    def gone() -> None:
        raise Unheard("no route to host")

    centre.weather = staticmethod(gone)
    with pytest.raises(CommandError, match="could be delivered: no route to host"):
        deliver()
    assert "1 family's answers are waiting since" in "\n".join(said)
    assert report(path)[0]["outcome"] == "waiting"


def test_a_pack_that_was_withdrawn_and_a_wrong_address_are_told(held, centre, deliver, said):
    def withdrawn() -> None:
        raise TurnedAway("it was withdrawn")

    centre.weather = staticmethod(withdrawn)
    with pytest.raises(CommandError, match="it was withdrawn"):
        deliver()


def test_it_may_be_broken_off_by_hand(held, centre, deliver, said):
    def ctrl_c() -> None:
        raise KeyboardInterrupt

    centre.weather = staticmethod(ctrl_c)
    with pytest.raises(CommandError, match="broken off here"):
        deliver()
    centre.weather = staticmethod(lambda: None)
    deliver()
    assert "Nothing is waiting." in said


def test_it_goes_nowhere_but_over_tls(held, deliver):
    with pytest.raises(CommandError, match="not encrypted"):
        deliver("http://sensus.example")


def test_the_outbox_is_counted_without_a_signal(held, path, said):
    delivering.outbox(Namespace(pack=path), said.append)
    assert "1 family's answers are waiting since" in "\n".join(said)
    assert report(path)[0]["receipt"] == held


def test_at_the_centre_there_is_nothing_to_deliver(db):
    for verb in ("deliver", "outbox"):
        with pytest.raises(CommandError, match="no pack"):
            call_command("session", verb, "s.cacah")


def test_a_pack_that_was_never_served_here_is_told_apart(session, path, tmp_path):
    family(1)
    prepared(session, path)
    (tmp_path / "p").write_text(PASSPHRASE)
    asked = Namespace(
        pack=path, verb="deliver", passphrase_file=tmp_path / "p", tls_cert=None, tls_key=None
    )
    with pytest.raises(BadPack, match=r"s\.cacah\.site is missing"):
        opening.enter(asked)
    assert not path.with_name("s.cacah.site").exists()
