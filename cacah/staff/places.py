"""Where an institution lies, told by the institutions room, which this room may not import.

Until it has told (`told_by`, from its AppConfig.ready), no institution is known here, and nobody
can be made a coordinator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """An institution as the rules of inviting need it."""

    name: str
    # Undotted code of the area where it lies.
    area: str
    # Ids from the root of its tree down to itself.
    path: tuple[int, ...]


class Places(Protocol):
    """What the institutions room tells."""

    def place_of(self, institution: int) -> Place | None:
        """Return where an institution lies, None for one that is not there."""

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        """Return the ids of everything below these institutions, themselves left out."""


class _NoPlaces:
    def place_of(self, institution: int) -> Place | None:
        return None

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        return []


_places: list[Places] = [_NoPlaces()]


def told_by(places: Places) -> None:
    """Let the institutions room say where institutions lie."""
    _places[0] = places


def place_of(institution: int) -> Place | None:
    """Return where an institution lies, None for one that is not there."""
    return _places[0].place_of(institution)


def below(institutions: tuple[int, ...]) -> list[int]:
    """Return the ids of everything below these institutions, themselves left out."""
    return _places[0].below(institutions) if institutions else []
