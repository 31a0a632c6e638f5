"""From an XLSForm file to the XForm that pyxform makes of it and the compiled Instrument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cacah.questionnaire.compiler import compile_form
from cacah.questionnaire.inspection import inspect
from cacah.questionnaire.model import Instrument
from cacah.questionnaire.places import Places, cell
from cacah.questionnaire.problems import Broken, FormProblem, Place, problem
from cacah.questionnaire.sheets import Workbook, read_markdown, read_workbook
from cacah.questionnaire.translations import Catalogue, beside, read_catalogues, translate
from cacah.questionnaire.xform import NotAnXForm, read_xform

ROW = re.compile(r"\[row : (\d+)\]\s*(?:On the '(\w+)' sheet,\s*)?")
COLUMN = re.compile(r"the '([\w: ]+)' (?:value|column)")
UNKNOWN_TYPE = re.compile(r"Unknown question type '(.+)'")
MAX_ROUNDS = 25


@dataclass(slots=True)
class Reading:
    """A questionnaire as far as it could be read, and everything that is wrong with it."""

    workbook: Workbook | None = None
    xform: str = ""
    instrument: Instrument | None = None
    problems: list[FormProblem] = field(default_factory=list)

    @property
    def broken(self) -> list[FormProblem]:
        """The problems that have to be put right."""
        return [each for each in self.problems if each.counts]


def read(path: Path, *, census: bool = False) -> Reading:
    """Read an .md or .xlsx file and the catalogues beside it; never raises for what is in them.

    With `census` the conventions of a census form (docs/instrument.md) are asked for too.
    """
    try:
        workbook = read_workbook(path)
    except Broken as broken:
        return Reading(problems=broken.problems)
    catalogues, problems = read_catalogues(path)
    reading = read_sheets(workbook, catalogues, census=census)
    reading.problems += problems
    return reading


def read_sheets(
    workbook: Workbook, catalogues: Sequence[Catalogue] = (), *, census: bool = False
) -> Reading:
    """Compile sheets that have been read, with the languages of the catalogues."""
    workbook, behind = translate(workbook, catalogues)
    reading = Reading(workbook)
    places = Places(workbook)
    reading.xform, found = _to_xform(workbook, places)
    reading.problems = behind + found
    if reading.xform:
        try:
            form = read_xform(reading.xform)
        except NotAnXForm as error:
            reading.problems.append(problem("not-xlsform", detail=error))
            return reading
        reading.instrument, found = compile_form(form, places)
        reading.problems += found
        reading.problems += inspect(reading.instrument, workbook, places, census=census)
    reading.problems = sorted(dict.fromkeys(reading.problems), key=_by_place)
    return reading


def _by_place(each: FormProblem) -> tuple[str, int, str]:
    sheets = {"": "0", "settings": "1", "survey": "2", "choices": "3"}
    return (sheets.get(each.sheet, each.sheet), each.row, each.column)


def from_markdown(text: str) -> Instrument:
    """Compile the Markdown of an XLSForm; raises Broken."""
    return _usable(read_sheets(read_markdown(text)))


@lru_cache(maxsize=16)
def _load(path: Path, changed: tuple[tuple[Path, int], ...]) -> Instrument:
    return _usable(read(path))


def load(path: Path) -> Instrument:
    """Return the instrument of a file with its catalogues, compiled once until one changes.

    Raises Broken, though not for texts that a catalogue lacks.
    """
    path = Path(path).resolve()
    files = [each for each in (path, *beside(path)) if each.exists()]
    return _load(path, tuple((each, each.stat().st_mtime_ns) for each in files))


def _usable(reading: Reading) -> Instrument:
    stopping = [each for each in reading.problems if each.stops]
    if reading.instrument is None or stopping:
        raise Broken(stopping)
    return reading.instrument


def _to_xform(workbook: Workbook, places: Places) -> tuple[str, list[FormProblem]]:
    """Return pyxform's XForm, reading on behind each error by leaving the wrong row out."""
    # Every command brings this module along, and few read a questionnaire.
    from cacah.questionnaire.converting import PyXFormError, convert

    sheets = workbook.for_pyxform()
    problems: list[FormProblem] = []
    for _ in range(MAX_ROUNDS):
        try:
            xform = str(convert({**sheets}, form_name="data").xform)
        except PyXFormError as error:
            found = _of_pyxform(str(error), workbook, places)
            problems.append(found)
            if not _leave_out(sheets, found):
                break
        except Exception as error:  # pyxform is not written for every file there may be
            detail = f"pyxform cannot read the form ({type(error).__name__}: {error})"
            problems.append(problem("not-xlsform", detail=detail))
            break
        else:
            return ("" if problems else xform), problems
    return "", problems


def _of_pyxform(message: str, workbook: Workbook, places: Places) -> FormProblem:
    row, column = ROW.search(message), COLUMN.search(message)
    detail = " ".join(ROW.sub("", message).split())
    unknown = UNKNOWN_TYPE.search(message)
    if unknown is not None:
        for each in places.survey.rows:
            if cell(each, "type") == unknown[1]:
                place = places.survey.place(each, "type")
                return problem("unknown-type", place, type=unknown[1])
    if row is None:
        return problem("not-xlsform", Place("survey"), detail=detail)
    sheet = workbook.sheet(row[2] or "survey")
    number = int(row[1])
    line = next((each.line for each in sheet.rows if each.number == number), 0)
    place = Place(sheet.name, number, column[1] if column else "", line)
    return problem("not-xlsform", place, detail=detail)


def _leave_out(sheets: dict[str, Any], found: FormProblem) -> bool:
    """Empty the row of a problem so that the next one shows; False where that is not possible."""
    rows = sheets.get(found.sheet)
    at = found.row - 2
    if rows is None or not 0 <= at < len(rows) or not rows[at]:
        return False
    kind = str(rows[at].get("type", ""))
    if re.match(r"(begin|end)[ _]", kind):
        return False
    rows[at] = {}
    return True
