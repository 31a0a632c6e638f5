"""Answers `card`: one question from the family card opens the rest of the prefill."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from cacah.collection import actions, guesses, pool, prefill, queries, sessions, window
from cacah.collection.problems import Problem
from cacah.collection.sessions import NotASession, Session
from cacah.registry.keys import server_keys

Answer = tuple[int, dict[str, Any]]


def answer_card(body: dict[str, Any], _client: str) -> Answer:
    """Return everything the register holds, if the answer is on the card."""
    now = datetime.now(UTC)
    session = running(body["session"], now)
    window.current().check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    key = guesses.card_key(session.household_id)
    found = pool.run(
        lambda connection: queries.find_card(
            connection, household_id=session.household_id, card_key=key, now=now
        )
    )
    if found is None or settings.CACAH_PREFILL not in ("card", "all"):
        raise Problem("card-answer-differs")
    record = server_keys().open_record(session.household_id, found.record)
    if not session.card_answered:
        if found.failures >= guesses.CARD_TRIES and found.until is not None:
            seconds = int((found.until - now).total_seconds())
            raise Problem("slow-down", retry_after=max(1, seconds))
        check_answer(record, session, body["answer"], now)
    again = sessions.issue(replace(session, card_answered=True))
    return 200, {"session": again, "prefill": prefill.everything(record, found.area)}


def check_answer(record: dict[str, Any], session: Session, answer: str, now: datetime) -> None:
    """Raise Problem(card-answer-differs) and count the try, unless the answer is right."""
    asked = prefill.question(record, session.identified)
    if asked is not None and prefill.is_right(record, asked, answer):
        return
    keys = {guesses.card_key(session.household_id): guesses.CARD_FORGOTTEN_AFTER}
    failures = pool.run(lambda c: actions.count_failures(c, keys=keys, at=now))
    left = max(0, guesses.CARD_TRIES - failures[0])
    raise Problem("card-answer-differs", tries_left=left)


def running(token: str, now: datetime) -> Session:
    """Return the session of a token; raise Problem(session-invalid or session-expired)."""
    try:
        session = sessions.read(token)
    except NotASession:
        raise Problem("session-invalid") from None
    if now.timestamp() >= session.expires():
        raise Problem("session-expired")
    return session
