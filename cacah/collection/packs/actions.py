"""The only writer of session packs and of what they deliver.

Each item is taken in one transaction, which the caller holds together with the pack's row: so two
deliveries of one pack never meet in an item, and a pack is withdrawn before an item or after it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
from django.db import connection as django_connection

from cacah.areas.queries import is_village
from cacah.collection import noticing, receipts
from cacah.collection.actions import SUBMIT_NOTICING, Checked, mark_opened, reopen, values_of
from cacah.collection.guide import SEAT
from cacah.collection.intake import census_day
from cacah.collection.models import Beside, Brought, Pack, PackVisit
from cacah.collection.packs import queries
from cacah.collection.packs.queries import Outcome
from cacah.collection.packs.shapes import Answers, Refused, Wish, Word
from cacah.collection.problems import Problem
from cacah.collection.sealing import is_sealed_to_office
from cacah.collection.statements import Rows
from cacah.registry.actions import (
    UnlistedFamily,
    add_unlisted,
    ask_for_a_visit,
    keep_reference,
)
from cacah.registry.cases import sources
from cacah.registry.keys import server_keys, unlisted_id_of
from cacah.registry.models import Case, Household, Person, VisitRequest

INSTANT = timedelta(microseconds=1)


def make_pack(
    *, public_key: bytes, session_code: str, instrument: str, valid_until: datetime, at: datetime
) -> Pack:
    """Let a pack sign from now on; the doer and the trail are the calling room's."""
    return Pack.objects.create(
        public_key=public_key,
        session_code=session_code,
        instrument=instrument,
        made_at=at,
        valid_until=valid_until,
    )


def revoke_pack(*, pack_id: int, at: datetime) -> bool:
    """Take nothing of a pack any more; False where it was revoked before, or never was.

    Waits for the item that is being delivered at this moment. The trail is the calling room's.
    """
    return Pack.objects.filter(pk=pack_id, revoked_at=None).update(revoked_at=at) == 1


def hold(*, pack_id: int) -> Pack:
    """Return a pack that nobody else delivers or withdraws until the caller's transaction ends.

    Raises Problem(pack-unknown) where there is none of this number, or it is withdrawn.
    """
    found = Pack.objects.select_for_update(no_key=True).filter(pk=pack_id, revoked_at=None).first()
    if found is None:
        raise Problem("pack-unknown")
    return found


def take_answers(*, pack: Pack, answers: Answers, at: datetime) -> Outcome:
    """Store answers as the next revision, or beside those that came before them; each once.

    Raises Refused where they can be neither. The doer is the family itself.
    """
    digest = receipts.number_digest(answers.number)
    # From here on nobody else moves this family's case.
    case = Case.objects.select_for_update().filter(pk=answers.household_id).first()
    if case is None:
        raise Refused("household-unknown")
    if known := queries.place_of(digest):
        if known.revision != (answers.household_id, answers.revision):
            raise Refused("number-taken")
        return known.outcome
    if answers.instrument != pack.instrument:
        raise Refused("instrument-unknown")
    if not is_sealed_to_office(answers.sealed):
        raise Refused("not-sealed")
    if _comes_next(case, answers) and _submit(pack, case, answers, at):
        Brought.objects.create(receipt_digest=digest, pack=pack, delivered_at=at)
        return "stored"
    _keep_beside(pack, answers, digest, at)
    return "beside"


def _comes_next(case: Case, answers: Answers) -> bool:
    """Tell whether these are the family's next answers; raises Refused where others are awaited.

    A correction is one of the answers that the laptop had, not of others: answers of the web are
    opened with their receipt alone, and no laptop can know that.
    """
    if answers.corrects:
        before = queries.place_of(receipts.number_digest(answers.corrects))
        if before is None or before.revision != (case.pk, answers.revision - 1):
            raise Refused("revision-missing")
        if before.outcome == "beside":
            return False
    if case.revision < answers.revision - 1:
        raise Refused("revision-missing")
    if answers.revision > 1 and not answers.corrects:
        return False
    return case.revision == answers.revision - 1


def _submit(pack: Pack, case: Case, answers: Answers, at: datetime) -> bool:
    """Move the case and count, as the door does; False where the case's state forbids it."""
    rows: Rows = django_connection.connection
    counted_at = _counted_at(pack, case, answers.issued_at, at)
    opened_at = answers.opened_at
    if opened_at and pack.made_at <= opened_at < counted_at:
        day = census_day(opened_at)
        mark_opened(rows, household_ids=[case.pk], at=opened_at, day=day, mode=answers.mode)
    if answers.revision > 1:
        # Whoever corrects on the laptop has shown its receipt there.
        reopen(rows, household_id=case.pk, revision=case.revision)
    checked = _checked(pack, case, answers)
    values = values_of(checked, counted_at, census_day(counted_at)) | {
        "issued_at": answers.issued_at,
        "foreign": sorted(set(checked.foreign)),
    }
    values["sources"] = [*values["sources"], *sources("answer unlisted")]
    return SUBMIT_NOTICING.within(rows, values) is not None


def _checked(pack: Pack, case: Case, answers: Answers) -> Checked:
    """Return the answers as the door's statement takes them."""
    registered = Person.objects.filter(household_id=case.pk).values_list("nik_digest", flat=True)
    own = {bytes(digest) for digest in registered}
    seat = answers.guide
    return Checked(
        household_id=case.pk,
        revision=answers.revision,
        persons=answers.persons,
        persons_before=case.persons,
        mode=answers.mode,
        instrument=answers.instrument,
        key_digest=receipts.submission_key_digest(answers.key),
        receipt_digest=receipts.number_digest(answers.number),
        nik_digests=answers.nik_digests,
        sealed=answers.sealed,
        foreign=[digest for digest in answers.nik_digests if digest not in own],
        guide=seat if SEAT.fullmatch(seat) and seat.startswith(f"{pack.session_code}.") else "",
    )


def _counted_at(pack: Pack, case: Case, said: datetime, now: datetime) -> datetime:
    """Return the moment at which answers count: the laptop's, unless its clock cannot be right.

    It differs from the moments that the case has, by which first answers are told from later ones.
    """
    at = max(pack.made_at, min(said, now))
    if case.submitted_at:
        at = max(at, case.submitted_at + INSTANT)
    return at + INSTANT if at == case.opened_at else at


def _keep_beside(pack: Pack, answers: Answers, digest: bytes, at: datetime) -> None:
    Beside.objects.create(
        receipt_digest=digest,
        household_id=answers.household_id,
        revision=answers.revision,
        issued_at=answers.issued_at,
        mode=answers.mode,
        persons=answers.persons,
        instrument=answers.instrument,
        sealed=answers.sealed,
        pack=pack,
        delivered_at=at,
    )


def take_word(*, pack: Pack, word: Word, at: datetime) -> Outcome:
    """Store an unlisted family under the id and the reference that the laptop gave it; each once.

    Raises Refused where either is another family's. The doer is the family itself.
    """
    if not is_village(word.area):
        raise Refused("area-unknown")
    rows: Rows = django_connection.connection
    digest = server_keys().reference_digest(word.reference)
    if Household.objects.filter(pk=unlisted_id_of(digest)).exists():
        raise Refused("reference-taken")
    said_at = max(pack.made_at, min(word.at, at))
    family = _unlisted(word, digest)
    fresh = add_unlisted(rows, family=family, at=said_at, day=census_day(said_at))
    if not keep_reference(rows, digest=digest, household_id=word.household_id):
        raise Refused("reference-taken")
    if fresh:
        _notice(rows, word, at)
    return "stored" if fresh else "again"


def _unlisted(word: Word, digest: bytes) -> UnlistedFamily:
    keys = server_keys()
    return UnlistedFamily(
        household_id=word.household_id,
        reference_digest=digest,
        area=word.area,
        persons=word.persons,
        record=keys.seal_record(word.household_id, word.record),
        content_digest=keys.content_digest(orjson.dumps(word.record)),
        visit=word.visit,
    )


def _notice(rows: Rows, word: Word, at: datetime) -> None:
    """Find who came another way too, as the door does with the NIK that was typed."""
    keys = server_keys()
    digests = {keys.nik_digest(one["nik"]) for one in word.record["persons"] if one.get("nik")}
    if digests:
        given = {"household_id": word.household_id, "at": at, "foreign": sorted(digests)}
        noticing.NOTICE.within(rows, given)


def take_wish(*, pack: Pack, wish: Wish, at: datetime) -> Outcome:
    """Note that a family wants to be visited; each wish once, and none over a newer one.

    Raises Refused for a family that is not known. The doer is the family itself.
    """
    household_id, reason, words = wish.household_id, wish.reason, wish.words
    keys, said = server_keys(), [pack.pk, household_id, reason, words, wish.at]
    digest = keys.content_digest(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    if PackVisit.objects.filter(pk=digest).exists():
        return "again"
    PackVisit.objects.create(digest=digest, pack=pack)
    if VisitRequest.objects.filter(pk=household_id, at__gt=wish.at).exists():
        return "again"
    first = ask_for_a_visit(
        django_connection.connection,
        household_id=household_id,
        reason=reason,
        sealed=keys.seal_record(household_id, words),
        at=min(wish.at, at),
    )
    if first is None:
        raise Refused("household-unknown")
    return "stored"
