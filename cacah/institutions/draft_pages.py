"""What the page of an upload shows at each stage, in words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cacah.institutions import drafts
from cacah.institutions.files.problems import FILES, NOTES, ROWS, sentence
from cacah.institutions.models import Institution, RosterEntry, Stage, Upload
from cacah.institutions.seats import Seat
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest
from cacah.staff.numerals import count as number
from cacah.staff.work.queries import job

CELLS = ("nik", "name", "number", "unit")
ROWS_ON_A_PAGE = 50


def file_sentence(problem: dict[str, Any]) -> str:
    """Return why a file cannot be used, and what to do."""
    more = {"megabytes": settings.CACAH_ROSTER_MEGABYTES} | problem
    return sentence(FILES, problem["code"], _shown(more))


def read_so_far(upload: Upload) -> int | None:
    """Return how many per cent of an upload are read, None while that is not known."""
    return min(99, 100 * upload.rows_read // upload.rows_total) if upload.rows_total else None


def stored_so_far(upload: Upload) -> tuple[int | None, str]:
    """Return how many per cent of an upload are stored, None while that waits; and in words."""
    found = job(upload.job_id or 0)
    if found is None or found.percent is None:
        return None, _("Storing begins in a moment.")
    # The last per cent are the counting and the commit.
    percent = min(found.percent, 99)
    return percent, _("%(percent)s %% stored") % {"percent": percent}


def draft_page(request: OfficeRequest, seat: Seat, upload: Upload) -> HttpResponse:
    """Return the page of an upload as it stands now."""
    context: dict[str, Any] = {
        "institution": seat.institution,
        "above": seat.above,
        "upload": upload,
        "broken_off": drafts.is_broken_off(upload),
        "rows_read": number(upload.rows_read),
    }
    if upload.stage == Stage.REFUSED and upload.problem:
        context["refused"] = file_sentence(upload.problem)
    if upload.stage == Stage.READING:
        context["percent"] = read_so_far(upload)
    if upload.stage == Stage.STORING:
        context["percent"], context["so_far"] = stored_so_far(upload)
    if upload.stage == Stage.CHECKED:
        context["not_stored"] = file_sentence(upload.problem) if upload.problem else ""
        context |= _checked(request, seat.institution, upload)
    if upload.stage == Stage.STORED and upload.result:
        context["result"] = _shown(upload.result)
        context["replaced"] = upload.result["replace"]
    return render(request, "institutions/draft.html", context)


def _checked(request: OfficeRequest, institution: Institution, upload: Upload) -> dict[str, Any]:
    if upload.sheet is None:
        sheets = [
            (str(n), each["title"], number(each["rows"]))
            for n, each in enumerate(upload.sheets)
            if each["rows"]
        ]
        return {"sheets": sheets}
    found = drafts.summary(upload)
    context: dict[str, Any] = {
        "rows": number(found.rows),
        "right": number(found.right),
        "wrong": found.wrong,
        "people": found.people,
        "notes": _notes(upload, found),
    }
    if found.wrong:
        shown = drafts.wrong_rows(upload, most=ROWS_ON_A_PAGE)
        trace(
            by=request.officer,
            verb="institutions.roster_rows_read",
            subject=str(institution.pk),
            area=institution.area_id or "",
            details={"rows": len(shown)},
            request=request,
        )
        return context | {
            "wrong_rows": [_row(each) for each in shown],
            "left": found.wrong - len(shown),
        }
    return context | _ready(institution, upload)


def _ready(institution: Institution, upload: Upload) -> dict[str, Any]:
    """Return what is asked before everybody is taken: units, and who would leave."""
    units = drafts.units(upload)
    on_roster = RosterEntry.objects.filter(
        institution__path__startswith=institution.path, removed_at=None
    )
    return {
        "on_roster": on_roster.count(),
        "leaving": drafts.leaving(upload, institution),
        "new_units": [
            {
                "place": str(n),
                "name": unit.name,
                "people": unit.people,
                "similar": [str(each) for each in unit.similar],
            }
            for n, unit in enumerate(units)
            if unit.institution is None
        ],
        "known_units": [unit for unit in units if unit.institution is not None],
        # As text: in a field's value no thousands are parted.
        "below": [
            (str(pk), name)
            for pk, name in Institution.objects.filter(
                path__startswith=institution.path, closed_at=None
            )
            .order_by("path")
            .values_list("pk", "name")
        ],
    }


def _notes(upload: Upload, found: drafts.Summary) -> list[str]:
    """Return what was forgiven or left out."""
    if upload.sheet is None:
        return []
    sheet = upload.sheets[upload.sheet]
    notes = [*sheet["notes"]]
    if sheet["title"]:
        notes.insert(0, {"code": "sheet", "sheet": sheet["title"]})
    if found.repeated:
        notes.append({"code": "repeated", "rows": found.repeated})
    return [sentence(NOTES, note["code"], _shown(note)) for note in notes]


def _row(wrong: drafts.WrongRow) -> dict[str, Any]:
    """Return a wrong row's fields, each with what is wrong with it."""
    said: dict[str, list[str]] = {}
    for problem in wrong.problems:
        column = problem["code"].partition(":")[0]
        said.setdefault(column, []).append(sentence(ROWS, problem["code"], _shown(problem)))
    fields = [
        {"name": name, "value": wrong.cells.get(name, ""), "problems": said.get(name, [])}
        for name in CELLS
    ]
    return {"row": str(wrong.row), "fields": fields, "whole": said.get("row", [])}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """Write whole numbers as people do, row numbers left as a spreadsheet shows them."""
    return {
        key: number(value) if type(value) is int and key not in ("row", "count") else value
        for key, value in values.items()
    }
