"""The only writer of the help desk: it looks families up, and notes who wants to be visited.

Every family that is found or read leaves a line in the audit trail, and so does every pair that
belongs to nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection, transaction
from django.http import HttpRequest

from cacah.collection import actions as collecting
from cacah.collection import guesses
from cacah.collection import queries as collected
from cacah.helpdesk import queries
from cacah.helpdesk.queries import Family
from cacah.registry import queries as registry
from cacah.registry.actions import ask_for_a_visit
from cacah.registry.keys import server_keys
from cacah.staff import actions as staff
from cacah.staff.models import Officer
from cacah.staff.queries import area_of, scope_of
from cacah.staff.roles import Permission


class SlowDown(Exception):
    """Too many pairs of this officer belonged to nobody; `wait` seconds nothing is looked up."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


@transaction.atomic
def find_by_card(
    *, by: Officer, nik: str, kk: str, request: HttpRequest | None = None
) -> int | None:
    """Return the id of the household whose family card has both numbers, 16 digits each.

    None where they do not belong together, or the household lies outside the officer's areas:
    nobody learns which. That counts against the officer, and against the NIK as at the door.
    Raises SlowDown.
    """
    be_patient(by)
    keys = server_keys()
    nik_digest = keys.nik_digest(nik)
    found = registry.household_with(kk_digest=keys.kk_digest(kk), nik_digest=nik_digest)
    return _found(by, found, request, nik_key=guesses.nik_key(nik_digest))


@transaction.atomic
def find_by_reference(
    *, by: Officer, reference: str, request: HttpRequest | None = None
) -> int | None:
    """Return the id of the unlisted household of a reference number, as `numbers.spell` writes it.

    None and SlowDown as for `find_by_card`.
    """
    be_patient(by)
    return _found(by, registry.unlisted_with(reference), request)


def be_patient(by: Officer) -> None:
    """Let one look-up of an officer happen at a time; raises SlowDown."""
    Officer.objects.select_for_update().get(pk=by.pk)
    now = datetime.now(UTC)
    count = collected.failures(guesses.looked_up_key(by.pk), now=now)
    if wait := count.wait(guesses.LOOKED_UP, now):
        raise SlowDown(wait)


def _found(
    by: Officer,
    found: tuple[int, str] | None,
    request: HttpRequest | None,
    *,
    nik_key: bytes | None = None,
) -> int | None:
    """Return the household, of (id, area), where the officer may see it; else count it as wrong."""
    # Asked of what is not there, too: the time that an answer takes shall not tell which it was.
    scope = scope_of(by)
    if found is not None and scope.sees(found[1], Permission.SEE_PERSONS):
        return found[0]
    _count_wrong(by, request, nik_key=nik_key)
    return None


def _count_wrong(by: Officer, request: HttpRequest | None, *, nik_key: bytes | None = None) -> None:
    keys = {guesses.looked_up_key(by.pk): guesses.LOOKED_UP.forgotten_after}
    if nik_key is not None:
        keys[nik_key] = guesses.NIK.forgotten_after
    collecting.count_failures(connection.connection, keys=keys, at=datetime.now(UTC))
    staff.trace(by=by, verb="helpdesk.not_found", area=area_of(by), request=request)


@transaction.atomic
def read(*, by: Officer, household_id: int, request: HttpRequest | None = None) -> Family | None:
    """Return what the desk shows of a family; None where it lies outside the officer's areas."""
    known = queries.within_sight(by, household_id)
    if known is None:
        return None
    staff.trace(
        by=by,
        verb="helpdesk.family_read",
        subject=household_id,
        area=known.area,
        request=request,
    )
    return queries.family(known)


@transaction.atomic
def note_visit(
    *,
    by: Officer,
    household_id: int,
    reason: str,
    words: dict[str, str],
    request: HttpRequest | None = None,
) -> bool:
    """Note for a family that it wants to be visited; newer words replace older ones.

    `words` are `contact` and `note`, those that are not empty. False where the family lies
    outside the officer's areas.
    """
    known = queries.within_sight(by, household_id)
    if known is None:
        return False
    ask_for_a_visit(
        connection.connection,
        household_id=household_id,
        reason=reason,
        sealed=server_keys().seal_record(household_id, words),
        at=datetime.now(UTC),
    )
    staff.trace(
        by=by,
        verb="helpdesk.visit_asked",
        subject=household_id,
        area=known.area,
        details={"reason": reason},
        request=request,
    )
    return True
