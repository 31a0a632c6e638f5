"""Finds areas by name or code among those that somebody may name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cacah.areas import queries as areas
from cacah.areas.codes import lineage

MOST = 40
# Of the whole nation's likeliest villages, before those outside the scope are left out.
MOST_LIKELY = 60


@dataclass(frozen=True, slots=True)
class Found:
    """An area; `path` names what lies around it, from the smallest up."""

    code: str
    name: str
    path: str


def find(text: str, *, within: Sequence[str]) -> list[Found]:
    """Return the areas that a text may mean, none outside `within` (undotted codes, "" is all).

    Where no name has it, villages whose names are spelt nearly so.
    """
    found = areas.find(text, within=within, most=MOST)
    if found:
        named = areas.names({code for each in found for code in lineage(each.code)})
        return [Found(each.code, each.name, _path(each.code, named)) for each in found]
    likely = areas.search_villages(text, most=MOST_LIKELY)
    inside = [each for each in likely if each.code.startswith(tuple(within))]
    return [Found(each.code, each.name, each.path) for each in inside[:MOST]]


def _path(code: str, named: dict[str, str]) -> str:
    return ", ".join(named[each] for each in reversed(lineage(code)[:-1]) if each in named)
