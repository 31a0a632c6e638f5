"""Answers `submit`: who may still send gets the receipt of what is safely stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cacah.collection import (
    bodies,
    forgetting,
    instruments,
    intake,
    pool,
    queries,
    receipts,
    sessions,
    window,
)
from cacah.collection.intake import NotFirst, Sent
from cacah.collection.moments import utc
from cacah.collection.problems import Problem
from cacah.collection.receipts import Receipt
from cacah.collection.sessions import NotASession, Session
from cacah.registry.keys import server_keys

Answer = tuple[int, dict[str, Any]]


def submit(body: dict[str, Any], _client: str) -> Answer:
    """Return the receipt of answers that are safely stored; see docs/door.md for refusals."""
    try:
        session = sessions.read(body["session"])
    except NotASession:
        raise Problem("session-invalid") from None
    window_now = window.current()
    sent = Sent(session, bodies.submission_key(body["key"]), window_now.census, body)
    try:
        may_still_submit(session, body["instrument"], window_now, datetime.now(UTC))
    except Problem as refusal:
        # What was stored before the window closed keeps its receipt, however late the retry.
        return again(sent, refusal)
    try:
        signed = intake.take_together(sent)
    except NotFirst:
        return again(sent, Problem("already-submitted"))
    forgetting.answered(session.household_id)
    return 201, signed.as_answer()


def may_still_submit(
    session: Session, instrument: str, open_window: window.Window, now: datetime
) -> None:
    """Raise the Problem for which these answers cannot be taken any more."""
    if now.timestamp() >= session.expires():
        raise Problem("session-expired")
    open_window.check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    if instrument != instruments.current().digest or session.instrument != instrument:
        raise Problem("instrument-changed")


def again(sent: Sent, refusal: Problem) -> Answer:
    """Return the receipt given before, if this very submission is stored; else raise `refusal`."""
    stored = pool.run(
        lambda connection: queries.find_stored(
            connection, household_id=sent.session.household_id, revision=sent.revision
        )
    )
    if stored is None:
        raise refusal
    if stored.key_digest != receipts.submission_key_digest(sent.key):
        raise Problem(
            "already-submitted",
            submitted_at=utc(stored.issued_at),
            persons=stored.persons,
        )
    at, persons, unverified = stored.issued_at, stored.persons, stored.to_be_verified
    pack, revision = server_keys().pack, sent.revision
    receipt = Receipt(sent.census, sent.number, at, persons, revision, unverified, pack)
    return 200, intake.signed(receipt).as_answer()
