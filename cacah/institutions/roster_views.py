"""The pages of a roster's upload: send a file, see what is wrong, correct it in place, take it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cacah.institutions import drafts
from cacah.institutions.actions import taking, turnover, uploads
from cacah.institutions.draft_pages import (
    CELLS,
    draft_page,
    file_sentence,
    read_so_far,
    stored_so_far,
)
from cacah.institutions.files.arriving import NamelessFileHandler
from cacah.institutions.models import Institution, Stage, Upload
from cacah.institutions.seats import Seat, own_seat, whole_number
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import count as number
from cacah.staff.numerals import moment
from cacah.staff.roles import Permission

# What a form adds around the file.
_ENVELOPE = 64 << 10
_MEGABYTE = 1 << 20


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
def upload(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the form for a file, or read the file that was sent.

    How large it is is asked before anything of it is read; even the look for forgery comes after.
    """
    seat = own_seat(request, pk)
    if request.method != "POST":
        return upload_page(request, seat)
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > most_bytes() + _ENVELOPE:
        return upload_page(request, seat, refused={"code": "too-large"}, status=413)
    request.upload_handlers = [NamelessFileHandler(request)]
    return _receive(request, seat)


@csrf_protect
def _receive(request: OfficeRequest, seat: Seat) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return upload_page(request, seat, refused={"code": "empty"}, status=422)
    try:
        identity = UUID(request.POST.get("upload", ""))
    except ValueError:
        identity = uuid4()
    begun = uploads.begin_upload(
        by=request.officer, upload=identity, institution=seat.institution, file_name=file.name or ""
    )
    if begun is not None:
        uploads.read_upload(upload=begun, file=file.file)
    return redirect("roster-draft", seat.institution.pk, identity)


def upload_page(
    request: HttpRequest, seat: Seat, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Return the page with the form, and with what was begun and not taken yet."""
    begun = Upload.objects.filter(institution=seat.institution, cancelled_at=None)
    waiting = begun.exclude(stage__in=[Stage.STORED, Stage.REFUSED]).order_by("-began_at")[:10]
    context = {
        "institution": seat.institution,
        "above": seat.above,
        "upload": uuid4(),
        "waiting": [(each, moment(each.began_at)) for each in waiting],
        "refused": file_sentence(refused) if refused else "",
        "megabytes": settings.CACAH_ROSTER_MEGABYTES,
        "most_bytes": str(most_bytes()),
        "most_rows": number(settings.CACAH_ROSTER_ROWS),
        "too_large": file_sentence({"code": "too-large"}),
    }
    return render(request, "institutions/upload.html", context, status=status)


def most_bytes() -> int:
    """Return how large a file may be."""
    return int(settings.CACAH_ROSTER_MEGABYTES) * _MEGABYTE


@require_safe
@office(Permission.MANAGE_ROSTER)
def draft(request: OfficeRequest, pk: int, upload: UUID) -> HttpResponse:
    """Show how far an upload is: being read, refused, to be corrected, to be taken, or taken."""
    seat = own_seat(request, pk)
    return draft_page(request, seat, _upload(seat.institution, upload))


@require_safe
@office(Permission.MANAGE_ROSTER)
def progress(request: OfficeRequest, pk: int, upload: UUID) -> JsonResponse:
    """Say how far reading or storing is; `done` once the page has something else to show."""
    own_seat(request, pk)
    found = Upload.objects.filter(pk=upload, institution=pk).first()
    if found is None:
        # Polled while the file is still on its way.
        return JsonResponse({"rows": 0, "done": False, "text": ""})
    taking.recover(upload=found)
    if found.stage == Stage.STORING:
        percent, text = stored_so_far(found)
        return JsonResponse({"percent": percent, "done": False, "text": text})
    rows = found.rows_read
    text = ngettext("%(rows)s row read", "%(rows)s rows read", rows) % {"rows": number(rows)}
    done = found.stage != Stage.READING or drafts.is_broken_off(found)
    percent = read_so_far(found)
    return JsonResponse({"rows": rows, "percent": percent, "done": done, "text": text})


@require_POST
@office(Permission.MANAGE_ROSTER)
def correct(request: OfficeRequest, pk: int, upload: UUID) -> HttpResponse:
    """Take the sheet that was chosen, or rows as they were corrected or left out."""
    seat = own_seat(request, pk)
    found = _upload(seat.institution, upload)
    rows = [whole_number(row) for row in request.POST.getlist("row")]
    out = {row for row in rows if request.POST.get(f"out-{row}")}
    try:
        if sheet := request.POST.get("sheet", ""):
            uploads.choose_sheet(by=request.officer, upload=found, sheet=whole_number(sheet))
        elif rows:
            corrected = {
                row: {name: request.POST.get(f"{name}-{row}", "")[:1000] for name in CELLS}
                for row in rows
                if row not in out
            }
            if out:
                uploads.leave_out(by=request.officer, upload=found, rows=out)
            if uploads.correct_rows(by=request.officer, upload=found, rows=corrected):
                messages.warning(request, _("Somebody else has corrected some of these rows."))
        elif request.POST.get("out") == "all":
            uploads.leave_out_wrong(by=request.officer, upload=found)
    except uploads.NotReady:
        messages.error(request, _("This upload has changed meanwhile. This is how it stands now."))
    return redirect("roster-draft", pk, upload)


@require_POST
@office(Permission.MANAGE_ROSTER)
def take(request: OfficeRequest, pk: int, upload: UUID) -> HttpResponse:
    """Put everybody on the roster."""
    seat = own_seat(request, pk)
    found = _upload(seat.institution, upload)
    below = {str(each.pk): each.pk for each in seat.units()}
    # By name: the list may have changed since the page was shown.
    chosen = {
        request.POST.get(f"named-{field[5:]}", ""): below[str(value)]
        for field, value in request.POST.items()
        if field.startswith("unit-") and value in below
    }
    replace = request.POST.get("how") == "replace"
    try:
        # Of too many who would leave, the upload itself tells.
        with suppress(turnover.TooManyLeave):
            taking.take_upload(by=request.officer, upload=found, replace=replace, units=chosen)
    except uploads.NotReady:
        messages.error(request, _("This upload has changed meanwhile. This is how it stands now."))
    return redirect("roster-draft", pk, upload)


@require_POST
@office(Permission.MANAGE_ROSTER)
def drop(request: OfficeRequest, pk: int, upload: UUID) -> HttpResponse:
    """Drop an upload with all its rows, or (`stop`) only end its storing; the roster stays."""
    seat = own_seat(request, pk)
    found = _upload(seat.institution, upload)
    try:
        if request.POST.get("stop"):
            taking.stop_taking(by=request.officer, upload=found)
            messages.success(request, _("Storing is ended. The roster is as it was before."))
            return redirect("roster-draft", pk, upload)
        uploads.drop_upload(by=request.officer, upload=found)
    except uploads.NotReady:
        messages.error(request, _("This upload has changed meanwhile. This is how it stands now."))
        return redirect("roster-draft", pk, upload)
    messages.success(request, _("The upload was dropped. The roster is as it was before."))
    return redirect("roster-upload", pk)


def _upload(institution: Institution, upload: UUID) -> Upload:
    found = Upload.objects.filter(pk=upload, institution=institution).first()
    if found is None:
        raise Http404
    taking.recover(upload=found)
    return found
