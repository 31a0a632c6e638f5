"""The addresses of evaluation sheets: of one institution, and of an area's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cacah.institutions import evidence, evidence_pdf, outsiders
from cacah.institutions.evidence import Sheet
from cacah.institutions.participation_tables import ordered, total, wish
from cacah.institutions.participation_views import area_asked, area_name, rows_of
from cacah.institutions.people import FILTERS, people
from cacah.institutions.seats import seat
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

LONGEST_NAME = 80
MAKERS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "pdf": ("application/pdf", evidence_pdf.pdf),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        evidence.xlsx,
    ),
}


@require_safe
@office(None)
def of_institution(request: OfficeRequest, pk: int, format: str) -> HttpResponse:
    """Give the sheet of an institution: with names to its coordinators, else counts only."""
    found = seat(request, pk)
    rows, counts = rows_of(request, found)
    if rows is None:
        raise Http404
    listed, units = None, {}
    if found.is_own:
        units = {each.pk: each for each in found.units()}
        listed = list(people(list(units), states=FILTERS[""]))
    made = Sheet(
        found.institution.name,
        ordered(rows, wish(request.GET)),
        counts,
        people=listed,
        units=units,
        signing=(_("Head of the institution"), _("Coordinator")),
    )
    trace(
        by=request.officer,
        verb="institutions.evidence_made",
        subject=pk,
        area=found.institution.area_id or "",
        details={"format": format, "people": len(listed or ())},
        request=request,
    )
    return _file(made, found.institution.name, format)


@require_safe
@office(Permission.SEE_INSTITUTIONS)
def of_area(request: OfficeRequest, format: str) -> HttpResponse:
    """Give the sheet of an area: its institutions as the league shows them, with its filters."""
    area = area_asked(request)
    asked = wish(request.GET)
    found = outsiders.View(area).league(units=asked.units)
    rows = ordered([each for each in found if asked.keeps(each)], asked)
    made = Sheet(
        _("Institutions in %(area)s") % {"area": area_name(area)},
        rows,
        None if asked.units else total(rows),
        signing=(_("For the statistics office"), _("For the regional government")),
    )
    return _file(made, area_name(area), format)


def _file(made: Sheet, of: str, format: str) -> HttpResponse:
    if format not in MAKERS:
        raise Http404
    content_type, make = MAKERS[format]
    response = HttpResponse(make(made), content_type=content_type)
    name = f"{file_name(of, timezone.localdate(made.as_of))}.{format}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(of: str, day: date) -> str:
    """Return what a sheet's file is called, in the language of now; nothing but a-z, 0-9 and -."""
    sheet = slugify(pgettext("name of a file", "evaluation sheet"))
    parts = [sheet, slugify(of)[:LONGEST_NAME].strip("-"), day.isoformat()]
    return "-".join(filter(None, parts))
