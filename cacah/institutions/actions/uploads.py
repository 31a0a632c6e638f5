"""Verbs of uploads: begin, keep what was read, correct, drop; `taking` puts them on the roster."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from io import SEEK_END
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
    read_so_far = position = 0
    size = file.seek(0, SEEK_END)
    file.seek(0)
    for place, sheet in enumerate(read(file)):
        before = read_so_far
        people = iter(sheet.people)
        while chunk := list(islice(people, _CHUNK)):
            read_so_far += len(chunk)
            if read_so_far > settings.CACAH_ROSTER_ROWS:
                raise BadRoster("too-many", rows=settings.CACAH_ROSTER_ROWS)
            # As many rows to a byte as until here; a workbook is read in the order of its parts.
            position = max(position, min(file.tell(), size), 1)
            with transaction.atomic():
                _keep(upload, place, chunk)
                _tell(upload, read_so_far, read_so_far * size // position)
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
        trace_upload(upload.officer, "roster_uploaded", upload, rows=read_so_far)


def _keep(upload: Upload, sheet: int, chunk: Sequence[tuple[int, Person]]) -> None:
    """Store checked rows, in the transaction that tells of them."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row, person in chunk:
            copy.write_row((upload.pk, sheet, *_stored(upload.pk, sheet, row, person)))


def _tell(upload: Upload, rows: int, about: int) -> None:
    """Say how many rows are read, of about how many; raises Dropped."""
    going_on = Upload.objects.filter(pk=upload.pk, cancelled_at=None).update(
        rows_read=rows, rows_total=about, moved_at=Now()
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
        hold_upload(upload, Stage.CHECKED)
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
        trace_upload(by, "roster_corrected", upload, rows=len(held))
    return len(rows) - len(held)


def leave_out(*, by: Officer, upload: Upload, rows: Collection[int]) -> int:
    """Leave out rows of the chosen sheet that are wrong still; return how many."""
    if upload.sheet is None:
        raise NotReady
    with transaction.atomic():
        hold_upload(upload, Stage.CHECKED)
        wrong = set(drafts.wrong_numbers(upload)) & set(rows)
        held = UploadRow.objects.filter(upload=upload, sheet=upload.sheet, row__in=wrong)
        left, _ = held.delete()
        trace_upload(by, "roster_rows_left_out", upload, rows=left)
    return left


def leave_out_wrong(*, by: Officer, upload: Upload) -> int:
    """Leave out every row that is still wrong; return how many."""
    if upload.sheet is None:
        raise NotReady
    return leave_out(by=by, upload=upload, rows=drafts.wrong_numbers(upload))


def drop_upload(*, by: Officer, upload: Upload) -> None:
    """Stop reading, and forget every row.

    Raises NotReady where somebody has taken it meanwhile, or has asked for that.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update().exclude(stage__in=[Stage.STORING, Stage.STORED])
        now = held.filter(pk=upload.pk).first()
        if now is None:
            raise NotReady
        Upload.objects.filter(pk=now.pk, cancelled_at=None).update(cancelled_at=Now())
        trace_upload(by, "roster_dropped", now)
        if now.stage != Stage.READING or drafts.is_broken_off(now):
            _forget(now)


def forget_uploads(*, at: datetime) -> int:
    """Remove uploads whose time is over, with their rows; return how many. The doer is the site."""
    with transaction.atomic():
        old = Upload.objects.filter(expires_at__lte=at)
        UploadRow.objects.filter(upload__in=old)._raw_delete(using="default")
        many, _ = old.delete()
    return many


def hold_upload(upload: Upload, stage: Stage) -> None:
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


def trace_upload(by: Officer | None, verb: str, upload: Upload, **details: Any) -> None:
    trace(
        by=by,
        verb=f"institutions.{verb}",
        subject=str(upload.institution_id),
        area=upload.institution.area_id or "",
        details=details,
    )
