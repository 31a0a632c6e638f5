"""Looks over a compiled questionnaire for what is allowed and yet would mislead."""

from __future__ import annotations

from collections import Counter

from cacah.questionnaire.model import Instrument
from cacah.questionnaire.places import Places, cell
from cacah.questionnaire.problems import FormProblem, Place, problem
from cacah.questionnaire.sheets import Workbook


def inspect(
    instrument: Instrument, workbook: Workbook, places: Places, *, census: bool
) -> list[FormProblem]:
    """Return problems of the lists, and of the census conventions where they are asked for."""
    found = [*_unused_lists(instrument, workbook), *_doubles(workbook)]
    if census:
        found += _census(instrument)
    return found


def _unused_lists(instrument: Instrument, workbook: Workbook) -> list[FormProblem]:
    used = {node.list for node in instrument.walk()} | _named_lists(instrument)
    found: dict[str, FormProblem] = {}
    sheet = workbook.sheet("choices")
    for row in sheet.rows:
        name = cell(row, "list_name")
        if name and name not in used and name not in found:
            found[name] = problem("list-unused", sheet.place(row, "list_name"), list=name)
    return list(found.values())


def _named_lists(instrument: Instrument) -> set[str]:
    names: set[str] = set()

    def search(expression: object) -> None:
        if isinstance(expression, tuple):
            if expression and expression[0] == "choices":
                names.add(str(expression[1]))
            for part in expression:
                search(part)

    for node in instrument.walk():
        for expression in (node.relevant, node.calculate, node.constraint, node.required):
            search(expression)
        search(node.filter)
    return names


def _doubles(workbook: Workbook) -> list[FormProblem]:
    """A value that stands twice in a list, with the very same columns, cannot be told apart."""
    sheet = workbook.sheet("choices")
    seen = Counter[tuple[str, str, tuple[tuple[str, str], ...]]]()
    found: list[FormProblem] = []
    for row in sheet.rows:
        name, value = cell(row, "list_name"), cell(row, "name")
        columns = tuple(
            sorted(
                (header, text)
                for header, text in row.cells.items()
                if not header.lower().startswith(("label", "list", "name"))
            )
        )
        key = (name, value, columns)
        seen[key] += 1
        if name and seen[key] == 2:
            where = " with the same columns" if columns else ""
            place = sheet.place(row, "name")
            found.append(problem("choice-twice", place, list=name, value=value, where=where))
    return found


def _census(instrument: Instrument) -> list[FormProblem]:
    place = Place("survey")
    nodes = instrument.nodes
    found: list[FormProblem] = []
    persons, person, nik = nodes.get("persons"), nodes.get("person"), nodes.get("person/nik")
    if persons is None or persons.calculate is None:
        found.append(problem("census-persons", place))
    repeats = [node for node in instrument.walk() if node.kind == "repeat"]
    person = person or next((node for node in repeats if node.name == "person"), None)
    if person is None or person.kind != "repeat":
        found.append(problem("census-person", place))
    elif nik is None and not any(node.name == "nik" for node in person.walk()):
        found.append(problem("census-nik", place))
    return found
