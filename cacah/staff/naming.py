"""Names beside the bare ids of the audit trail, told by each room for its own things.

Never of a family or a person counted: the rooms that know them tell nothing here. A name is shown
to whoever may see the trail of where the thing lies today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cacah.areas.queries import names as area_names
from cacah.staff.models import AuditEntry
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

# Digits of the largest id.
LONGEST = 18
# Of the ids in one line's details more are not named.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called, and the undotted code of the area where it lies."""

    name: str
    area: str


Namer = Callable[[Collection[int]], Mapping[int, Named]]
# By verb, for the subject; by `verb:key`, for ids in the details.
_namers: dict[str, Namer] = {}


def tell(namers: Mapping[str, Namer]) -> None:
    """Add what a room can name, from its AppConfig.ready."""
    _namers.update(namers)


def is_told(verb: str) -> bool:
    """Tell whether a room names the subjects of a verb."""
    return verb in _namers


class Names:
    """The names of what some lines of the trail are about; one query for each kind of thing."""

    def __init__(self, entries: Collection[AuditEntry], scope: Scope) -> None:
        wanted: dict[Namer, set[int]] = defaultdict(set)
        for entry in entries:
            for key, ids in _ids_of(entry):
                if namer := _namers.get(key):
                    wanted[namer] |= ids
        self._found = {namer: _seen(namer(ids), scope) for namer, ids in wanted.items()}
        self.areas = area_names({entry.area for entry in entries if entry.area})

    def subject(self, entry: AuditEntry) -> str:
        """Return the name of what a line is about, empty where none is known."""
        return self._name(entry.verb, entry.subject)

    def detail(self, entry: AuditEntry, key: str) -> str:
        """Return the names of the ids in one of a line's details, a few at most."""
        value = entry.details[key]
        ids = value[:MOST_NAMED] if isinstance(value, list) else [value]
        names = [self._name(f"{entry.verb}:{key}", each) for each in ids]
        more = "…" if isinstance(value, list) and len(value) > MOST_NAMED and any(names) else ""
        return ", ".join(filter(None, [*names, more]))

    def _name(self, key: str, value: Any) -> str:
        namer = _namers.get(key)
        ids = _whole(value)
        return self._found[namer].get(ids.pop(), "") if namer and ids else ""


def _seen(found: Mapping[int, Named], scope: Scope) -> dict[int, str]:
    return {
        pk: each.name for pk, each in found.items() if scope.sees(each.area, Permission.SEE_AUDIT)
    }


def _ids_of(entry: AuditEntry) -> Iterator[tuple[str, set[int]]]:
    yield entry.verb, _whole(entry.subject)
    for key, value in entry.details.items():
        ids: Iterable[Any] = value[:MOST_NAMED] if isinstance(value, list) else [value]
        yield f"{entry.verb}:{key}", set().union(*map(_whole, ids))


def _whole(value: Any) -> set[int]:
    """Return the id that this is, as a set; an empty one for anything else."""
    text = str(value)
    is_id = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return {int(text)} if is_id and not isinstance(value, bool) else set()
