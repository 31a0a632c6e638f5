"""The list of an institution's people, as a page asks for it: by state, unit and name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cacah.institutions import shown
from cacah.institutions.models import Institution
from cacah.institutions.people import (
    FILTERS,
    MOST_SEARCHED,
    ON_A_PAGE,
    Listed,
    named,
    people,
)
from cacah.institutions.queries import Counts, Tally, participation
from cacah.institutions.seats import Seat, whole_number
from cacah.staff import numerals
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest
from cacah.staff.tables import Column, Table, downloads

LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class Listing:
    """What was asked for, and where: `unit` is the institution itself or one below it."""

    request: OfficeRequest
    seat: Seat
    units: dict[int, Institution]
    unit: Institution
    state: str
    words: str
    counts: Tally

    @property
    def institutions(self) -> list[int]:
        return [pk for pk, each in self.units.items() if each.path.startswith(self.unit.path)]

    @property
    def is_too_long(self) -> bool:
        """Whether a name is looked for among more people than can be, while somebody waits."""
        return bool(self.words) and self.counts.people > MOST_SEARCHED

    def shown(self) -> dict[str, Any]:
        """Return one page of the list, and the links around it."""
        rows, many = ([], 0) if self.is_too_long else self._rows()
        last = max(1, -(-many // ON_A_PAGE))
        page = shown.page_number(self.request, last=last)
        start = (page - 1) * ON_A_PAGE
        on_it = rows[start : start + ON_A_PAGE] if self.words else self._page(start)
        self._trace(len(on_it))
        return {
            "rows": [shown.person(each, self.units) for each in on_it],
            "many": many,
            "states": shown.state_links(self.request, self.counts, self.state),
            "state": self.state,
            "units": self.choices(),
            "unit": self.unit.pk,
            "words": self.words,
            "too_long": numerals.count(MOST_SEARCHED) if self.is_too_long else "",
            "pages": shown.pages(self.request, page, last=last),
            "is_own": self.seat.is_own,
            "downloads": [] if self.is_too_long else downloads(self.request),
        }

    def table(self) -> Table:
        """Return all that was asked for as a table for download; Http404 as for no such search."""
        if self.is_too_long:
            raise Http404
        rows = list(self._all())
        self._trace(len(rows), file=True)
        return people_table(self.seat, rows, self.units)

    def _all(self) -> list[Listed]:
        states = FILTERS[self.state]
        if self.words:
            own = self.seat.is_own
            return named(self.institutions, states=states, words=self.words, numbers=own)
        return list(people(self.institutions, states=states))

    def _rows(self) -> tuple[list[Listed], int]:
        """Return who has the words, and how many; without words only how many."""
        if self.words:
            rows = self._all()
            return rows, len(rows)
        return [], sum(getattr(self.counts, state) for state in FILTERS[self.state])

    def _page(self, start: int) -> list[Listed]:
        states = FILTERS[self.state]
        return list(people(self.institutions, states=states, offset=start, most=ON_A_PAGE))

    def choices(self) -> list[tuple[int, str]]:
        """Return the units by path, indented by how deep they lie."""
        top = self.seat.institution.path.count("/")
        return [
            (pk, "\u2003" * (each.path.count("/") - top) + each.name)
            for pk, each in self.units.items()
        ]

    def _trace(self, many: int, **more: Any) -> None:
        """Keep the trace of names that were shown."""
        trace(
            by=self.request.officer,
            verb="institutions.people_read",
            subject=self.unit.pk,
            area=self.unit.area_id or "",
            details={"people": many, "state": self.state, "search": bool(self.words), **more},
            request=self.request,
        )


def listing(request: OfficeRequest, seat: Seat, counts: Counts | None = None) -> Listing:
    """Read `keadaan`, `unit` and `nama`; raises Http404 for a unit that lies elsewhere.

    `counts` are those of the whole institution, where they are known already.
    """
    units = {each.pk: each for each in seat.units()}
    asked = request.GET.get("unit", "")
    unit = seat.institution
    if asked and request.GET.get("tabel") != "unit":
        if whole_number(asked) not in units:
            raise Http404
        unit = units[whole_number(asked)]
    state = request.GET.get("keadaan", "")
    return Listing(
        request,
        seat,
        units,
        unit,
        state if state in FILTERS else "",
        request.GET.get("nama", "").replace("\0", "")[:LONGEST_SEARCH].strip(),
        counts if counts and unit == seat.institution else participation(unit.pk),
    )


def people_table(seat: Seat, rows: list[Listed], units: dict[int, Institution]) -> Table:
    """Return people as a table; to officers above neither NIK nor staff number."""
    columns = [
        Column("name", _("Name")),
        Column("unit", _("Unit")),
        Column("state", pgettext("of a person", "State")),
    ]
    columns.append(Column("why", _("Remark")))
    if seat.is_own:
        columns += [Column("nik", _("NIK, last digits")), Column("number", _("Staff number"))]
    values = []
    for each in rows:
        line = shown.state(each)
        cells = (each.name, units[each.institution].name, line["state"], line["why"])
        values.append((*cells, each.nik, each.number) if seat.is_own else cells)
    return Table(
        f"people-{seat.institution.pk}",
        tuple(columns),
        values,
        as_of=timezone.now(),
        title=seat.institution.name,
    )
