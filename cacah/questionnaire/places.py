"""Finds the row and column of the XLSForm that a place of the compiled form came from."""

from __future__ import annotations

import re

from cacah.questionnaire.problems import NOWHERE, Place
from cacah.questionnaire.scope import Names
from cacah.questionnaire.sheets import Row, Sheet, Workbook

BEGIN = re.compile(r"begin[ _](group|repeat|loop)")
END = re.compile(r"end[ _](group|repeat|loop)")
COLUMNS: dict[str, tuple[str, ...]] = {
    "relevant": ("relevant", "relevance", "bind::relevant"),
    "required": ("required", "bind::required"),
    "readonly": ("readonly", "read_only", "bind::readonly"),
    "constraint": ("constraint", "bind::constraint"),
    "calculate": ("calculation", "calculate", "bind::calculate"),
    "constraint_message": ("constraint_message", "constraining_message", "bind::jr:constraintmsg"),
    "required_message": ("required_message", "requiredmsg", "bind::jr:requiredmsg"),
    "repeat_count": ("repeat_count", "count", "jr:count"),
    "guidance_hint": ("guidance_hint",),
    "label": ("label", "caption"),
    "name": ("name", "value", "tag"),
    "type": ("type", "command"),
    "list_name": ("list_name", "list name"),
}


def cell(row: Row, column: str) -> str:
    """Return a cell by its plain column name, whatever its spelling, or ``""``."""
    for header, value in row.cells.items():
        if _is(header, column):
            return value
    return ""


def column_of(sheet: Sheet, column: str, language: str = "") -> str:
    """Return the heading under which a column stands, else its plain name."""
    found = [header for header in sheet.header if _is(header, column)]
    for header in found:
        if language and header.split("::")[-1].strip() == language:
            return header
    return found[0] if found else column


def _is(header: str, column: str) -> bool:
    plain = header.strip().lower()
    return any(
        plain == name or plain.startswith((f"{name}::", f"{name}:"))
        for name in COLUMNS.get(column, (column,))
    )


class Places:
    """The rows of the survey by schema path, and of the choices by list and value."""

    def __init__(self, workbook: Workbook) -> None:
        self.survey = workbook.sheet("survey")
        self.choices = workbook.sheet("choices")
        self.settings = workbook.sheet("settings")
        self.rows: dict[Names, Row] = {}
        # By list and value; under the value "" all of a list.
        self.listed: dict[tuple[str, str], list[Row]] = {}
        self._read()

    def _read(self) -> None:
        around: list[str] = []
        for row in self.survey.rows:
            kind, name = cell(row, "type").lower().strip(), cell(row, "name").strip()
            if END.match(kind):
                around = around[:-1]
            elif name or BEGIN.match(kind):
                self.rows.setdefault((*around, name), row)
            if BEGIN.match(kind):
                around = [*around, name]
        for row in self.choices.rows:
            for value in {cell(row, "name"), ""}:
                self.listed.setdefault((cell(row, "list_name"), value), []).append(row)

    def of(self, names: Names, column: str = "", language: str = "") -> Place:
        """Return the place of a node's cell; nodes that pyxform makes stand with their maker."""
        row = self.rows.get(names)
        if row is None and names:
            for ending in ("_count", "_other"):
                maker = self.rows.get((*names[:-1], names[-1].removesuffix(ending)))
                if names[-1].endswith(ending) and maker is not None:
                    made = "repeat_count" if ending == "_count" else "type"
                    return self.survey.place(maker, column_of(self.survey, made))
        if row is None:
            return NOWHERE
        return self.survey.place(row, column and column_of(self.survey, column, language))

    def choice(self, list_name: str, value: str, column: str = "name", nth: int = 0) -> Place:
        """Return the place of the nth choice of that value in a list."""
        rows = self.listed.get((list_name, value), ())
        if nth < len(rows):
            return self.choices.place(rows[nth], column)
        return Place("choices", 0, column)
