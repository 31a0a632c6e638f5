"""Imports institutions from a table: all of them, or none and a list of what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cacah.areas.models import Area
from cacah.institutions.actions.tree import NewInstitution, add_institution, change_institution
from cacah.institutions.files.cells import tidy
from cacah.institutions.files.problems import BadRoster
from cacah.institutions.files.text import open_text
from cacah.institutions.models import Institution, Kind
from cacah.staff.actions import trace
from cacah.staff.models import Officer

MOST_ROWS = 5000
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("nama", "nama instansi", "instansi", "institution"),
    "kind": ("jenis", "jenis instansi", "type"),
    "code": ("kode", "kode instansi"),
    "parent": ("induk", "kode induk", "instansi induk"),
    "area": ("wilayah", "kode wilayah", "area code"),
    "address": ("alamat",),
    "obliged": ("wajib", "mandatory"),
}
# Words of officers' own tables for a kind.
KINDS = {
    "pemerintah provinsi": Kind.PROVINCE_GOVERNMENT,
    "pemerintah kabupaten": Kind.REGENCY_GOVERNMENT,
    "pemerintah kota": Kind.REGENCY_GOVERNMENT,
    "dinas": Kind.DEPARTMENT,
    "badan": Kind.DEPARTMENT,
    "opd": Kind.DEPARTMENT,
    "instansi vertikal": Kind.VERTICAL_AGENCY,
    "dprd": Kind.PARLIAMENT,
    "tni": Kind.ARMED_FORCES,
    "polri": Kind.ARMED_FORCES,
    "bumn": Kind.STATE_COMPANY,
    "bumd": Kind.REGIONAL_COMPANY,
    "perusahaan": Kind.COMPANY,
    "swasta": Kind.COMPANY,
    "universitas": Kind.UNIVERSITY,
    "perguruan tinggi": Kind.UNIVERSITY,
    "fakultas": Kind.FACULTY,
    "sekolah": Kind.SCHOOL,
    "unit": Kind.UNIT,
    "bidang": Kind.UNIT,
    "lainnya": Kind.OTHER,
}
_YES, _NO = ("ya", "y", "yes", "true", "1", "wajib"), ("tidak", "t", "no", "false", "0", "diundang")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one cell; row 1 holds the headings."""

    row: int
    column: str
    sentence: str


@dataclass(slots=True)
class Imported:
    """How many institutions came and changed; nothing was stored where something is wrong."""

    added: int = 0
    changed: int = 0
    wrong: list[Wrong] = field(default_factory=list)


class _Undo(Exception):
    """Takes back the whole import."""


def import_institutions(
    *, by: Officer | None, file: BinaryIO, areas: Sequence[str] = ("",)
) -> Imported:
    """Add the institutions of a CSV, or change those whose code is known already.

    `areas` are the codes within which the doer may. Raises BadRoster for a file that is no table.
    """
    rows = _rows(file)
    result = Imported()
    try:
        with transaction.atomic():
            for number, cells in rows:
                result.wrong += _store(by, number, cells, areas, result)
            if result.wrong:
                raise _Undo
            trace(
                by=by,
                verb="institutions.imported",
                details={"added": result.added, "changed": result.changed},
            )
    except _Undo:
        result.added = result.changed = 0
    return result


def _rows(file: BinaryIO) -> list[tuple[int, dict[str, str]]]:
    text = open_text(file)
    lines = iter(text.rows())
    heading = next(lines, (1, [""]))[1]
    places: dict[str, int] = {}
    for place, cell in enumerate(heading):
        name = " ".join(re.findall(r"[a-z]+", cell.lower()))
        for column, others in COLUMNS.items():
            if name == column or name in others:
                places.setdefault(column, place)
    if "name" not in places or "kind" not in places:
        raise BadRoster("no-columns")
    rows = []
    for number, raw in lines:
        cells = {c: tidy(raw[place]) if place < len(raw) else "" for c, place in places.items()}
        if any(cells.values()):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise BadRoster("too-many", rows=MOST_ROWS)
    if not rows:
        raise BadRoster("empty")
    return rows


def _store(
    by: Officer | None, row: int, cells: dict[str, str], areas: Sequence[str], result: Imported
) -> list[Wrong]:
    """Store one row in a savepoint; return what is wrong with it."""
    try:
        with transaction.atomic():
            values = _values(cells, areas)
            _put(by, values, areas, result)
    except ValidationError as error:
        return [
            Wrong(row, column if column in COLUMNS else "name", " ".join(map(str, sentences)))
            for column, sentences in error.message_dict.items()
        ]
    return []


def _put(
    by: Officer | None, values: dict[str, Any], areas: Sequence[str], result: Imported
) -> None:
    held = Institution.objects.filter(code=values["code"]).exclude(code="").first()
    if held is None:
        more = {"code": values["code"], "address": values.get("address", "")}
        new = NewInstitution(
            values["name"],
            values["kind"],
            values.get("parent"),
            values["area"],
            values.get("obliged", True),
            more,
        )
        add_institution(by=by, new=new)
        result.added += 1
        return
    if not _is_in(held.area_id or "", areas):
        raise ValidationError({"code": _("This code cannot be used; choose another one.")})
    if held.closed_at is not None or held.parent_id != values.get("parent", held.parent_id):
        words = _(
            "It stands elsewhere already, or is closed; move it or open it again on its own page "
            "first."
        )
        raise ValidationError({"parent": words})
    changes: dict[str, Any] = {
        name: values[name] for name in ("name", "kind", "address", "obliged") if name in values
    }
    if values["area"] is not None:
        changes["area_id"] = values["area"] or None
    if any(getattr(held, name) != value for name, value in changes.items()):
        change_institution(by=by, institution=held.pk, **changes)
        result.changed += 1


def _values(cells: Mapping[str, str], areas: Sequence[str]) -> dict[str, Any]:
    """Return what a row says; raises ValidationError by column.

    A column that the table does not have is left out: it changes nothing that is known.
    """
    wrong: dict[str, str] = {}
    word = cells.get("kind", "").lower()
    kind = word if word in Kind.values else KINDS.get(word)
    if kind is None:
        known = ", ".join(KINDS)
        wrong["kind"] = _("This kind is not known. Known are: %(known)s.") % {"known": known}
    parent = _parent(cells.get("parent", ""), areas, wrong)
    area = _area(cells.get("area", ""), parent, areas, wrong)
    obliged = cells.get("obliged", "").lower()
    if obliged not in ("", *_YES, *_NO):
        wrong["obliged"] = _("Write ya or tidak.")
    if wrong:
        raise ValidationError(wrong)
    values: dict[str, Any] = {
        "name": cells["name"],
        "kind": kind,
        "area": area,
        "code": cells.get("code", ""),
    }
    if "parent" in cells:
        values["parent"] = parent.pk if parent else None
    if "address" in cells:
        values["address"] = cells["address"]
    if obliged:
        values["obliged"] = obliged not in _NO
    return values


def _parent(said: str, areas: Sequence[str], wrong: dict[str, str]) -> Institution | None:
    """Find the institution above by its code, or by its name where only one has it.

    Only where the doer may: nobody learns by a sentence what there is elsewhere.
    """
    if not said:
        return None
    by_code = Institution.objects.filter(code=said, closed_at=None)
    by_name = Institution.objects.filter(name__iexact=said, closed_at=None)
    found = [each for each in by_code if _is_in(each.area_id or "", areas)]
    found = found or [each for each in by_name if _is_in(each.area_id or "", areas)]
    if len(found) == 1:
        return found[0]
    wrong["parent"] = (
        _("Several institutions have this name; write the code.")
        if found
        else _("There is no such institution; it must stand in a row above or be there already.")
    )
    return None


def _area(
    said: str, parent: Institution | None, areas: Sequence[str], wrong: dict[str, str]
) -> str | None:
    """Return the area's code, None where it is the parent's."""
    code = said.replace(".", "")
    if code and not Area.objects.filter(pk=code).exists():
        wrong["area"] = _("There is no area with this code; write it like 33.25.")
    elif not _is_in(code or (parent.area_id or "" if parent else ""), areas):
        wrong["area"] = _("You may add institutions in your own area only; write its code.")
    return code or None


def _is_in(code: str, areas: Sequence[str]) -> bool:
    return any(code.startswith(each) for each in areas)
