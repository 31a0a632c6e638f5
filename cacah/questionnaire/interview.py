"""Checks a family's answers against an instrument: one pass, whatever the answers are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cacah.questionnaire.layout import AROUND, NUMBER, Frame, Row
from cacah.questionnaire.messages import message
from cacah.questionnaire.model import Instrument, Node
from cacah.questionnaire.program import Keys, Program, Reader, program
from cacah.questionnaire.reading import MAX_TEXT, WrongType, shown
from cacah.questionnaire.values import Number, day_of, number

MAX_ROWS = 60
MAX_ROWS_IN_ALL = 1_000
MAX_PROBLEMS = 500
# Where a node keeps its own words for a problem.
COLUMNS = {
    "missing": "required_message",
    "rule": "label",
    "warning": "label",
    "constraint": "constraint_message",
    "choice": "",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer; `path` names it with row numbers, as `person[2]/name`."""

    code: str
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: problems in the form's order, and the answers without what is not relevant."""

    problems: list[Problem] = field(default_factory=list)
    clean: dict[str, Any] = field(default_factory=dict)
    persons: int = 0


def check(instrument: Instrument, answers: Any, *, today: date, language: str) -> Checked:
    """Check answers of any shape; never raises for what is in them.

    `answers` and the shape of the result are those of docs/instrument.md.
    """
    interview = Interview(instrument, answers, today=today, language=language)
    outcome = Checked(interview.problems(), interview.clean(), interview.persons())
    interview.let_go()
    return outcome


class Interview:
    """The answers of one family, with everything that follows from them computed."""

    def __init__(self, instrument: Instrument, answers: Any, *, today: date, language: str) -> None:
        self.program: Program = program(instrument)
        self.language = instrument.language(language)
        layout = self.program.layout
        self.root: Row = layout.root.row(day_of(today), self.language)
        self.rows: list[list[Row]] = [[] for _ in layout.frames]
        self.rows[0] = [self.root]
        self.found: list[Problem] = []
        self.bad: set[tuple[int, int]] = set()
        self.left = MAX_ROWS_IN_ALL
        if answers.__class__ is dict:
            self._read(answers, self.program.keys, self.root)
        elif answers is not None:
            self._report("type", "")
        for compute in self.program.computing:
            compute(self)
        self.answers: dict[str, Any] | None = None

    # Reading

    def _report(self, code: str, path: str, words: str = "") -> None:
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(code, path, words or message(code, self.language)))

    def _read(self, given: dict[Any, Any], keys: Keys, row: Row) -> None:
        texts, groups = keys.texts, keys.groups
        for key, value in given.items():
            kind = value.__class__
            if kind is str:
                if not value:
                    continue
                slot = texts.get(key)
                # Most texts surely can be read; asking that here spares a call for each.
                if slot is not None and value.isprintable() and len(value) <= MAX_TEXT:
                    row[slot] = value
                    continue
            elif kind is dict and key in groups:
                self._read(value, groups[key], row)
                continue
            elif value is None:
                continue
            self._read_other(key, value, keys, row)

    def _read_other(self, key: Any, value: Any, keys: Keys, row: Row) -> None:
        reader = keys.all.get(key)
        if reader is None:
            self._report("unknown", self._inside(keys.node, row) + shown(key))
        elif reader.read is not None:
            try:
                row[reader.slot] = reader.read(value)
            except WrongType:
                self.bad.add((id(row), reader.slot))
                self._report("type", self.path(reader.node, row))
        elif reader.frame is not None:
            self._read_rows(value, reader, row)
        elif reader.node.kind == "group":
            self._report("type", self.path(reader.node, row))
        # A note has no answer, and a calculate is computed again.

    def _inside(self, node: Node | None, row: Row) -> str:
        """Return what the paths of a group's or a row's keys begin with."""
        if node is None:
            return ""
        if node.kind == "repeat":
            return f"{self.path(node, row[AROUND])}[{row[NUMBER]}]/"
        return self.path(node, row) + "/"

    def _read_rows(self, value: Any, reader: Reader, around: Row) -> None:
        if value.__class__ is not list:
            self._report("type", self.path(reader.node, around))
            return
        if len(value) > MAX_ROWS or len(value) > self.left:
            self._report("rows", self.path(reader.node, around))
        assert reader.frame is not None and reader.keys is not None
        for given in value[: min(MAX_ROWS, self.left)]:
            row = self._add(reader.frame, around, around[reader.slot])
            if given.__class__ is dict:
                self._read(given, reader.keys, row)
            elif given is not None:
                self._report("type", self._inside(reader.node, row)[:-1])

    def _add(self, frame: Frame, around: Row, rows: list[Row]) -> Row:
        self.left -= 1
        row = frame.row(around, len(rows) + 1)
        rows.append(row)
        self.rows[frame.number].append(row)
        return row

    # Computing: what the written code calls

    def drop(self, node: Node, row: Row) -> None:
        """Make a group or repeat and everything inside it not relevant."""
        slot = self.program.layout.slots[node.path].number
        rows, row[slot] = row[slot], None
        if node.kind == "repeat":
            for each in rows or ():
                self._drop_inside(node, each)
        else:
            self._drop_inside(node, row)

    def _drop_inside(self, node: Node, row: Row) -> None:
        slots, repeats = self.program.inside[node.path]
        for repeat in repeats:
            self.drop(repeat, row)
        for slot in slots:
            row[slot] = None

    def count(self, node: Node, row: Row, wanted: Number) -> None:
        """Give a repeat as many rows as are wanted; NaN wants none."""
        rows: list[Row] = row[self.program.layout.slots[node.path].number]
        count = int(max(0, min(MAX_ROWS, wanted))) if wanted == wanted else 0
        frame = self.program.layout.by_repeat[node.path]
        if len(rows) > count:
            self._report("rows", self.path(node, row))
            for each in rows[count:]:
                self._drop_inside(node, each)
            del rows[count:]
        while len(rows) < min(count, len(rows) + self.left):
            self._add(frame, row, rows)

    # Examining: what the written code calls

    def tell(self, code: str, node: Node, row: Row) -> None:
        """Report a problem of a node in a row, in the form's own words where it has some."""
        column = COLUMNS[code]
        words = self.words(node, column, row) if column else ""
        self._report(code, self.path(node, row), words)

    def missing(self, node: Node, row: Row, slot: int) -> None:
        """Report a required question without an answer, unless one came that cannot be read."""
        if (id(row), slot) not in self.bad:
            self.tell("missing", node, row)

    # Asking

    def path(self, node: Node, row: Row) -> str:
        """Return a node's path with the numbers of the rows around it."""
        layout = self.program.layout
        frame: Frame | None = layout.slots[node.path].frame
        path = node.path
        while frame is not None and frame.node is not None:
            outer = frame.node.path
            path = f"{outer}[{row[NUMBER]}]{path[len(outer) :]}"
            row, frame = row[0], frame.around
        return path

    def words(self, node: Node, column: str, row: Row) -> str:
        """Return a text of a node in the interview's language."""
        return self.program.words(node, column, self.language)(row)

    def problems(self) -> list[Problem]:
        """Return everything that is wrong, in the form's order after what cannot be read."""
        self.clean()
        return self.found

    def clean(self) -> dict[str, Any]:
        """Return the answers without what is not relevant, with what is calculated."""
        if self.answers is None:
            self.answers = self.program.examine(self, self.root)
        return self.answers

    def let_go(self) -> None:
        """Part the rows from each other, so that their memory is free without a collector."""
        for rows in self.rows:
            for row in rows:
                row.clear()

    def persons(self) -> int:
        """Return the calculate `persons`, 0 where there is none."""
        slot = self.program.layout.slots.get("persons")
        value = self.root[slot.number] if slot and slot.node.calculate is not None else None
        count = number(value) if value not in (None, "") else 0
        return int(count) if 0 <= count <= MAX_ROWS_IN_ALL else 0
