"""The list of officers below somebody: filtered, in one state each, with what they hold there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.areas.codes import NotAnAreaCode, dotted, parse
from cacah.staff import queries
from cacah.staff.door import SECOND_FACTORS
from cacah.staff.models import Grant, Officer
from cacah.staff.places import Place, places_of
from cacah.staff.roles import Role
from cacah.staff.scope import Scope
from cacah.staff.tables import Column, Table

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """A grant as people read it."""

    grant: Grant
    role: str
    where: str
    # "holds", "later", "ended" or "revoked"
    state: str


def lines(grants: Iterable[Grant], today: date) -> list[Line]:
    """Return grants in words, one query for all; their areas must be selected with them."""
    grants = list(grants)
    places = places_of({g.institution for g in grants if g.institution is not None})
    return [Line(g, str(Role(g.role).label), _where(g, places), _state(g, today)) for g in grants]


def _where(grant: Grant, places: Mapping[int, Place]) -> str:
    if grant.institution is not None:
        place = places.get(grant.institution)
        return place.name if place else f"{grant.institution}"
    if grant.area is None:
        return _("the whole nation")
    return f"{grant.area.name} ({dotted(grant.area.code)})"


def _state(grant: Grant, today: date) -> str:
    if grant.revoked_at is not None:
        return "revoked"
    if grant.until_day is not None and grant.until_day < today:
        return "ended"
    return "later" if grant.from_day > today else "holds"


@dataclass(frozen=True, slots=True)
class Row:
    """An officer in the list: only the grants that the reader could have given."""

    officer: Officer
    lines: list[Line]
    has_second_factor: bool
    # Whether all that the officer holds is below the reader: of others only this much is told.
    is_managed: bool = True

    @property
    def state(self) -> str:
        """Whether the officer can work: one of `STATES`."""
        if not self.is_managed:
            return "elsewhere"
        if self.officer.suspended_at is not None:
            return "suspended"
        if self.officer.accepted_at is None:
            return "invited"
        if not any(line.state == "holds" for line in self.lines):
            return "nothing"
        return "active" if self.has_second_factor else "factorless"

    @property
    def phone(self) -> str:
        return self.officer.phone if self.is_managed else ""

    @property
    def state_word(self) -> str:
        return str(STATES[self.state][0]())

    @property
    def state_class(self) -> str:
        return STATES[self.state][1]


# Word and class of office.css for each state of an officer.
STATES: dict[str, tuple[Callable[[], str], str]] = {
    "active": (lambda: _("active"), "state-done"),
    "invited": (lambda: _("not accepted yet"), "state-begun"),
    "factorless": (lambda: _("without a second factor"), "state-missing"),
    "nothing": (lambda: _("holds nothing today"), "state-none"),
    "suspended": (lambda: _("suspended"), "state-exempt"),
    "elsewhere": (lambda: _("also holds roles elsewhere"), "state-none"),
}


def officers(scope: Scope, filters: dict[str, str]) -> QuerySet[Officer]:
    """Return the officers below a scope that pass the filters of the page, by name."""
    grants = queries.grants_below(scope)
    if role := filters.get("role"):
        grants = grants.filter(role=role)
    if area := filters.get("area"):
        try:
            grants = grants.filter(area__code__startswith=parse(area))
        except NotAnAreaCode:
            grants = grants.none()
    today = timezone.localdate()
    if filters.get("state") == "ending":
        grants = ending(grants, today)
    found = Officer.objects.filter(grants__in=grants).distinct()
    if text := filters.get("q"):
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return _in_state(found, filters.get("state", ""), scope).order_by("name", "pk")


def ending(grants: QuerySet[Grant], today: date) -> QuerySet[Grant]:
    """Return the grants that hold today and end within two weeks."""
    return grants.filter(
        from_day__lte=today, until_day__range=(today, today + SOON), revoked_at=None
    )


def with_second_factor(found: QuerySet[Officer]) -> QuerySet[Any]:
    """Return officers with `has_factor` beside each."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return found.annotate(has_factor=Exists(factor))


def _in_state(found: QuerySet[Officer], state: str, scope: Scope) -> QuerySet[Officer]:
    """Return those in a state; who is not wholly below the reader is in none."""
    if state in STATES:
        found = found.filter(queries.wholly_below(scope))
    if state == "suspended":
        return found.exclude(suspended_at=None)
    if state == "invited":
        return found.filter(suspended_at=None, accepted_at=None)
    if state in ("active", "factorless"):
        able = with_second_factor(found.filter(suspended_at=None).exclude(accepted_at=None))
        return able.filter(has_factor=state == "active")
    return found


def rows(scope: Scope, found: QuerySet[Officer]) -> list[Row]:
    """Return officers with what they hold below a scope; a few queries whatever their number.

    Whoever holds and held nothing there is left out, however the officers were found.
    """
    grants = queries.grants_below(scope).select_related("area").order_by("from_day", "pk")
    listed = with_second_factor(found.annotate(is_managed=queries.wholly_below(scope)))
    listed = listed.prefetch_related(Prefetch("grants", queryset=grants, to_attr="seen"))
    seen: dict[int, list[Line]] = {officer.pk: [] for officer in listed}
    for line in lines((g for officer in listed for g in officer.seen), timezone.localdate()):
        seen[line.grant.officer_id].append(line)
    return [
        Row(officer, seen[officer.pk], officer.has_factor, officer.is_managed)
        for officer in listed
        if seen[officer.pk]
    ]


def table(listed: Iterable[Row]) -> Table:
    """Return the list for download: one row for each grant."""
    columns = (
        Column("name", _("Name")),
        Column("email", _("E-mail")),
        Column("phone", _("Phone")),
        Column("state", _("State")),
        Column("role", _("Role")),
        Column("where", _("Where")),
        Column("from", _("First day"), "date"),
        Column("until", _("Last day"), "date"),
    )
    cells = (
        (
            row.officer.name,
            row.officer.email,
            row.phone,
            row.state_word,
            line.role,
            line.where,
            line.grant.from_day,
            line.grant.until_day,
        )
        for row in listed
        for line in row.lines
    )
    return Table("officers", columns, cells, title=_("Officers"))
