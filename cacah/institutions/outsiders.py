"""What officers above see of institutions: counts only, and none of fewer than five people.

Everything that an officer who is not an institution's own is shown of its people goes through
here: pages, downloads, reports of other rooms. Which counts are shown is decided in `apart`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cacah.institutions.apart import Apart, Node, apart
from cacah.institutions.queries import STATES, Tally, forest


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table for outsiders: an institution, or several as one.

    `counts` is None where there are too few people to be shown, and nothing else says how many.
    """

    name: str
    # None: several as one, or the people on the parent's own roster.
    institution: int | None
    counts: Tally | None
    kind: str = ""
    obliged: bool = False
    # Of several as one: how many, the parent's own roster among them.
    several: int = 0
    # The people on the parent's own roster.
    is_own: bool = False
    # Place by per cent complete, from 1; equal ones share it. None where there is nothing to rank.
    rank: int | None = None


class View:
    """All that can be seen from one area at one moment; one statement."""

    def __init__(self, area: str) -> None:
        """Read whole trees: what may be shown depends on the neighbours outside the area too."""
        self.area = area
        found = forest(area)
        self.counts = {each.institution: each for each in found}
        self.units: dict[int | None, list[int]] = {}
        for each in found:
            parent = each.parent if each.parent in self.counts else None
            self.units.setdefault(parent, []).append(each.institution)
        self.apart: Apart = apart(
            Node(
                c.institution,
                c.parent,
                c.area[:4],
                c.names_to_officers,
                c.own.people,
                c.own.asked,
            )
            for c in found
        )

    def is_within(self, institution: int) -> bool:
        found = self.counts.get(institution)
        return found is not None and found.area.startswith(self.area)

    def league(self, *, units: bool = False) -> list[Row]:
        """Return the institutions of the area, those on top in it; with `units` every one.

        Small ones of one regency, or of one parent, are one row at the end, ranked nowhere.
        """
        inside = [each for each in self.counts if self.is_within(each)]
        rows = [
            self._row(each)
            for each in inside
            if each in self.apart.shown and (units or not self._has_parent_inside(each))
        ]
        rows = ranked(rows)
        return rows if units else rows + self._together(inside)

    def page(self, institution: int) -> list[Row] | None:
        """Return its own roster and its units as rows; None where it is not shown itself."""
        if institution not in self.apart.shown:
            return None
        rows = ranked(
            [self._row(u) for u in self.units.get(institution, ()) if u in self.apart.shown]
        )
        here = self.counts[institution]
        if institution in self.apart.own and here.own.people:
            rows.insert(0, Row(here.name, None, here.own, is_own=True))
        return rows + self._together_at(institution)

    def _row(self, institution: int) -> Row:
        found = self.counts[institution]
        return Row(found.name, institution, found, found.kind, found.obliged)

    def _has_parent_inside(self, institution: int) -> bool:
        parent = self.counts[institution].parent
        return parent is not None and self.is_within(parent)

    def _together(self, inside: Sequence[int]) -> list[Row]:
        """Return what stands on top in the area as one row for each place that is whole in it."""
        tops = {each for each in inside if not self._has_parent_inside(each)}
        places = [*self.apart.together, *self.apart.withheld]
        rows = []
        for place in places:
            members = self.apart.together.get(place) or self.apart.withheld[place]
            if set(members) <= tops:
                rows += self._together_at(place)
        return rows

    def _together_at(self, place: int | str) -> list[Row]:
        if place in self.apart.withheld:
            members = self.apart.withheld[place]
            return [Row("", None, None, several=len(members))]
        if members := self.apart.together.get(place, []):
            parts = [self.counts[m].own if m == place else self.counts[m] for m in members]
            return [Row("", None, added(parts), several=len(members))]
        return []


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with their places by per cent complete, best first; equal ones share one."""
    ordered = sorted(
        rows, key=lambda r: (r.counts is None or r.counts.percent is None, -_percent(r), r.name)
    )
    result: list[Row] = []
    for place, row in enumerate(ordered, 1):
        if row.counts is None or row.counts.percent is None:
            result.append(row)
            continue
        same = result and result[-1].rank and _percent(result[-1]) == _percent(row)
        result.append(replace(row, rank=result[-1].rank if same else place))
    return result


def added(parts: Iterable[Tally]) -> Tally:
    """Return the sum of several counts."""
    parts = list(parts)
    return Tally(*(sum(getattr(each, state) for each in parts) for state in STATES))


def _percent(row: Row) -> float:
    return row.counts.percent or 0.0 if row.counts else 0.0
