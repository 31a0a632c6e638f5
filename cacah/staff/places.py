"""Where an institution lies, told by the institutions room, which this room may not import.

Until it has told (`told_by`, from its AppConfig.ready), no institution is known here, and nobody
can be made a coordinator.
"""

from __future__ import annotations

from collections.abc import Collection
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

    def places_of(self, institutions: Collection[int]) -> dict[int, Place]:
        """Return where institutions lie, by id; who is not there is left out."""

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        """Return the ids of everything below these institutions, themselves left out."""


class _NoPlaces:
    def places_of(self, institutions: Collection[int]) -> dict[int, Place]:
        return {}

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        return []


_places: list[Places] = [_NoPlaces()]


def told_by(places: Places) -> None:
    """Let the institutions room say where institutions lie."""
    _places[0] = places


def places_of(institutions: Collection[int]) -> dict[int, Place]:
    """Return where institutions lie, by id; who is not there is left out."""
    return _places[0].places_of(institutions) if institutions else {}


def place_of(institution: int) -> Place | None:
    """Return where an institution lies, None for one that is not there."""
    return places_of([institution]).get(institution)


def below(institutions: tuple[int, ...]) -> list[int]:
    """Return the ids of everything below these institutions, themselves left out."""
    return _places[0].below(institutions) if institutions else []
