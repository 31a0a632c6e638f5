"""Answers `submit`: check every rule again, seal, store, and only then give the receipt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cacah.collection import (
    actions,
    bodies,
    drafts,
    instruments,
    pool,
    queries,
    receipts,
    sessions,
    window,
)
from cacah.collection.problems import LANGUAGES, Problem
from cacah.collection.receipts import Receipt
from cacah.collection.sealing import office_public_key
from cacah.collection.sessions import NotASession, Session
from cacah.questionnaire import interview
from cacah.registry.keys import is_unlisted, server_keys

Answer = tuple[int, dict[str, Any]]
MAX_MEMBERS = 60
FORMAT_VERSION = 1


def submit(body: dict[str, Any], _client: str) -> Answer:
    """Return the receipt of answers that are safely stored; see docs/door.md for refusals."""
    now = datetime.now(UTC)
    try:
        session = sessions.read(body["session"])
    except NotASession:
        raise Problem("session-invalid") from None
    key = bodies.submission_key(body["key"])
    window_now = window.current()
    try:
        may_still_submit(session, body["instrument"], window_now, now)
    except Problem as refusal:
        # What was stored before the window closed keeps its receipt, however late the retry.
        return again(session, key, window_now.census, refusal)
    checked = check(body, now)
    number, at = number_of(session, key), now.replace(microsecond=0)
    digests = receipts.submission_key_digest(key), receipts.number_digest(number)
    issued = seal(session, digests, checked, remarks_of(body, checked))
    day, unverified = census_day(now), False
    if issued.foreign or is_unlisted(session.household_id):
        stored, unverified = pool.run(
            lambda connection: actions.submit_noticing(connection, checked=issued, at=now, day=day)
        )
    else:
        stored = pool.run(
            lambda connection: actions.submit(connection, checked=issued, at=now, day=day)
        )
    if not stored:
        return again(session, key, window_now.census, Problem("already-submitted"))
    drafts.answered(session.household_id)
    receipt = Receipt(window_now.census, number, at, checked.persons, issued.revision, unverified)
    return 201, receipt_answer(receipt)


def may_still_submit(
    session: Session, instrument: str, open_window: window.Window, now: datetime
) -> None:
    """Raise the Problem for which these answers cannot be taken any more."""
    if now.timestamp() >= session.expires():
        raise Problem("session-expired")
    open_window.check(now, begun=datetime.fromtimestamp(session.begun, UTC))
    if instrument != instruments.current().digest or session.instrument != instrument:
        raise Problem("instrument-changed")


def again(session: Session, key: bytes, census: str, refusal: Problem) -> Answer:
    """Return the receipt given before, if this very submission is stored; else raise `refusal`."""
    stored = pool.run(
        lambda connection: queries.find_stored(
            connection, household_id=session.household_id, revision=session.revision + 1
        )
    )
    if stored is None or stored.key_digest != receipts.submission_key_digest(key):
        if stored is not None:
            raise Problem(
                "already-submitted",
                submitted_at=window.utc(stored.issued_at),
                persons=stored.persons,
            )
        raise refusal
    number, revision = number_of(session, key), session.revision + 1
    at, persons, unverified = stored.issued_at, stored.persons, stored.to_be_verified
    receipt = Receipt(census, number, at, persons, revision, unverified)
    return 200, receipt_answer(receipt)


def check(body: dict[str, Any], now: datetime) -> interview.Checked:
    """Check every rule of the questionnaire; raise Problem(answers-refused) naming each."""
    answers = body["answers"]
    if any(isinstance(rows, list) and len(rows) > MAX_MEMBERS for rows in answers.values()):
        raise Problem("too-large", limit_members=MAX_MEMBERS)
    checked = interview.check(
        instruments.current(),
        answers,
        today=census_day(now),
        language=body.get("language") if body.get("language") in LANGUAGES else LANGUAGES[0],
    )
    remarks = body.get("remarks") or {}
    problems = [
        problem
        for problem in checked.problems
        if not (problem.code == "warning" and remarks.get(problem.path, "").strip())
    ]
    if problems:
        listed = [{"code": p.code, "path": p.path, "message": p.message} for p in problems[:200]]
        raise Problem("answers-refused", problems=listed)
    return checked


def remarks_of(body: dict[str, Any], checked: interview.Checked) -> dict[str, str]:
    """Return the remarks that explain a warning of these answers; others explain nothing."""
    remarks: dict[str, str] = body.get("remarks") or {}
    return {p.path: remarks[p.path] for p in checked.problems if p.code == "warning"}


def number_of(session: Session, key: bytes) -> str:
    """Return the receipt number of this submission, the same at every retry."""
    return receipts.number_for(key, session.household_id, session.revision + 1)


def seal(
    session: Session,
    digests: tuple[bytes, bytes],
    checked: interview.Checked,
    remarks: dict[str, str],
) -> actions.Checked:
    """Seal the answers to the office's key and gather what is stored beside them.

    `digests` are those of the submission's key and of the receipt's number.
    """
    revision = session.revision + 1
    nik_digests = [server_keys().nik_digest(nik) for nik in niks_of(checked.clean)]
    submission = {
        "format": FORMAT_VERSION,
        "instrument": session.instrument,
        "mode": session.mode,
        "revision": revision,
        "answers": checked.clean,
        "remarks": remarks,
    }
    return actions.Checked(
        household_id=session.household_id,
        revision=revision,
        persons=checked.persons,
        persons_before=session.persons_before,
        mode=session.mode,
        instrument=session.instrument,
        key_digest=digests[0],
        receipt_digest=digests[1],
        nik_digests=nik_digests,
        foreign=session.foreign(nik_digests),
        sealed=office_public_key().seal(session.household_id, revision, submission),
    )


def niks_of(answers: dict[str, Any]) -> list[str]:
    """Return the NIK of each person of repeat `person` who has one (docs/instrument.md)."""
    return [nik for row in answers.get("person", ()) if isinstance(nik := find_nik(row), str)]


def find_nik(row: dict[str, Any]) -> str | None:
    """Return the answer to question `nik`, in the row itself or in one of its groups."""
    if row.get("nik"):
        return str(row["nik"])
    for value in row.values():
        if isinstance(value, dict) and (found := find_nik(value)):
            return found
    return None


def receipt_answer(receipt: Receipt) -> dict[str, Any]:
    """Return the signed receipt as JSON; the same receipt gives the same to the letter."""
    return receipt.as_answer(receipts.sign(receipt))


def census_day(now: datetime) -> date:
    """Return the day it is where the census is taken."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
