"""Reading the audit trail: newest first, page by page, fast however long it has become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cacah.areas.codes import NotAnAreaCode, parse
from cacah.staff.models import AuditEntry, Officer
from cacah.staff.naming import Names
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope
from cacah.staff.tables import Column, Table

PER_PAGE = 50
# Of one workbook, which is made in memory; the other formats are written while they are sent.
MOST_IN_A_WORKBOOK = 50_000
# Lines among which those of some officers are looked for before anything else.
WALKED = 20_000
# Entries that are read in one go for a download.
AT_ONCE = 5000
# Prefixes of codes that have an index; see the migration.
INDEXED = (2, 4, 6)
# More than any census has; each of their ids goes into the question.
MOST_OFFICERS = 20_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty parts do not matter. `before` is the place of the last one seen."""

    who: str = ""
    verb: str = ""
    subject: str = ""
    area: str = ""
    from_day: date | None = None
    until_day: date | None = None
    before: tuple[datetime, int] | None = None

    def query(self) -> str:
        """Return the search as the page's URL has it, without the place."""
        told = {
            "who": self.who,
            "verb": self.verb,
            "subject": self.subject,
            "area": self.area,
            "from_day": self.from_day and self.from_day.isoformat(),
            "until_day": self.until_day and self.until_day.isoformat(),
        }
        return urlencode({key: value for key, value in told.items() if value})


def found(scope: Scope, search: Search) -> QuerySet[AuditEntry]:
    """Return what the scope may see of the trail and the search asks for, newest first."""
    return _found(scope.areas(Permission.SEE_AUDIT), search)


def _found(areas: tuple[str, ...], search: Search) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(_within(areas))
    if search.who:
        entries = entries.filter(_any("officer_id", _officers(search.who)))
    if search.verb:
        entries = entries.filter(verb=search.verb)
    if search.subject:
        entries = entries.filter(subject=search.subject.strip())
    if search.area:
        entries = entries.filter(_in_area(search.area))
    if search.from_day:
        entries = entries.filter(at__gte=_midnight(search.from_day))
    if search.until_day and search.until_day < date.max:
        entries = entries.filter(at__lt=_midnight(search.until_day + timedelta(days=1)))
    if search.before:
        at, pk = search.before
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    return entries.select_related("officer").order_by("-at", "-pk")


def page(scope: Scope, search: Search, *, size: int = PER_PAGE) -> tuple[list[AuditEntry], str]:
    """Return a page of entries and the place from where the next goes on, "" on the last.

    Areas are read one by one, since each alone is walked in the order of its index; none lies
    within another.
    """
    read = _some_of_many if search.who and size == PER_PAGE else _some
    newest = (read(area, search, size + 1) for area in scope.areas(Permission.SEE_AUDIT))
    entries = sorted(chain(*newest), key=lambda each: (each.at, each.pk), reverse=True)
    if len(entries) <= size:
        return entries, ""
    last = entries[size - 1]
    return entries[:size], f"{last.at.isoformat()}~{last.pk}"


def _some(area: str, search: Search, most: int) -> Iterable[AuditEntry]:
    return _found((area,), search)[:most]


def _some_of_many(area: str, search: Search, most: int) -> Iterable[AuditEntry]:
    """Return the newest lines of some officers: among the newest of all, else of one by one.

    The database takes whoever is meant for as busy as others, and would walk millions of lines to
    find the few of somebody who hardly ever signs in.
    """
    anybody = _found((area,), replace(search, who=""))
    edge = anybody.values_list("at", flat=True)[WALKED : WALKED + 1]
    if search.verb or search.subject or not edge:
        return _some(area, search, most)
    recent = list(_found((area,), search).filter(at__gte=edge[0])[:most])
    if len(recent) == most:
        return recent
    theirs = anybody.filter(officer_id=OuterRef("pk")).values("pk")[:most]
    meant = Officer.objects.filter(_like(search.who)).annotate(newest=ArraySubquery(theirs))
    ids = list(chain(*meant.values_list("newest", flat=True)))
    return (
        AuditEntry.objects.filter(_any("pk", ids))
        .select_related("officer")
        .order_by("-at", "-pk")[:most]
    )


def every(scope: Scope, search: Search) -> Iterator[AuditEntry]:
    """Yield what `found` has, a few thousand at a time; what is added meanwhile is left out."""
    search = replace(search, before=None)
    while True:
        entries, older = page(scope, search, size=AT_ONCE)
        yield from entries
        if not older:
            return
        search = replace(search, before=place(older))


def place(text: str) -> tuple[datetime, int] | None:
    """Read a place as `page` writes it; None for anything else."""
    at, _tilde, pk = text.partition("~")
    try:
        when = parse_datetime(at)
    except ValueError:
        return None
    if when is None or timezone.is_naive(when) or not pk.isdecimal() or len(pk) > 18:
        return None
    return when, int(pk)


def _within(areas: tuple[str, ...]) -> Q:
    """Return the condition of lying in one of these areas; nothing lies in none."""
    if "" in areas:
        return Q()
    condition = Q(pk__in=[])
    for code in areas:
        condition |= _in_area(code)
    return condition


def _in_area(code: str) -> Q:
    try:
        code = parse(code)
    except NotAnAreaCode:
        return Q(pk__in=[])
    indexed = max(length for length in INDEXED if length <= len(code))
    narrowed = Q(Exact(Left("area", indexed), code[:indexed]))
    return narrowed if indexed == len(code) else narrowed & Q(area__startswith=code)


def _any(column: str, ids: list[int]) -> Q:
    """Return the condition of being one of these; thousands are one value, not as many."""
    if len(ids) < 2:  # an index is walked in its order for one
        return Q(**{f"{column}__in": ids})
    them = Value(ids, output_field=ArrayField(BigIntegerField()))
    one_of = {"template": "%(expressions)s)", "arg_joiner": " = ANY("}
    return Q(Func(F(column), them, output_field=BooleanField(), **one_of))


def _officers(text: str) -> list[int]:
    """Return who is meant by a part of a name or an e-mail."""
    return list(Officer.objects.filter(_like(text)).values_list("pk", flat=True)[:MOST_OFFICERS])


def _like(text: str) -> Q:
    return Q(name__icontains=text.strip()) | Q(email__icontains=text.strip())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def table(scope: Scope, search: Search, *, most: int | None = None) -> Table:
    """Return the trail for download, newest first; at most so many rows."""
    columns = (
        Column("at", _("When"), "time"),
        Column("who", _("Who")),
        Column("verb", _("What")),
        Column("subject", _("To whom or what")),
        Column("area", _("Area")),
        Column("network", _("From where")),
        Column("details", _("Details")),
    )
    rows = (
        (e.at, who(e), e.verb, e.subject, e.area, e.network, details(e))
        for e in islice(every(scope, search), most)
    )
    return Table("audit-trail", columns, rows, title=_("Audit trail"))


def who(entry: AuditEntry) -> str:
    """Return who did it: an e-mail, or that it was a command or a stranger."""
    if entry.officer_id is None:
        return _("nobody signed in") if entry.network else _("a command on the server")
    return entry.officer.email if entry.officer else f"#{entry.officer_id}"


def details(entry: AuditEntry, names: Names | None = None) -> str:
    """Return the details as `name: value`, one after the other; ids with what they are called."""
    told = []
    for key, value in entry.details.items():
        called = names.detail(entry, key) if names else ""
        told.append(f"{key}: {value} ({called})" if called else f"{key}: {value}")
    return "; ".join(told)
