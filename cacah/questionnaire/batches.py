"""The order of computing: nodes of one frame that can be computed row by row, all at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from cacah.questionnaire.dependencies import graph, paths_read
from cacah.questionnaire.layout import Frame, Layout
from cacah.questionnaire.model import Instrument, Node


@dataclass(slots=True)
class Batch:
    """Nodes of one frame, each behind what it reads; `changed` are the paths they may change."""

    frame: Frame
    nodes: list[Node] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def takes(self, node: Node, layout: Layout) -> bool:
        """Return whether the node reads nothing that this batch has to change in other rows."""
        expressions = (node.relevant, node.calculate, node.count)
        elsewhere = {path for each in expressions for path in read_elsewhere(each, layout)}
        return not elsewhere & self.changed


def read_elsewhere(expression: Any, layout: Layout) -> Iterator[str]:
    """Yield the paths that an expression reads in other rows than those around it."""
    if not isinstance(expression, tuple):
        return
    if expression[0] == "ref":
        slot = layout.slots[expression[1]]
        here = expression[2] == slot.frame.depth and slot.node.kind != "repeat"
        if len(expression) > 3 or not here:
            yield from paths_read(expression)
    elif expression[0] == "indexed-repeat":
        yield from paths_read(expression)
    else:
        for part in expression[1:]:
            yield from read_elsewhere(part, layout)


def is_computed(node: Node) -> bool:
    """Return whether anything of a node has to be computed."""
    return not (node.relevant is None and node.calculate is None and node.count is None)


def batches(instrument: Instrument, layout: Layout, known: set[str]) -> list[Batch]:
    """Return what has to be computed, in order; `known` are the paths of constants.

    Raises CycleError where there is no such order.
    """
    places = {path: at for at, path in enumerate(instrument.nodes)}
    sorter = TopologicalSorter(graph(instrument))
    sorter.prepare()
    found = [Batch(layout.root)]
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        plain = [path for path in ready if path in known or not is_computed(instrument.nodes[path])]
        if not plain:
            plain = [_next(instrument, layout, found, sorted(ready, key=places.__getitem__))]
        sorter.done(*plain)
        ready.difference_update(plain)
    return [batch for batch in found if batch.nodes]


def _next(instrument: Instrument, layout: Layout, found: list[Batch], ready: list[str]) -> str:
    """Put one of the nodes that are ready into the last batch, or begin another one with it."""
    for path in ready:
        slot = layout.slots[path]
        if slot.frame is found[-1].frame and found[-1].takes(slot.node, layout):
            break
    else:
        path = ready[0]
        found.append(Batch(layout.slots[path].frame))
    node = instrument.nodes[path]
    found[-1].nodes.append(node)
    found[-1].changed.update(each.path for each in node.walk())
    return path
