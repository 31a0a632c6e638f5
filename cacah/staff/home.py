"""A card of the office's home page: one thing that needs doing, or that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Card:
    """What a room wants its officer to know; `url` leads to where it is done."""

    title: str
    sentence: str
    url: str
    count: int | None = None
    tone: Literal["todo", "calm"] = "calm"
