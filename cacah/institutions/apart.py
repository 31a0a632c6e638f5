"""Which counts an outsider may see apart: none that stands for fewer than five people.

An outsider is every officer whose institution it is not. The rule (docs/institutions.md):

1. Under one parent lie cells: the people on its own roster, and each unit with all below it. The
   institutions without a parent that lie in the same regency are cells beside each other too.
2. A cell with people, but fewer than FEWEST who are asked, is not shown apart. All such cells of
   one parent are shown as one; where that one is itself too small, the smallest of the others
   join it until it is not. So what is missing under a parent is never a single small cell.
3. Below a cell that is not shown apart nothing is shown.

The partition depends on the rosters alone, never on who looks, on a filter or on an order: two
views of the same moment cannot be subtracted from each other. Where the mandate opens the names to
officers, there is nothing to hide: those people are known anyway and hide nobody, so they count
as none here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

FEWEST = 5
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Node:
    """An institution and how many people stand on its own roster, units' left out."""

    institution: int
    parent: int | None
    # Of an institution without a parent: beside which others it stands, the regency's code.
    beside: str
    # The mandate opens its names to officers: its own, and all below it.
    open: bool
    people: int
    asked: int


@dataclass(frozen=True, slots=True)
class Cell(Generic[K]):
    """What is shown apart or together with others: how many people, and how many are asked."""

    key: K
    people: int
    asked: int

    @property
    def is_small(self) -> bool:
        return self.people > 0 and self.asked < FEWEST


@dataclass(slots=True)
class Apart:
    """What an outsider may see of a forest of institutions."""

    # Institutions whose sums are shown.
    shown: set[int] = field(default_factory=set)
    # Institutions whose own roster, units' left out, is shown.
    own: set[int] = field(default_factory=set)
    # By parent, or by what the institutions without one stand beside: who is shown as one.
    # The parent itself stands among them for the people on its own roster.
    together: dict[int | str, list[int]] = field(default_factory=dict)
    # The same, where even all of them together are too few to be shown.
    withheld: dict[int | str, list[int]] = field(default_factory=dict)


def split(cells: Sequence[Cell[K]]) -> tuple[list[K], list[K]]:
    """Return which cells stand apart, and which only together."""
    together = [cell for cell in cells if cell.is_small]
    others = [cell for cell in cells if cell.asked >= FEWEST]
    others.sort(key=lambda cell: cell.asked, reverse=True)
    while together and others and sum(cell.asked for cell in together) < FEWEST:
        together.append(others.pop())
    hidden = {cell.key for cell in together}
    return [c.key for c in cells if c.key not in hidden], [c.key for c in together]


def apart(nodes: Iterable[Node]) -> Apart:
    """Tell what may be shown of whole trees; a parent that is not among them counts as none."""
    forest = _Forest({node.institution: node for node in nodes})
    for beside, roots in forest.roots.items():
        forest.show(beside, roots, None)
    return forest.result


class _Forest:
    """The trees while they are walked from the top."""

    def __init__(self, nodes: dict[int, Node]) -> None:
        self.nodes = nodes
        self.result = Apart()
        self.roots: dict[str, list[int]] = defaultdict(list)
        self.units: dict[int, list[int]] = defaultdict(list)
        for node in nodes.values():
            if node.parent in nodes:
                self.units[node.parent].append(node.institution)
            else:
                self.roots[node.beside].append(node.institution)
        self.own: dict[int, Cell[int]] = {}
        self.whole: dict[int, Cell[int]] = {}
        for tops in self.roots.values():
            for top in tops:
                self._sum(top, opened=False)

    def _sum(self, institution: int, *, opened: bool) -> None:
        node = self.nodes[institution]
        opened = opened or node.open
        people, asked = (0, 0) if opened else (node.people, node.asked)
        self.own[institution] = Cell(institution, people, asked)
        for unit in self.units[institution]:
            self._sum(unit, opened=opened)
            people, asked = people + self.whole[unit].people, asked + self.whole[unit].asked
        self.whole[institution] = Cell(institution, people, asked)

    def show(self, place: int | str, cells: list[int], owner: int | None) -> None:
        """Split the cells of one place: these institutions, and the owner's own roster."""
        apart, together = split([self._cell(each, owner) for each in cells])
        if together:
            enough = sum(self._cell(each, owner).asked for each in together) >= FEWEST
            (self.result.together if enough else self.result.withheld)[place] = together
        for each in apart:
            if each == owner:
                self.result.own.add(each)
                continue
            self.result.shown.add(each)
            self.show(each, [each, *self.units[each]], each)

    def _cell(self, institution: int, owner: int | None) -> Cell[int]:
        return (self.own if institution == owner else self.whole)[institution]
