"""Writes compiled expressions and texts back in the notation of the form, for people to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cacah.questionnaire.model import Node, Output, Text

BINDING = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}


def written(expression: Any, nodes: Mapping[str, Node], binding: int = 0) -> str:
    """Return an expression as an XLSForm would have it, names as ``${name}``."""
    if isinstance(expression, str):
        return f"'{expression}'" if "'" not in expression else f'"{expression}"'
    if not isinstance(expression, tuple):
        return "" if expression is None else str(expression)
    name, *parts = expression
    if name in BINDING:
        own = BINDING[name]
        left, right = written(parts[0], nodes, own), written(parts[1], nodes, own + 1)
        text = f"{left} {name} {right}"
        return f"({text})" if own < binding else text
    if name == "neg":
        return f"-{written(parts[0], nodes, 7)}"
    special = SPECIAL.get(name)
    if special is not None:
        return special(parts, nodes)
    return f"{name}({', '.join(written(part, nodes) for part in parts)})"


def _ref(parts: list[Any], nodes: Mapping[str, Node]) -> str:
    path, filters = str(parts[0]), parts[2:]
    name = "${" + path.rsplit("/", 1)[-1] + "}"
    tests = "".join(f"[{written(test, nodes)}]" for _, test in (filters[0] if filters else ()))
    repeat = path.split("/")[0] if tests else ""
    if tests and nodes[path].kind != "repeat":
        return "${" + repeat + "}" + tests + "/" + path.rsplit("/", 1)[-1]
    return name + tests


def _choices(parts: list[Any], nodes: Mapping[str, Node]) -> str:
    name, condition, column = parts
    return f"instance('{name}')/root/item[{written(condition, nodes)}]/{column}"


SPECIAL: dict[str, Callable[[list[Any], Mapping[str, Node]], str]] = {
    "ref": _ref,
    "choices": _choices,
    "self": lambda parts, nodes: ".",
    "col": lambda parts, nodes: str(parts[0]),
    "position": lambda parts, nodes: "position(..)",
    "current": lambda parts, nodes: f"current()/{written(parts[0], nodes)}",
}


def plain(text: Text, nodes: Mapping[str, Node]) -> str:
    """Return a text with the answers it shows as ``${name}``."""
    if isinstance(text, str):
        return text
    return "".join(
        written(part.expression, nodes) if isinstance(part, Output) else part for part in text
    )
