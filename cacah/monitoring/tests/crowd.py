"""A crowd that does everything at once to the same families: what the fold must get right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from itertools import count

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cacah.collection import actions, pool
from cacah.monitoring.actions import fold
from cacah.registry.actions import UnlistedFamily, add_unlisted
from cacah.registry.models import Case, Household, ProgressDelta

VILLAGES = ("3325111015", "3325111016", "3325121001", "5101012001")
AREAS = [("33", "A"), ("3325", "B"), ("332511", "C"), ("332512", "D"), ("3325111015", "E")]
AREAS += [("3325111016", "F"), ("3325121001", "G"), ("51", "H"), ("5101", "I"), ("510101", "J")]
AREAS += [("5101012001", "K")]
FAMILIES = 12
BEGIN = datetime(2020, 2, 15, tzinfo=UTC)
TICKS = count()


def digest(*of: object) -> bytes:
    return blake2b(repr(of).encode(), digest_size=16).digest()


def moment(step: int) -> datetime:
    """Some moment of some day of the census, never the same twice."""
    return BEGIN + timedelta(hours=7 * step, microseconds=next(TICKS))


def day_of(at: datetime) -> date:
    return timezone.localdate(at)


def register(family: int, step: int) -> None:
    """Import a family, as the register does: with a change of its whole area."""
    area = VILLAGES[family % len(VILLAGES)]
    with suppress(DatabaseError), transaction.atomic():
        Household.objects.create(
            id=family, kk_digest=digest(family), area=area, persons=3, record=b"x",
            content_digest=digest(family), source_id=1,
        )  # fmt: skip
        Case.objects.create(household_id=family, area=area)
        ProgressDelta.objects.create(
            area=area, day=day_of(moment(step)), mode="", expected_families=1, expected_persons=3
        )


def open_form(family: int, step: int) -> None:
    at = moment(step)
    pool.run(
        lambda c: actions.mark_opened(c, household_ids=[family], at=at, day=day_of(at), mode="cawi")
    )


def leave_word(family: int, step: int) -> None:
    words = UnlistedFamily(
        -family, digest(-family), VILLAGES[family % len(VILLAGES)], 2, b"x", digest(family), False
    )
    at = moment(step)
    pool.run(lambda c: add_unlisted(c, family=words, at=at, day=day_of(at)))


def answer(family: int, step: int) -> None:
    """Submit, or correct what was submitted: more people, or fewer."""
    case = Case.objects.filter(household_id=family).first()
    if case is None:
        return
    if case.state == "submitted":
        pool.run(lambda c: actions.reopen(c, household_id=family, revision=case.revision))
    checked = actions.Checked(
        household_id=family,
        revision=case.revision + 1,
        persons=1 + step % 5,
        persons_before=case.persons,
        mode=("cawi", "guided", "capi")[step % 3],
        instrument="tiny",
        key_digest=digest("key", family, step),
        receipt_digest=digest("receipt", family, case.revision, step),
        nik_digests=[],
        sealed=b"sealed",
        foreign=[digest("person", family)] if step % 4 == 0 else [],
    )
    at = moment(step)
    pool.run(lambda c: actions.submit(c, checked=[checked], at=at, day=day_of(at)))


def answer_unlisted(family: int, step: int) -> None:
    answer(-family, step)


def fold_some(family: int, step: int) -> None:
    fold(most=1 + step % 7)


def fold_and_think_again(family: int, step: int) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        fold(most=1 + step % 7)
        raise ZeroDivisionError


def fold_and_be_killed(family: int, step: int) -> None:
    """Lose the connection between the counting and the commit."""
    with suppress(DatabaseError), transaction.atomic():
        fold(most=1 + step % 7)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()


VERBS: tuple[Callable[[int, int], None], ...] = (
    register,
    open_form,
    answer,
    answer,
    leave_word,
    answer_unlisted,
    fold_some,
    fold_some,
    fold_and_think_again,
    fold_and_be_killed,
)
