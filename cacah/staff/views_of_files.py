"""The page that takes officers from a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cacah.staff import invitations, letters
from cacah.staff.door import OfficeRequest, office
from cacah.staff.forms import FileForm
from cacah.staff.importing import COLUMNS, MOST_BYTES, Unusable, import_officers
from cacah.staff.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.INVITE)
def import_file(request: OfficeRequest) -> HttpResponse:
    """Invite everybody in a CSV file, or say what is wrong with it by row and column."""
    form = FileForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
        try:
            invited = import_officers(content, by=request.officer)
        except Unusable as unusable:
            context |= {"troubles": unusable.troubles}
        else:
            for officer in invited:
                if officer.invitation:
                    letters.invite(officer, invitations.link(officer))
            context |= {"invited": invited}
    return render(request, "staff/import.html", context)
