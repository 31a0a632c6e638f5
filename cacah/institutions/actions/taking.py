"""Puts an upload on the roster, all or nothing: a small one at once, a large one by a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from procrastinate.exceptions import JobAborted

from cacah.institutions import drafts, sealing
from cacah.institutions.actions import locks, roster, turnover
from cacah.institutions.actions.tree import NewInstitution, add_institution
from cacah.institutions.actions.uploads import NotReady, hold_upload, trace_upload
from cacah.institutions.models import Institution, Stage, Upload, UploadRow
from cacah.institutions.queries import is_within
from cacah.staff.models import Officer
from cacah.staff.queries import scope_of
from cacah.staff.roles import Permission
from cacah.staff.work.actions import begin, cancel
from cacah.staff.work.queries import OPEN, job

# So many people are stored while the page is awaited.
AT_ONCE = 2_000
_TELL_EVERY = 500


class Tell(Protocol):
    """What is told how far it is: staff.work.actions.Telling."""

    def __call__(self, *, done: int, of: int = 0) -> None: ...


def silent(*, done: int, of: int = 0) -> None:
    """Tell nobody."""


def take_upload(
    *, by: Officer, upload: Upload, replace: bool, units: Mapping[str, int]
) -> roster.Stored | None:
    """Put everybody of an upload on the roster, or have a job do it where they are many (None).

    `units` says which institution below is meant by a unit's name; a name that is neither there
    nor that of one below becomes a new one. Raises NotReady while rows are wrong, and
    turnover.TooManyLeave, which the upload's `problem` says too.
    """
    with transaction.atomic():
        hold_upload(upload, Stage.CHECKED)
        people = _people(upload)
        if people > AT_ONCE:
            begun = begin("institutions.take", upload=str(upload.pk))
            wish = {"by": by.pk, "replace": replace, "units": dict(units)}
            changes = {"wish": wish, "problem": None, "job_id": begun}
            _move(upload, Stage.CHECKED, stage=Stage.STORING, **changes)
            return None
    try:
        return _take(by, upload, Stage.CHECKED, (replace, units), silent)
    except turnover.TooManyLeave as refused:
        _move(upload, Stage.CHECKED, stage=Stage.CHECKED, problem=refused.problem)
        raise


def take_asked(*, upload: UUID, tell: Tell) -> bool:
    """Do what a coordinator has asked a job for; False where nobody waits for it any more.

    The roster is as before until everybody is on it. Whatever keeps the job from that gives the
    upload back, to be taken again or dropped; raises it too.
    """
    asked = Upload.objects.select_related("institution").filter(pk=upload).first()
    if asked is None or asked.stage != Stage.STORING:
        return False
    wish: dict[str, Any] = asked.wish or {}
    by = Officer.objects.get(pk=wish["by"])
    if not _may_still(by, asked.institution):
        _give_back(asked, {"code": "not-stored"})
        return False
    try:
        _take(by, asked, Stage.STORING, (wish["replace"], wish["units"]), tell)
    except JobAborted:
        _give_back(asked, None)
        raise
    except turnover.TooManyLeave as refused:
        _give_back(asked, refused.problem)
    except BaseException:
        _give_back(asked, {"code": "not-stored"})
        raise
    return True


def _may_still(by: Officer, institution: Institution) -> bool:
    """Tell whether the coordinator who asked still is one, now that it is about to be done."""
    roots = scope_of(by).institutions(Permission.MANAGE_ROSTER)
    return by.suspended_at is None and is_within(institution, roots)


def stop_taking(*, by: Officer, upload: Upload) -> None:
    """Have the job that stores an upload end, and the roster stay as it is.

    Raises NotReady where it is not being stored (any more).
    """
    if upload.stage != Stage.STORING or not cancel(job_id=upload.job_id or 0, by=by):
        raise NotReady
    recover(upload=upload)


def recover(*, upload: Upload) -> None:
    """Give back an upload whose job has ended without storing it; the doer is who looks at it."""
    if upload.stage != Stage.STORING:
        return
    found = job(upload.job_id or 0)
    if found is None or found.state not in OPEN:
        was_ended = found is not None and found.state in ("cancelled", "aborted")
        _give_back(upload, None if was_ended else {"code": "not-stored"})


def _take(
    by: Officer, upload: Upload, stage: Stage, how: tuple[bool, Mapping[str, int]], tell: Tell
) -> roster.Stored:
    replace, units = how
    with turnover.bounded(by=by, institution=upload.institution_id):
        # Nobody else waits while rows are opened and sealed anew.
        hold_upload(upload, stage)
        people = _people(upload)
        rows = _ready(upload, lambda done: tell(done=done, of=2 * people))
        locks.hold_tree()
        named = _units(by, upload, units)
        stored = roster.store(
            institution=upload.institution_id,
            rows=[roster.Row(named.get(unit), digest, sealed) for unit, digest, sealed in rows],
            replace=replace,
            told=lambda done: tell(done=people + done, of=2 * people),
        )
        result = asdict(stored) | {"replace": replace}
        _move(upload, stage, stage=Stage.STORED, result=result, wish=None, problem=None)
        UploadRow.objects.filter(upload=upload)._raw_delete(using="default")
        trace_upload(by, "roster_taken", upload, **result)
    return stored


def _people(upload: Upload) -> int:
    """Return how many are to be taken; raises NotReady where that cannot be done."""
    if upload.sheet is None:
        raise NotReady
    found = drafts.summary(upload)
    if found.wrong or not found.people:
        raise NotReady
    return found.people


def _units(by: Officer, upload: Upload, chosen: Mapping[str, int]) -> dict[str, int]:
    """Return the institution of each unit's name, having made those that are not there."""
    held = drafts.units(upload)
    named = {unit.name: unit.institution for unit in held if unit.institution is not None}
    for unit in held:
        if unit.name in named:
            continue
        if unit.name in chosen:
            named[unit.name] = chosen[unit.name]
            continue
        new = NewInstitution(
            unit.name, parent=upload.institution_id, obliged=upload.institution.obliged
        )
        named[unit.name] = add_institution(by=by, new=new).pk
    return named


def _ready(upload: Upload, told: roster.Told) -> list[tuple[str, bytes, bytes]]:
    """Return unit, digest of the NIK and sealed words of everybody who is to be taken."""
    rows = []
    for each in drafts.to_take(upload):
        cells = sealing.opened_cells(
            drafts.place_of(upload.pk, each.sheet, each.row), bytes(each.sealed)
        )
        digest = bytes(each.nik_digest)
        words = sealing.Words(
            name=cells["name"], nik=cells["nik"][-4:], number=cells.get("number", "")
        )
        rows.append((each.unit, digest, sealing.seal(digest, words)))
        if len(rows) % _TELL_EVERY == 0:
            told(len(rows))
    return rows


def _give_back(upload: Upload, problem: dict[str, Any] | None) -> None:
    _move(upload, Stage.STORING, stage=Stage.CHECKED, wish=None, problem=problem, job_id=None)


def _move(upload: Upload, of: str, **changes: Any) -> None:
    Upload.objects.filter(pk=upload.pk, stage=of).update(moved_at=Now(), **changes)
    upload.refresh_from_db()
