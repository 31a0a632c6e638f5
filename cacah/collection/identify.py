"""Answers `identify`: from two numbers to the family's own form."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings

from cacah.collection import (
    actions,
    admission,
    guesses,
    instruments,
    numbers,
    opened,
    pool,
    prefill,
    queries,
    sessions,
    window,
)
from cacah.collection.moments import utc
from cacah.collection.problems import Problem
from cacah.collection.queries import Family, Found, Wanted
from cacah.collection.sessions import Session
from cacah.collection.together import Together
from cacah.registry import cases
from cacah.registry.keys import household_id_of, is_unlisted, server_keys
from cacah.registry.models import State

Answer = tuple[int, dict[str, Any]]
# A family that corrects itself more often is a program; each revision is kept.
MOST_REVISIONS = 100


def identify(body: dict[str, Any], client: str) -> Answer:
    """Return the case, a session and the prefill; see docs/door.md for what may be refused."""
    now = datetime.now(UTC)
    window.current().check(now)
    admission.let_in(body.get("place"))
    keys = server_keys()
    kk_digest = keys.kk_digest(body["kk"])
    nik_digest = keys.nik_digest(body["nik"])
    household_id = household_id_of(kk_digest)
    counters = (guesses.nik_key(nik_digest), guesses.network_key(client))
    found = look_up(Wanted(household_id, nik_digest, kk_digest, *counters))
    if found.nik.failures or found.network.failures:
        ask_for_patience(body, found, counters, now)
    record = open_record(household_id, found.family)
    if found.family is None:
        count_failure(counters, now)
        raise Problem("not-found")
    state = found.family.state
    if state in cases.ANSWERED:
        reopen(body, household_id, found.family, counters)
        state = State.REOPENED.value
    elif state == State.EXPECTED:
        opened.mark(household_id)
    return 200, welcome(household_id, found.family, record, state)


def look_up_all(wanted: list[Wanted]) -> list[Found]:
    """Look up those who ask at the same moment; raises DatabaseUnreachable."""
    now = datetime.now(UTC)
    return pool.run(
        lambda connection: queries.find_families(connection, wanted=wanted, now=now), _keeper
    )


_keeper = pool.Keeper()
look_up: Together[Wanted, Found] = Together(look_up_all, most=16)


def open_record(household_id: int, family: Family | None) -> dict[str, Any]:
    """Decrypt the family's record, or one like it: not finding one takes the same time."""
    if family is None:
        return server_keys().open_record(0, nobody())
    return server_keys().open_record(household_id, family.record)


@cache
def nobody() -> bytes:
    """Return the encrypted record of a family of four that does not exist."""
    person = dict.fromkeys(("name", "relationship", "birth_place", "education"), "x" * 24)
    return server_keys().seal_record(
        0, {"address": "x" * 24, "kk": "0" * 16, "persons": [person] * 4}
    )


def ask_for_patience(
    body: dict[str, Any], found: Found, counters: tuple[bytes, bytes], now: datetime
) -> None:
    """Raise Problem(slow-down) while this NIK or network has to wait or to prove work."""
    proof = body.get("proof")
    proven = bool(proof) and guesses.is_proof(proof, *counters)
    verdict = guesses.judge(found.nik, found.network, now, proven=proven)
    if not verdict.wait and not verdict.needs_proof:
        if proven:
            spend(proof, counters, verdict.difficulty, now)
        return
    more: dict[str, Any] = {}
    if verdict.needs_proof:
        more["challenge"] = guesses.challenge(*counters, verdict.difficulty, now)
    raise Problem("slow-down", retry_after=max(1, verdict.wait), **more)


def spend(proof: str, counters: tuple[bytes, bytes], difficulty: int, now: datetime) -> None:
    """Use a proof up; raise Problem(slow-down) with a new challenge if it has been used before."""
    key, expires_at = guesses.proof_key(proof, counters[1], now), now + guesses.PROOF_LIFETIME
    fresh = pool.run(
        lambda connection: actions.spend_proof(connection, key=key, at=now, expires_at=expires_at)
    )
    if not fresh:
        again = guesses.challenge(*counters, difficulty, now)
        raise Problem("slow-down", retry_after=1, challenge=again)


def count_failure(counters: tuple[bytes, bytes], now: datetime) -> None:
    """Count one wrong guess against the NIK and the network."""
    keys = {
        counters[0]: guesses.NIK.forgotten_after,
        counters[1]: guesses.NETWORK.forgotten_after,
    }
    pool.run(lambda connection: actions.count_failures(connection, keys=keys, at=now))


def reopen(
    body: dict[str, Any], household_id: int, family: Family, counters: tuple[bytes, bytes]
) -> None:
    """Reopen an answered case for whoever holds one of its receipts; raise Problem otherwise."""
    given = body.get("receipt")
    if not given or family.revision >= MOST_REVISIONS:
        submitted_at = utc(family.submitted_at) if family.submitted_at else None
        raise Problem("already-submitted", submitted_at=submitted_at, persons=family.persons)
    if not holds_receipt(household_id, given):
        count_failure(counters, datetime.now(UTC))
        raise Problem("receipt-differs")
    if family.state == State.SUBMITTED:
        pool.run(
            lambda connection: actions.reopen(
                connection, household_id=household_id, revision=family.revision
            )
        )


def holds_receipt(household_id: int, given: str) -> bool:
    """Tell whether the number, however it is written, is a receipt of this household."""
    try:
        number = numbers.normalise(given)
    except numbers.NotANumber:
        return False
    return pool.run(
        lambda connection: queries.has_receipt(connection, household_id=household_id, number=number)
    )


def registered_niks(household_id: int, record: dict[str, Any]) -> bytes:
    """Return for the session what the register has; an unlisted family's NIKs are not in it."""
    if is_unlisted(household_id):
        return b""
    return sessions.prefixes([person["nik"] for person in record["persons"]])


def welcome(
    household_id: int, family: Family, record: dict[str, Any], state: str
) -> dict[str, Any]:
    """Return the answer to a family that has found itself."""
    admission.started()
    instrument = instruments.current()
    session = Session(
        household_id=household_id,
        revision=family.revision,
        persons_before=family.persons,
        identified=family.position,
        begun=int(datetime.now(UTC).timestamp()),
        instrument=instrument.digest,
        registered=registered_niks(household_id, record),
    )
    asked = None
    if settings.CACAH_PREFILL == "card":
        asked = prefill.question(record, family.position)
    shown = state if state in (State.EXPECTED, State.REOPENED) else State.OPENED.value
    return {
        "session": sessions.issue(session),
        "expires_at": utc(datetime.fromtimestamp(session.expires(), UTC)),
        "case": {"state": shown, "revision": family.revision},
        "instrument": {"id": instrument.id, "digest": instrument.digest},
        "prefill": prefill.at_once(record, family.area, settings.CACAH_PREFILL),
        "question": asked.as_answer() if asked else None,
    }
