"""Everything a family has typed, by path: reading, writing, rows, and what the register fills in.

The browser's form does the same in `form/prefill.js` and `form/visit.js`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, TypeVar

from cacah.questionnaire.asking import Asking
from cacah.questionnaire.interview import MAX_ROWS
from cacah.questionnaire.model import Instrument, Node

STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?", re.ASCII)
Answers = dict[str, Any]
T = TypeVar("T")


def steps(path: str) -> Iterator[tuple[str, int]]:
    """Yield name and row number (0 outside a repeat) of each part of a path."""
    for part in path.split("/"):
        found = STEP.fullmatch(part)
        if found is None:
            raise KeyError(path)
        yield found[1], int(found[2] or 0)


def typed(answers: Answers, path: str) -> Any:
    """Return what stands at a path, None where nothing does."""
    here: Any = answers
    for name, row in steps(path):
        here = here.get(name)
        if row:
            here = here[row - 1] if here and row <= len(here) else None
        if here is None:
            return None
    return here


def put(answers: Answers, path: str, value: Any) -> None:
    """Write a question's value, or take it away for None; groups and rows are made as needed."""
    here, parts = answers, list(steps(path))
    for name, row in parts[:-1]:
        if not row:
            here = here.setdefault(name, {})
            continue
        rows = here.setdefault(name, [])
        while len(rows) < row <= MAX_ROWS:
            rows.append({})
        here = rows[row - 1]
    if value in (None, ""):
        here.pop(parts[-1][0], None)
    else:
        here[parts[-1][0]] = value


def prefilled(instrument: Instrument, answers: Answers, prefill: Mapping[str, Any]) -> None:
    """Fill what is empty with what the register holds; what was answered stays."""
    for node in instrument.children:
        if node.kind != "repeat":
            _fill(answers, node, node.name, prefill.get("household") or {})
        elif node.register == "persons":
            for number, person in enumerate(prefill.get("persons") or (), 1):
                _rows_up_to(answers, node.name, number)
                for child in node.children:
                    _fill(answers, child, f"{node.name}[{number}]/{child.name}", person)


def _rows_up_to(answers: Answers, name: str, number: int) -> None:
    rows = answers.setdefault(name, [])
    while len(rows) < number:
        rows.append({})


def _fill(answers: Answers, node: Node, path: str, record: Mapping[str, Any]) -> None:
    if node.kind == "group":
        for child in node.children:
            _fill(answers, child, f"{path}/{child.name}", record)
    elif node.kind == "question" and node.register and node.register in record:
        value = _as_answer(node, record[node.register])
        if value is not None and typed(answers, path) is None:
            put(answers, path, value)


def _as_answer(node: Node, value: Any) -> Any:
    if value in (None, ""):
        return None
    if node.type not in ("integer", "decimal"):
        return str(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def with_defaults(asking: Asking, answers: Answers, nodes: Sequence[Node], base: str = "") -> None:
    """Give empty questions of a new form or row the default that the questionnaire has for them."""
    for node in nodes:
        path = base + node.name
        if node.kind == "group":
            with_defaults(asking, answers, node.children, path + "/")
        elif node.kind == "question" and node.default is not None and typed(answers, path) is None:
            put(answers, path, asking.default(path))


def pruned(nodes: Sequence[Node], answers: Any) -> Answers:
    """Keep of answers to another version what this instrument still has."""
    kept: Answers = {}
    if not isinstance(answers, dict):
        return kept
    for node in nodes:
        value = answers.get(node.name)
        if node.kind == "group":
            kept[node.name] = pruned(node.children, value)
        elif node.kind == "repeat":
            rows = value if isinstance(value, list) else []
            kept[node.name] = [pruned(node.children, row) for row in rows]
        elif node.kind == "question" and isinstance(value, str | int | float) and value != "":
            kept[node.name] = value
    return kept


def relevant(
    asking: Asking, nodes: Sequence[Node], answers: Mapping[str, Any], base: str = ""
) -> Answers:
    """Return what is sent: no calculates, nothing that is not relevant, nothing empty."""
    found: Answers = {}
    for node in nodes:
        path, value = base + node.name, answers.get(node.name)
        if value is None or not asking.relevant(path):
            continue
        if node.kind == "group":
            value = relevant(asking, node.children, value, path + "/")
        elif node.kind == "repeat":
            rows = value[: asking.row_count(path)]
            value = [
                relevant(asking, node.children, row, f"{path}[{number}]/")
                for number, row in enumerate(rows, 1)
            ]
        if value not in ("", {}, []):
            found[node.name] = value
    return found


def without_row(by_path: Mapping[str, T], repeat: str, removed: int) -> dict[str, T]:
    """Drop the paths of a removed row, and move those of the rows behind it up by one."""
    moved: dict[str, T] = {}
    for path, value in by_path.items():
        found = re.match(re.escape(repeat) + r"\[(\d+)\]", path)
        row = int(found[1]) if found else 0
        if found is None or row < removed:
            moved[path] = value
        elif row > removed:
            moved[f"{repeat}[{row - 1}]{path[found.end() :]}"] = value
    return moved
