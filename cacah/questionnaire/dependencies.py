"""Which nodes an expression reads, and the order in which nodes can be computed."""

from __future__ import annotations

from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cacah.questionnaire.model import Instrument, Node


def paths_read(expression: Any) -> Iterator[str]:
    """Yield the schema path of every node that an expression reads."""
    if not isinstance(expression, tuple):
        return
    if expression[0] == "ref":
        yield expression[1]
        if len(expression) > 3:
            for _, predicate in expression[3]:
                yield from paths_read(predicate)
        return
    for part in expression[1:]:
        yield from paths_read(part)


# What an answer, the day or the language may change.
CHANGING = {"self", "once", "current", "position", "today", "now", "choices"}
CHANGING |= {"indexed-repeat", "count"}


def is_constant(expression: Any, constants: Container[str], *, columns: bool = False) -> bool:
    """Return whether nothing changes an expression's value but, with `columns`, the choice."""
    if not isinstance(expression, tuple):
        return True
    name = expression[0]
    if name == "ref":
        return len(expression) == 3 and expression[1] in constants
    if name in CHANGING or (name == "col" and not columns):
        return False
    return all(is_constant(part, constants, columns=columns) for part in expression[1:])


def graph(instrument: Instrument) -> dict[str, set[str]]:
    """Return for each schema path the paths that must be known before it is."""
    before: dict[str, set[str]] = {}

    def visit(node: Node, around: str) -> None:
        read = {
            path
            for expression in (node.relevant, node.calculate, node.count)
            for path in paths_read(expression)
        }
        if around:
            read.add(around)
        before[node.path] = read
        for child in node.children:
            visit(child, node.path)

    for child in instrument.children:
        visit(child, "")
    return before


def order(instrument: Instrument) -> list[str]:
    """Return the schema paths so that each stands behind what it reads; raises CycleError."""
    return list(TopologicalSorter(graph(instrument)).static_order())


def circle(instrument: Instrument) -> list[str]:
    """Return paths that depend on each other in a circle, none where there is no circle."""
    try:
        order(instrument)
    except CycleError as error:
        names: list[str] = error.args[1]
        return names[:-1]
    return []
