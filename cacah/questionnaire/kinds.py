"""Tells of what kind an expression's value always is, so that it can be computed plainly.

A kind is `text`, `boolean`, `number`, `integer` (a number, whole where it is near a whole one, or
""), `decimal` (any number or ""), `date` (a Day or ""), or `any`.
"""

from __future__ import annotations

from cacah.questionnaire.functions import GIVES
from cacah.questionnaire.layout import Layout, Slot
from cacah.questionnaire.model import Expr, Node

OF_TYPE = {"integer": "integer", "decimal": "decimal", "date": "date"}
# A number, or no answer.
NUMERIC = {"number", "integer", "decimal"}


class Kinds:
    """The kinds of one instrument's expressions and nodes."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.nodes: dict[str, str] = {}

    def of(self, expression: Expr, own: Slot | None = None) -> str:
        """Return the kind of an expression that stands in the node `own`."""
        if isinstance(expression, str):
            return "text"
        if not isinstance(expression, tuple):
            return "number"
        name = expression[0]
        if name in GIVES:
            return GIVES[name]
        if name == "ref":
            return self.of_node(self.layout.slots[expression[1]].node)
        if name == "self" and own is not None and own.node.calculate is None:
            return self.of_node(own.node)
        if name == "if":
            return self._either(expression[2], expression[3], own)
        return "any"

    def _either(self, yes: Expr, no: Expr, own: Slot | None) -> str:
        kinds = {self.of(branch, own) for branch in (yes, no) if branch != ""}
        if len(kinds) == 1 and "" not in (yes, no):
            return kinds.pop()
        if kinds and kinds <= NUMERIC:
            return "decimal"
        return "text" if kinds <= {"text"} else "any"

    def of_node(self, node: Node) -> str:
        """Return the kind of a node's values."""
        if node.calculate is None:
            return OF_TYPE.get(node.type, "text")
        if node.path not in self.nodes:
            self.nodes[node.path] = "any"  # while it is found out
            self.nodes[node.path] = self._kept(node)
        return self.nodes[node.path]

    def _kept(self, node: Node) -> str:
        kind = self.of(node.calculate if node.calculate is not None else "")
        if kind in NUMERIC:
            return "any" if node.type == "date" else "integer"
        plain = kind in ("text", "boolean", "date") and node.type not in OF_TYPE
        return kind if plain else "any"
