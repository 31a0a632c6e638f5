"""What an expression sees from where it stands: the form's names, and the rows that are fixed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches

Names = tuple[str, ...]


@dataclass(slots=True)
class Schema:
    """The form's names: schema paths as tuples, and what each of them is."""

    root: str
    kinds: dict[Names, str] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)
    translated: set[str] = field(default_factory=set)
    list_of: dict[Names, str] = field(default_factory=dict)
    ignored: set[Names] = field(default_factory=set)

    def repeats(self, names: Names) -> list[int]:
        """Return at which places of a path its repeats stand."""
        return [at for at in range(len(names)) if self.kinds.get(names[: at + 1]) == "repeat"]

    def hint(self, name: str) -> str:
        """Return ` (… is)` with the nearest name of the form, or nothing."""
        known = sorted({names[-1] for names in self.kinds if names})
        return nearest(name, known)


def nearest(name: str, known: list[str]) -> str:
    """Return the nearest known name as an aside, or nothing."""
    near = get_close_matches(name, known, n=1)
    return f" (is it {near[0]}?)" if near else ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: `depth` of the repeats in `names` have their row fixed.

    `list` is the choice list whose columns a choice filter sees; `origin` is where the whole
    expression stands while a predicate is read.
    """

    names: Names
    depth: int
    column: str
    list: str = ""
    origin: Scope | None = None

    def inside(self, names: Names, depth: int) -> Scope:
        """Return the scope of a predicate on a repeat."""
        return replace(self, names=names, depth=depth, list="", origin=self.origin or self)

    def filtering(self, name: str) -> Scope:
        """Return the scope of a predicate on a choice list."""
        return replace(self, list=name)
