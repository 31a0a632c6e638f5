"""Where each node's value lies while a family's answers are worked on.

The root and every repeat have a *frame*. A row of a frame is a list: the row around it, its number
from 1, then a slot for each node of the frame. A slot holds the node's value, `""` where it is not
answered, `None` where it is not relevant; a repeat's slot holds the list of its rows. The root's
row holds today and the language in the first two places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cacah.questionnaire.model import Instrument, Node

Row = list[Any]
AROUND, NUMBER = 0, 1
TODAY, LANGUAGE = 0, 1
FIRST_SLOT = 2


@dataclass(slots=True)
class Frame:
    """The slots of the root (`node` is None) or of one repeat."""

    number: int
    depth: int
    node: Node | None
    around: Frame | None
    slots: dict[str, int] = field(default_factory=dict)
    blank: Row = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)

    def row(self, around: Any, number: Any) -> Row:
        """Return a new row, nothing answered; its repeats have no rows."""
        row: Row = [around, number, *self.blank]
        for slot in self.repeats:
            row[slot] = []
        return row


@dataclass(frozen=True, slots=True)
class Slot:
    """A node's place: the frame it lies in and its number in the rows of that frame."""

    frame: Frame
    number: int
    node: Node


class Layout:
    """Frames and slots of an instrument by schema path."""

    def __init__(self, instrument: Instrument) -> None:
        self.root = Frame(0, 0, None, None)
        self.frames = [self.root]
        self.by_repeat: dict[str, Frame] = {}
        self.slots: dict[str, Slot] = {}
        for child in instrument.children:
            self._place(child, self.root)

    def _place(self, node: Node, frame: Frame) -> None:
        number = FIRST_SLOT + len(frame.blank)
        frame.slots[node.path] = number
        frame.blank.append("")
        self.slots[node.path] = Slot(frame, number, node)
        if node.kind == "repeat":
            frame.repeats.append(number)
            frame = Frame(len(self.frames), frame.depth + 1, node, frame)
            self.frames.append(frame)
            self.by_repeat[node.path] = frame
        for child in node.children:
            self._place(child, frame)

    def chain(self, path: str) -> list[Frame]:
        """Return the frames from the root to the one that a path's node lies in."""
        frames: list[Frame] = []
        frame: Frame | None = self.by_repeat.get(path) or self.slots[path].frame
        while frame is not None:
            frames.insert(0, frame)
            frame = frame.around
        return frames
