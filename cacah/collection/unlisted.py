"""Answers `unlisted`: a family that the register does not have leaves word, and may answer at once.

Its reference number is to it what NIK and KK number are to a registered family.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from cacah.areas.queries import is_village
from cacah.collection import (
    actions,
    admission,
    bodies,
    guesses,
    numbers,
    pool,
    queries,
    receipts,
    window,
)
from cacah.collection.identify import ask_for_patience, count_failure, reopen, welcome
from cacah.collection.intake import census_day
from cacah.collection.problems import Problem
from cacah.collection.queries import Found
from cacah.registry.actions import UnlistedFamily, add_unlisted
from cacah.registry.keys import server_keys, unlisted_id_of
from cacah.registry.models import State

Answer = tuple[int, dict[str, Any]]


def leave_word(body: dict[str, Any], client: str) -> Answer:
    """Store the family under a reference number; return that and a session to answer at once.

    The same `key` again gets the same reference and changes nothing.
    """
    now = datetime.now(UTC)
    window.current().check(now)
    admission.let_in(body.get("place"))
    if not is_village(body["village"]):
        problem = {"path": "village", "message": "the code of a village is expected"}
        raise Problem("bad-request", problems=[problem])
    reference = receipts.reference_for(bodies.submission_key(body["key"]))
    stored = words_of(body, reference)
    household_id = stored.household_id
    counters = (guesses.nik_key(stored.reference_digest), guesses.unlisted_key(client))
    found, fresh = find(household_id, counters, now), False
    if found.family is None:
        ask_for_patience(body, found, counters, now)
        fresh = pool.run(lambda c: add_unlisted(c, family=stored, at=now, day=census_day(now)))
        found = find(household_id, counters, now)
    digests = digests_of(household_id, found)
    pool.run(lambda c: actions.notice(c, household_id=household_id, digests=digests, at=now))
    if fresh:
        keys = {counters[1]: guesses.NETWORK.forgotten_after}
        pool.run(lambda c: actions.count_failures(c, keys=keys, at=now))
    return 201 if fresh else 200, answer(body, reference, household_id, found, counters)


def open_again(body: dict[str, Any], client: str) -> Answer:
    """Return a session to whoever holds the reference number; once answered, a receipt's too."""
    now = datetime.now(UTC)
    window.current().check(now)
    admission.let_in(body.get("place"))
    try:
        reference = numbers.normalise(body["reference"])
    except numbers.NotANumber:
        raise Problem("reference-not-found") from None
    digest = server_keys().reference_digest(reference)
    counters = (guesses.nik_key(digest), guesses.network_key(client))
    household_id = pool.run(lambda c: queries.household_of(c, reference_digest=digest))
    found = find(household_id, counters, now)
    if found.nik.failures or found.network.failures:
        ask_for_patience(body, found, counters, now)
    if found.family is None:
        count_failure(counters, now)
        raise Problem("reference-not-found")
    return 200, answer(body, reference, household_id, found, counters)


def answer(
    body: dict[str, Any],
    reference: str,
    household_id: int,
    found: Found,
    counters: tuple[bytes, bytes],
) -> dict[str, Any]:
    """Return what `identify` returns, with the reference and what the family itself has said."""
    family = found.family
    if family is None:
        # It was stored a moment ago: somebody removed it in between.
        raise Problem("try-later", retry_after=1)
    if family.revision:
        reopen(body, household_id, family, counters)
    record = server_keys().open_record(household_id, family.record)
    shown = State.REOPENED if family.revision else State.UNLISTED
    return welcome(household_id, family, record, State.OPENED.value) | {
        "reference": reference,
        "case": {"state": shown.value, "revision": family.revision},
        "prefill": {"household": {"area": family.area}, "persons": record["persons"]},
        "question": None,
    }


def find(household_id: int, counters: tuple[bytes, bytes], now: datetime) -> Found:
    """Return the unlisted family of an id, and the counters that stand before its door."""
    return pool.run(
        lambda connection: queries.find_unlisted(
            connection, household_id=household_id, counters=counters, now=now
        )
    )


def words_of(body: dict[str, Any], reference: str) -> UnlistedFamily:
    """Seal what the family says into a household of its own.

    The record has the register's shape (docs/register.md), so that readers need not tell them
    apart; `contact`, `people` and `kk` come on top.
    """
    keys = server_keys()
    digest = keys.reference_digest(reference)
    household_id = unlisted_id_of(digest)
    person = {"name": body["name"].strip()} | ({"nik": body["nik"]} if body.get("nik") else {})
    record = {"address": body["address"].strip(), "people": body["persons"], "persons": [person]}
    for name in ("contact", "kk"):
        if body.get(name):
            record[name] = body[name].strip()
    return UnlistedFamily(
        household_id=household_id,
        reference_digest=digest,
        area=body["village"],
        persons=body["persons"],
        record=keys.seal_record(household_id, record),
        content_digest=keys.content_digest(orjson.dumps(record)),
        visit=body["visit"],
    )


def digests_of(household_id: int, found: Found) -> list[bytes]:
    """Return the digest of the NIK that was typed first: it finds who came another way too.

    Not of what a repeat says, which would put as many numbers on the review list as it likes.
    """
    if found.family is None:
        return []
    keys = server_keys()
    persons = keys.open_record(household_id, found.family.record)["persons"]
    return [keys.nik_digest(person["nik"]) for person in persons if "nik" in person]
