"""The page where officers bring in the institutions of their area from a table."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from cacah.institutions.actions.importing import COLUMNS, KINDS, Imported, import_institutions
from cacah.institutions.draft_pages import file_sentence
from cacah.institutions.files.problems import BadRoster
from cacah.institutions.seats import whole_number
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

MOST_BYTES = 5 << 20
_PAGE = {"columns": list(COLUMNS), "kinds": list(KINDS)}
# What a form adds around the file.
_ENVELOPE = 64 << 10


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_INSTITUTIONS)
def import_page(request: OfficeRequest) -> HttpResponse:
    """Show the form, or what became of the table: all of it was stored, or nothing.

    How large it is is asked before anything of it is read; even the look for forgery comes after.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and not 0 < whole_number(length) <= MOST_BYTES + _ENVELOPE:
        context = {"refused": file_sentence({"code": "too-large", "megabytes": MOST_BYTES >> 20})}
        return render(request, "institutions/import.html", _PAGE | context, status=413)
    return _imported(request)


@csrf_protect
def _imported(request: OfficeRequest) -> HttpResponse:
    result: Imported | None = None
    refused = ""
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None or not file.size:
                raise BadRoster("empty")
            if file.size > MOST_BYTES:
                raise BadRoster("too-large", megabytes=MOST_BYTES >> 20)
            areas = request.scope.areas(Permission.MANAGE_INSTITUTIONS)
            result = import_institutions(by=request.officer, file=file.file, areas=areas)
        except BadRoster as bad:
            refused = file_sentence({"code": bad.code, **bad.more})
        status = 422 if refused or (result and result.wrong) else 200
    context = _PAGE | {"result": result, "refused": refused}
    return render(request, "institutions/import.html", context, status=status)
