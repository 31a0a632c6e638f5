"""Verbs of uploads: begin, keep what was read, correct, take, drop; nothing is half imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from psycopg.types.json import Jsonb

from cacah.institutions import drafts, sealing
from cacah.institutions.actions import locks, roster
from cacah.institutions.actions.tree import NewInstitution, add_institution
from cacah.institutions.files.cells import Person, check
from cacah.institutions.files.problems import BadRoster
from cacah.institutions.files.reading import read
from cacah.institutions.models import Institution, Stage, Upload, UploadRow
from cacah.registry.keys import server_keys
from cacah.staff.actions import trace
from cacah.staff.models import Officer

KEPT_FOR = timedelta(days=7)
_CHUNK = 1000
_COPY = (
    "COPY institutions_uploadrow (upload_id, sheet, row, nik_digest, name_digest, unit, sealed,"
    " problems) FROM STDIN"
)


class Dropped(Exception):
    """Somebody has dropped the upload meanwhile."""


class NotReady(ValueError):
    """Raised for taking an upload that still has wrong rows, or is not there to be taken."""


def begin_upload(
    *, by: Officer, upload: UUID, institution: Institution, file_name: str
) -> Upload | None:
    """Note that a file has come; None where an upload of this id is there already."""
    now = timezone.now()
    made, is_new = Upload.objects.get_or_create(
        pk=upload,
        defaults={
            "institution": institution,
            "officer": by,
            "file_name": file_name[-200:],
            "expires_at": now + KEPT_FOR,
        },
    )
    return made if is_new else None


def read_upload(*, upload: Upload, file: BinaryIO) -> None:
    """Read a file into rows, sealed, a thousand at a time; what cannot be used is refused whole.

    The doer is the officer of the upload.
    """
    try:
        _read(upload, file)
    except BadRoster as bad:
        _leave(upload, stage=Stage.REFUSED, problem={"code": bad.code, **bad.more})
    except Dropped:
        _forget(upload)
    except BaseException:
        _leave(upload, stage=Stage.REFUSED, problem={"code": "broken"})
        raise


def _read(upload: Upload, file: BinaryIO) -> None:
    sheets: list[dict[str, Any]] = []
    read_so_far = 0
    for place, sheet in enumerate(read(file)):
        before = read_so_far
        people = iter(sheet.people)
        while chunk := list(islice(people, _CHUNK)):
            read_so_far += len(chunk)
            if read_so_far > settings.CACAH_ROSTER_ROWS:
                raise BadRoster("too-many", rows=settings.CACAH_ROSTER_ROWS)
            _keep(upload, place, chunk, read_so_far)
        sheets.append({"title": sheet.title, "rows": read_so_far - before, "notes": sheet.notes})
    if not read_so_far:
        raise BadRoster("no-rows")
    filled = [n for n, sheet in enumerate(sheets) if sheet["rows"]]
    with transaction.atomic():
        _leave(
            upload,
            stage=Stage.CHECKED,
            sheets=sheets,
            sheet=filled[0] if len(filled) == 1 else None,
        )
        _trace(upload.officer, "roster_uploaded", upload, rows=read_so_far)


def _keep(
    upload: Upload, sheet: int, chunk: Sequence[tuple[int, Person]], read_so_far: int
) -> None:
    """Store checked rows; raises Dropped."""
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for row, person in chunk:
                copy.write_row((upload.pk, sheet, *_stored(upload.pk, sheet, row, person)))
        going_on = Upload.objects.filter(pk=upload.pk, cancelled_at=None).update(
            rows_read=read_so_far, moved_at=Now()
        )
        if not going_on:
            raise Dropped


def _stored(upload: UUID, sheet: int, row: int, person: Person) -> tuple[Any, ...]:
    """Return row, nik_digest, name_digest, unit, sealed, problems."""
    has_nik = not any(each["code"].startswith("nik:") for each in person.problems)
    return (
        row,
        server_keys().nik_digest(person.nik) if has_nik else None,
        sealing.name_digest(person.name),
        person.unit[:150],
        sealing.seal_cells(drafts.place_of(upload, sheet, row), person.cells),
        Jsonb(person.problems),
    )


def choose_sheet(*, by: Officer, upload: Upload, sheet: int) -> None:
    """Say which of a workbook's sheets is the roster; raises NotReady where it is none of them."""
    if not 0 <= sheet < len(upload.sheets):
        raise NotReady
    Upload.objects.filter(pk=upload.pk, stage=Stage.CHECKED).update(sheet=sheet)


def correct_rows(*, by: Officer, upload: Upload, rows: Mapping[int, dict[str, str]]) -> int:
    """Check rows of the chosen sheet as somebody has corrected them.

    Those that are wrong no more, because somebody else has corrected them or left them out
    meanwhile, stay as they are; return how many these are.
    """
    if upload.sheet is None:
        raise NotReady
    with transaction.atomic():
        _hold(upload, Stage.CHECKED)
        still_wrong = set(drafts.wrong_numbers(upload)) & set(rows)
        held = UploadRow.objects.filter(upload=upload, sheet=upload.sheet, row__in=still_wrong)
        for each in held:
            person = check(rows[each.row])
            _, nik, name, unit, sealed, _ = _stored(upload.pk, each.sheet, each.row, person)
            UploadRow.objects.filter(upload=upload, sheet=each.sheet, row=each.row).update(
                nik_digest=nik,
                name_digest=name,
                unit=unit,
                sealed=sealed,
                problems=person.problems,
            )
        _trace(by, "roster_corrected", upload, rows=len(held))
    return len(rows) - len(held)


def leave_out(*, by: Officer, upload: Upload, rows: Collection[int]) -> int:
    """Leave out rows of the chosen sheet that are wrong still; return how many."""
    if upload.sheet is None:
        raise NotReady
    with transaction.atomic():
        _hold(upload, Stage.CHECKED)
        wrong = set(drafts.wrong_numbers(upload)) & set(rows)
        held = UploadRow.objects.filter(upload=upload, sheet=upload.sheet, row__in=wrong)
        left, _ = held.delete()
        _trace(by, "roster_rows_left_out", upload, rows=left)
    return left


def leave_out_wrong(*, by: Officer, upload: Upload) -> int:
    """Leave out every row that is still wrong; return how many."""
    if upload.sheet is None:
        raise NotReady
    return leave_out(by=by, upload=upload, rows=drafts.wrong_numbers(upload))


def take_upload(
    *, by: Officer, upload: Upload, replace: bool, units: Mapping[str, int]
) -> roster.Stored:
    """Put everybody of an upload on the roster, all or nothing, and forget the upload's rows.

    `units` says which institution below is meant by a unit's name; a name that is neither there
    nor that of one below becomes a new one. Raises NotReady while rows are wrong.
    """
    with transaction.atomic():
        locks.hold_tree()
        _hold(upload, Stage.CHECKED)
        if upload.sheet is None or drafts.summary(upload).wrong:
            raise NotReady
        named = _units(by, upload, units)
        rows = _ready(upload, named)
        if not rows:
            raise NotReady
        stored = roster.store(institution=upload.institution_id, rows=rows, replace=replace)
        result = asdict(stored) | {"replace": replace}
        Upload.objects.filter(pk=upload.pk).update(stage=Stage.STORED, result=result)
        UploadRow.objects.filter(upload=upload)._raw_delete(using="default")
        _trace(by, "roster_taken", upload, **result)
    return stored


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


def _ready(upload: Upload, units: Mapping[str, int]) -> list[roster.Row]:
    rows = []
    for each in drafts.to_take(upload):
        cells = sealing.opened_cells(
            drafts.place_of(upload.pk, each.sheet, each.row), bytes(each.sealed)
        )
        digest = bytes(each.nik_digest)
        words = sealing.Words(
            name=cells["name"], nik=cells["nik"][-4:], number=cells.get("number", "")
        )
        rows.append(roster.Row(units.get(each.unit), digest, sealing.seal(digest, words)))
    return rows


def drop_upload(*, by: Officer, upload: Upload) -> None:
    """Stop reading, and forget every row; raises NotReady where somebody has taken it meanwhile."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().exclude(stage=Stage.STORED)
        now = held.filter(pk=upload.pk).first()
        if now is None:
            raise NotReady
        Upload.objects.filter(pk=now.pk, cancelled_at=None).update(cancelled_at=Now())
        _trace(by, "roster_dropped", now)
        if now.stage != Stage.READING or drafts.is_broken_off(now):
            _forget(now)


def forget_uploads(*, at: datetime) -> int:
    """Remove uploads whose time is over, with their rows; return how many. The doer is the site."""
    with transaction.atomic():
        old = Upload.objects.filter(expires_at__lte=at)
        UploadRow.objects.filter(upload__in=old)._raw_delete(using="default")
        many, _ = old.delete()
    return many


def _hold(upload: Upload, stage: Stage) -> None:
    """Let nobody else change the upload; raises NotReady where it is not at this stage."""
    held = Upload.objects.select_for_update().filter(pk=upload.pk, stage=stage, cancelled_at=None)
    if not held.exists():
        raise NotReady


def _leave(upload: Upload, **changes: Any) -> None:
    Upload.objects.filter(pk=upload.pk).update(moved_at=Now(), rows_total=F("rows_read"), **changes)
    upload.refresh_from_db()
    if changes["stage"] == Stage.REFUSED:
        UploadRow.objects.filter(upload=upload)._raw_delete(using="default")


def _forget(upload: Upload) -> None:
    UploadRow.objects.filter(upload=upload)._raw_delete(using="default")
    Upload.objects.filter(pk=upload.pk).delete()


def _trace(by: Officer | None, verb: str, upload: Upload, **details: Any) -> None:
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=str(upload.institution_id),
        area=upload.institution.area_id or "",
        details=details,
    )
