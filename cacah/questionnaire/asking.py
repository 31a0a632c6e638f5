"""Answers single questions about an interview, by path, as the browser's Interview does."""

from __future__ import annotations

import re
from typing import Any

from cacah.questionnaire.interview import Interview
from cacah.questionnaire.layout import Row
from cacah.questionnaire.model import Node
from cacah.questionnaire.reading import TEXTS, written
from cacah.questionnaire.running import KEEP, keep
from cacah.questionnaire.values import nothing, text, truth

PART = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


class Asking(Interview):
    """An interview to be asked about; raises KeyError for a path that it does not have."""

    def place(self, path: str) -> tuple[Node, Row]:
        """Return the node that a path names, and the row it stands in."""
        layout, row = self.program.layout, self.root
        schema: list[str] = []
        for part in path.split("/"):
            found = PART.fullmatch(part)
            if found is None:
                raise KeyError(path)
            schema.append(found[1])
            if found[2]:
                rows = row[layout.slots["/".join(schema)].number] or []
                if not 1 <= int(found[2]) <= len(rows):
                    raise KeyError(path)
                row = rows[int(found[2]) - 1]
        node = layout.slots["/".join(schema)].node
        return node, row

    def _value(self, path: str) -> tuple[Node, Row, Any]:
        node, row = self.place(path)
        if node.kind == "repeat" and path.endswith("]"):
            return node, row[0], row[0][self.program.layout.slots[node.path].number]
        return node, row, row[self.program.layout.slots[node.path].number]

    def get(self, path: str) -> Any:
        """Return the value as the answers hold it, None where there is none."""
        value = self._value(path)[2]
        return None if value in (None, "") else written(value)

    def relevant(self, path: str) -> bool:
        """Return whether a node and everything around it is relevant; a row that is gone is not."""
        try:
            return self._value(path)[2] is not None
        except KeyError:
            return False

    def required(self, path: str) -> bool:
        """Return whether a node is relevant and must be answered."""
        node, row, value = self._value(path)
        if value is None or node.required is False:
            return False
        return truth(self.program.value(node, node.required)(row))

    def readonly(self, path: str) -> bool:
        """Return whether a question is shown and cannot be changed."""
        node, row = self.place(path)
        return node.readonly is not False and truth(self.program.value(node, node.readonly)(row))

    def default(self, path: str) -> Any:
        """Return what a question of a new form or row is given as its answer, None for nothing."""
        node, row = self.place(path)
        if node.default is None:
            return None
        value = KEEP.get(node.type, keep)(self.program.value(node, node.default)(row))
        if nothing(value):
            return None
        return text(value) if node.type in TEXTS else written(value)

    def text(self, path: str, column: str) -> str:
        """Return a label, hint or help with the answers that it shows."""
        node, row = self.place(path)
        if node.kind == "repeat" and not path.endswith("]"):
            row = self.program.layout.by_repeat[node.path].row(row, 0)
        return self.words(node, column, row)

    def choices(self, path: str) -> list[dict[str, str]]:
        """Return the choices that the filter leaves, as value and label."""
        node, row = self.place(path)
        program = self.program
        offered = None if node.filter is None else program.offers(node)
        return [
            {"value": choice.value, "label": program.choice_words(node, choice, self.language)(row)}
            for choice in program.instrument.lists[node.list]
            if offered is None or offered(row, {"name": choice.value, **choice.columns})
        ]

    def row_count(self, path: str) -> int:
        """Return how many rows a repeat has."""
        return len(self._value(path)[2] or ())
