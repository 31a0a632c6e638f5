"""Takes answers in: checks every rule again, seals, stores, and signs what is safely stored.

Families that send at the same moment go through together, one stage after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings

from cacah.collection import actions, guide, instruments, pool, receipts
from cacah.collection.pool import DatabaseUnreachable
from cacah.collection.problems import LANGUAGES, Problem
from cacah.collection.receipts import Receipt
from cacah.collection.sealing import Envelope, office_public_key
from cacah.collection.sessions import Session
from cacah.collection.together import Together
from cacah.questionnaire import interview
from cacah.registry.keys import server_keys
from cacah.registry.models import Mode

R = TypeVar("R")

MAX_MEMBERS = 60
FORMAT_VERSION = 1
# So many families that send at the same moment go together.
MOST_TOGETHER = 16

_keeper = pool.Keeper()
# The envelope of the last round, while somebody waits for the next one.
_passed_on: list[Envelope] = []


@dataclass(frozen=True)
class Sent:
    """Answers that came with a good session, in the order of docs/door.md; not checked yet."""

    session: Session
    # The submission's own, 16 bytes.
    key: bytes
    census: str
    body: dict[str, Any]

    @property
    def revision(self) -> int:
        """Return which revision of the household's answers these would be."""
        return self.session.revision + 1

    @cached_property
    def number(self) -> str:
        """Return the receipt number of this submission, the same at every retry."""
        return receipts.number_for(self.key, self.session.household_id, self.revision)


@dataclass(frozen=True, slots=True)
class Signed:
    """A receipt and the signed text that proves it."""

    receipt: Receipt
    text: str

    def as_answer(self) -> dict[str, Any]:
        """Return it as JSON; the same receipt gives the same to the letter."""
        return self.receipt.as_answer(self.text)


class NotFirst(Exception):
    """This revision of the household's answers is stored already, by whomever."""


def take(
    batch: list[Sent], at: datetime | None = None, envelope: Envelope | None = None
) -> list[Signed | Exception]:
    """Return for each the signed receipt, or why there is none: Problem, NotFirst, or a fault.

    All came at the moment `at`: now, except where a census is rehearsed.
    """
    now = at or datetime.now(UTC)
    day = census_day(now)
    envelope = envelope or office_public_key().envelope()
    checked = each(partial(check, day=day), batch)
    sealed = each(partial(seal, envelope=envelope), batch, checked)
    whole = [one for one in sealed if not isinstance(one, Exception)]
    stored = iter(store(whole, now, day) if whole else ())
    issued = [one if isinstance(one, Exception) else next(stored) for one in sealed]
    return each(partial(sign, at=now.replace(microsecond=0)), batch, sealed, issued)


def each(step: Callable[..., R], *columns: Sequence[Any]) -> list[R | Exception]:
    """Return `step` of each row of `columns`; a row whose last column failed stays as it is."""

    def outcomes() -> Iterator[R | Exception]:
        for row in zip(*columns, strict=True):
            if isinstance(row[-1], Exception):
                yield row[-1]
                continue
            try:
                yield step(*row)
            except Exception as error:
                yield error

    return list(outcomes())


def check(sent: Sent, *, day: date) -> interview.Checked:
    """Check every rule of the questionnaire; raise Problem(answers-refused) naming each."""
    answers = sent.body["answers"]
    if any(isinstance(rows, list) and len(rows) > MAX_MEMBERS for rows in answers.values()):
        raise Problem("too-large", limit_members=MAX_MEMBERS)
    language = sent.body.get("language")
    checked = interview.check(
        instruments.current(),
        answers,
        today=day,
        language=language if language in LANGUAGES else LANGUAGES[0],
    )
    remarks = sent.body.get("remarks") or {}
    problems = [
        problem
        for problem in checked.problems
        if not (problem.code == "warning" and remarks.get(problem.path, "").strip())
    ]
    if problems:
        listed = [{"code": p.code, "path": p.path, "message": p.message} for p in problems[:200]]
        raise Problem("answers-refused", problems=listed)
    return checked


def seal(sent: Sent, checked: interview.Checked, *, envelope: Envelope) -> actions.Checked:
    """Seal the answers to the office's key and gather what is stored beside them."""
    session = sent.session
    seat = guide.seat_of(sent.body.get("guide"))
    mode = Mode.GUIDED.value if seat else session.mode
    submission = {
        "format": FORMAT_VERSION,
        "instrument": session.instrument,
        "mode": mode,
        "revision": sent.revision,
        "answers": checked.clean,
        "remarks": remarks_of(sent.body, checked),
    }
    nik_digests = server_keys().nik_digests(niks_of(checked.clean))
    return actions.Checked(
        household_id=session.household_id,
        revision=sent.revision,
        persons=checked.persons,
        persons_before=session.persons_before,
        mode=mode,
        guide=seat,
        invitation=guide.invitation_of(sent.body.get("invitation")),
        instrument=session.instrument,
        key_digest=receipts.submission_key_digest(sent.key),
        receipt_digest=receipts.number_digest(sent.number),
        nik_digests=nik_digests,
        foreign=session.foreign(nik_digests),
        sealed=envelope.seal(session.household_id, sent.revision, submission),
    )


def remarks_of(body: dict[str, Any], checked: interview.Checked) -> dict[str, str]:
    """Return the remarks that explain a warning of these answers; others explain nothing."""
    remarks: dict[str, str] = body.get("remarks") or {}
    return {p.path: remarks[p.path] for p in checked.problems if p.code == "warning"}


def niks_of(answers: dict[str, Any]) -> list[bytes]:
    """Return the NIK of each person of repeat `person` who has one (docs/instrument.md)."""
    found = (find_nik(row) for row in answers.get("person", ()))
    return [nik.encode() for nik in found if nik is not None]


def find_nik(row: dict[str, Any]) -> str | None:
    """Return the answer to question `nik`, in the row itself or in one of its groups."""
    if row.get("nik"):
        return str(row["nik"])
    for value in row.values():
        if isinstance(value, dict) and (found := find_nik(value)):
            return found
    return None


def store(
    sealed: list[actions.Checked], now: datetime, day: date
) -> list[actions.Stored | Exception]:
    """Store them durably; return for each that it is stored, or why not.

    Raises DatabaseUnreachable.
    """
    outcomes = pool.run(partial(actions.submit, checked=sealed, at=now, day=day), _keeper)
    return [
        outcome if isinstance(outcome, actions.Stored) else not_stored(outcome)
        for outcome in outcomes
    ]


def not_stored(outcome: psycopg.Error | None) -> Exception:
    """Return what it means to the family that `actions.submit` has not stored its answers."""
    if isinstance(outcome, psycopg.OperationalError):
        return DatabaseUnreachable()  # somebody holds the case: later it can be asked
    return outcome or NotFirst()


def sign(sent: Sent, sealed: actions.Checked, stored: actions.Stored, *, at: datetime) -> Signed:
    """Return the receipt of what has been stored."""
    pack, unverified = server_keys().pack, stored.to_be_verified
    persons, revision = sealed.persons, sent.revision
    return signed(Receipt(sent.census, sent.number, at, persons, revision, unverified, pack))


def signed(receipt: Receipt) -> Signed:
    """Sign a receipt; the same one has the same signature."""
    return Signed(receipt, receipts.sign(receipt))


def census_day(now: datetime) -> date:
    """Return the day it is where the census is taken."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def take_round(batch: list[Sent]) -> list[Signed | Exception]:
    """Take a round in; an envelope that holds few goes on to the next, if somebody waits for that.

    So it is shared by 31 families at most, and gone as soon as nobody waits.
    """
    envelope = _passed_on.pop() if _passed_on else office_public_key().envelope()
    try:
        return take(batch, envelope=envelope)
    finally:
        if take_together.waiting and envelope.count < MOST_TOGETHER:
            _passed_on.append(envelope)


take_together: Together[Sent, Signed] = Together(take_round, most=MOST_TOGETHER)
