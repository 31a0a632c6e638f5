"""One family's answers on their way through the plain form, and what the rules say to them."""

from __future__ import annotations

import copy
from datetime import date
from functools import cached_property
from typing import Any

from cacah.collection.plain import answers as typing
from cacah.collection.plain.plan import Section, covers, sections_of
from cacah.collection.plain.state import State
from cacah.questionnaire.asking import Asking
from cacah.questionnaire.interview import Problem
from cacah.questionnaire.model import Instrument, Node


class Visit:
    """A state with what follows from it; `changed` after every change of the answers."""

    def __init__(self, instrument: Instrument, state: State, *, today: date, language: str) -> None:
        self.instrument = instrument
        self.state = state
        self.today = today
        self.language = language

    def changed(self) -> None:
        """Forget what followed from the answers as they were."""
        for name in ("asking", "sections", "problems"):
            self.__dict__.pop(name, None)

    @cached_property
    def asking(self) -> Asking:
        """The interview with the answers as they stand."""
        return Asking(self.instrument, self.state.answers, today=self.today, language=self.language)

    @cached_property
    def sections(self) -> list[Section]:
        """The sections in order."""
        return sections_of(self.asking)

    @cached_property
    def problems(self) -> list[Problem]:
        """What stands in the way of sending; a warning with a remark no longer does."""
        return [
            problem
            for problem in self.asking.problems()
            if problem.code != "warning" or not self.state.remarks.get(problem.path, "").strip()
        ]

    def section(self, path: str) -> Section | None:
        """Return the section at a path."""
        return next((each for each in self.sections if each.path == path), None)

    def next_unseen(self) -> Section | None:
        """Return the first section that nobody has looked at yet and that asks something."""
        seen = set(self.state.seen)
        return next((each for each in self.sections if each.path not in seen and each.blocks), None)

    def status(self, section: Section) -> str:
        """Return `todo`, `partial`, `wrong` or `done`."""
        if section.blocks and section.path not in self.state.seen:
            return "todo"
        own = [problem for problem in self.problems if covers(section.path, problem.path)]
        if any(problem.code != "missing" for problem in own):
            return "wrong"
        return "partial" if own else "done"

    def start(self, prefill: dict[str, Any]) -> None:
        """Fill in the defaults of a form that is empty, and what the register holds."""
        if not self.state.answers:
            typing.with_defaults(self.asking, self.state.answers, self.instrument.children)
        self.fill_in(prefill)

    def fill_in(self, prefill: dict[str, Any]) -> None:
        """Fill what is empty with what the register holds."""
        typing.prefilled(self.instrument, self.state.answers, prefill)
        self.changed()

    def repeats(self) -> list[Node]:
        """Return the repeats directly below the form."""
        return [node for node in self.instrument.children if node.kind == "repeat"]

    def may_grow(self, repeat: Node) -> bool:
        """Tell whether the family may add a row itself."""
        return repeat.count is None and self.asking.relevant(repeat.name)

    def is_added(self, section: Section) -> bool:
        """Tell whether the family added this row, so that it may remove it."""
        field = register_path(section.node, "registered")
        if section.node.kind != "repeat" or section.node.count is not None:
            return False
        if not field:
            return True
        path = section.path + field.removeprefix(section.node.path)
        return str(typing.typed(self.state.answers, path) or "") != "1"

    def add_row(self, repeat: Node) -> str:
        """Add a row and return its path."""
        rows = self.state.answers.setdefault(repeat.name, [])
        rows.append({})
        self.changed()
        path = f"{repeat.name}[{len(rows)}]"
        typing.with_defaults(self.asking, self.state.answers, repeat.children, path + "/")
        self.changed()
        return path

    def remove_row(self, section: Section) -> None:
        """Take a row away, and remember what undoes that."""
        state = self.state
        before = {"answers": state.answers, "remarks": state.remarks, "seen": state.seen}
        state.removed = {"name": section.title, **copy.deepcopy(before)}
        name, number = section.node.name, section.number
        del state.answers[name][number - 1]
        state.remarks = typing.without_row(state.remarks, name, number)
        state.seen = list(typing.without_row(dict.fromkeys(state.seen), name, number))
        self.changed()

    def undo(self) -> None:
        """Bring back what the last step removed."""
        before = self.state.removed
        if before:
            self.state.answers = before["answers"]
            self.state.remarks = before["remarks"]
            self.state.seen = before["seen"]
            self.changed()

    def persons(self) -> int:
        """Return how many people these answers count."""
        return self.asking.persons()

    def sendable(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the answers without what is not relevant, and the remarks that explain them."""
        nodes = self.instrument.children
        warned = {each.path for each in self.asking.problems() if each.code == "warning"}
        remarks = {p: words for p, words in self.state.remarks.items() if p in warned}
        return typing.relevant(self.asking, nodes, self.state.answers), remarks


def register_path(node: Node, field: str) -> str:
    """Return the schema path of the question that a field of the register fills, "" for none."""
    found = (each.path for each in node.walk() if each.kind == "question")
    register = {each.path: each.register for each in node.walk()}
    return next((path for path in found if register[path] == field), "")
