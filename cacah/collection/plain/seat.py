"""A place in a guided session on a page without a script: its number, and what the guide says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cacah.collection import guide
from cacah.collection.plain.screens import Screen
from cacah.collection.plain.words import say

# As long as the board keeps the name of a part.
LONGEST = 40
# Pages that carry no state, by template.
PARTS = {"receipt.html": "receipt", "unlisted.html": "unlisted"}


@dataclass
class Seat:
    """What a family came by, as `guide.came_by` gives it, and the hint of its guide."""

    came_by: dict[str, str] = field(default_factory=dict)
    hint: str = ""

    @property
    def token(self) -> str:
        """The seat's token, empty for a family that is alone."""
        return self.came_by.get(guide.SEAT_NAME, "")

    @property
    def words(self) -> str:
        """The number by which the guide knows the seat."""
        return say("seat.number", n=guide.seat_of(self.token).rpartition(".")[2])


def open_part(screen: Screen) -> str:
    """Return which part of the form a page has open, without whose it is; as the script tells."""
    state = screen.state
    if state is None:
        return PARTS.get(screen.template, "identify")
    if state.place != "section":
        return state.place
    path = next(iter(state.blocks), state.section)
    return ("page:" + re.sub(r"\[\d+\]", "", path))[:LONGEST]
