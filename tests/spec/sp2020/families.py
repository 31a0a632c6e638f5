"""Reads the families and tables of rules beside it into cases that every runner shares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cacah.questionnaire.interview import Checked, check
from cacah.questionnaire.model import Instrument
from cacah.questionnaire.source import load

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FORM = ROOT / "instruments" / "sp2020.md"
PAGE = ROOT / "docs" / "sp2020.md"
TODAY = date(2020, 2, 20)
INSTRUMENT: Instrument = load(FORM)
FAMILIES: dict[str, Any] = json.loads((HERE / "families.json").read_text(encoding="utf-8"))
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?$")
NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of rules.md."""

    line: int
    rule: str
    family: str
    changes: str
    problems: str

    def __str__(self) -> str:
        return f"line {self.line} {self.rule} {'broken' if self.problems else 'kept'}"

    def answers(self) -> dict[str, Any]:
        """Return the family's answers with this row's changes."""
        return changed(self.family, self.changes)

    def expected(self) -> list[tuple[str, str]]:
        """Return code and path of every problem to be found, sorted."""
        parts = (full(part).split() for part in self.problems.split("; ") if part)
        return sorted((code, path) for code, path in parts)


@dataclass(frozen=True, slots=True)
class Asking:
    """One row of asked.md: whether the question or note at `path` is shown."""

    line: int
    path: str
    family: str
    changes: str
    shown: str

    def __str__(self) -> str:
        return f"line {self.line} {self.path} {self.shown}"

    @property
    def is_shown(self) -> bool:
        return {"yes": True, "no": False}[self.shown]

    def answers(self) -> dict[str, Any]:
        """Return the family's answers with this row's changes."""
        return changed(self.family, self.changes)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules in docs/sp2020.md; `kind` is E or W."""

    name: str
    kind: str
    nodes: tuple[str, ...]


def rows(path: Path, heading: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of the one table whose first heading is this."""
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if not cells:
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and set(cells[0]) != {"-"}:
            yield number, cells


def cases() -> list[Case]:
    return [Case(number, *cells) for number, cells in rows(HERE / "rules.md", "rule")]


def askings() -> list[Asking]:
    found = rows(HERE / "asked.md", "shown at")
    return [Asking(number, full(path), *rest) for number, (path, *rest) in found]


def rules() -> list[Rule]:
    found = (cells for _, cells in rows(PAGE, "rule"))
    return [Rule(NAMED.findall(f[0])[0], f[1], tuple(NAMED.findall(f[3]))) for f in found]


def options() -> dict[str, list[str]]:
    """Return each list's codes in docs/sp2020.md, `[]` where it names a source instead."""
    found: dict[str, list[str]] = {}
    for _, (names, codes) in rows(PAGE, "list"):
        written = codes.split() if re.fullmatch(r"[\d ]+", codes) else []
        found |= dict.fromkeys(NAMED.findall(names), written)
    return found


def family(name: str = "five") -> dict[str, Any]:
    answers: dict[str, Any] = deepcopy(FAMILIES[f"family of {name}"]["answers"])
    return answers


def changed(name: str, changes: str) -> dict[str, Any]:
    """Return a family's answers after changes, which are separated by `; `."""
    answers = family(name)
    for change in filter(None, changes.split("; ")):
        make(answers, change)
    return answers


def full(path: str) -> str:
    """Write out `[2]` as `person[2]` wherever a path begins with it."""
    return re.sub(r"(^| |-)\[(\d+)\]", r"\1person[\2]", path)


def schema(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def make(answers: dict[str, Any], change: str) -> None:
    """Change answers in place as one change of rules.md says."""
    change = full(change.strip())
    if copied := re.fullmatch(r"person\[\d+\] from person\[(\d+)\]", change):
        answers["person"].append(deepcopy(answers["person"][int(copied[1]) - 1]))
    elif change.startswith("-"):
        holder, key = place(answers, change[1:])
        del holder[key]
    else:
        path, value = change.split(" = ", 1)
        node = INSTRUMENT.nodes[schema(path)]
        kept: Any = value
        if node.kind == "group":
            kept = json.loads(value)
        elif node.type == "integer":
            kept = int(value)
        put(answers, path, kept)


def place(answers: Any, path: str) -> tuple[dict[str, Any], str]:
    """Return the object that holds the last step of a path, and that step."""
    *above, last = path.split("/")
    for step in above:
        matched = STEP.match(step)
        if matched is None:
            raise ValueError(path)
        answers = answers.setdefault(matched[1], {})
        if matched[2]:
            answers = answers[int(matched[2]) - 1]
    return answers, last


def put(answers: dict[str, Any], path: str, value: Any) -> None:
    holder, key = place(answers, path)
    holder[key] = value


def checked(answers: dict[str, Any], language: str = "id") -> Checked:
    return check(INSTRUMENT, answers, today=TODAY, language=language)


def found(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return code and path of every problem, sorted."""
    return sorted((each.code, each.path) for each in checked(answers).problems)
