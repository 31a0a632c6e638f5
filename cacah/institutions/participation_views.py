"""The pages of participation: the league of institutions, and one institution."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cacah.areas.models import Area
from cacah.institutions import outsiders, shown
from cacah.institutions.listing import Listing, listing
from cacah.institutions.models import Institution
from cacah.institutions.outsiders import Row, ranked
from cacah.institutions.participation_tables import (
    headings,
    league_table,
    ordered,
    total,
    wish,
)
from cacah.institutions.queries import STATES, Tally, branch, is_within, participation
from cacah.institutions.seats import Seat, seat
from cacah.staff import live, tables
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import clock, day, moment
from cacah.staff.roles import Permission

ROWS_ON_A_PAGE = 100


@require_safe
@office(None)
def institutions(request: OfficeRequest) -> HttpResponse:
    """Show an officer the league of the area; lead a coordinator to the own institution."""
    if not request.scope.may(Permission.SEE_INSTITUTIONS):
        return _own_ones(request)
    area = area_asked(request)
    asked = wish(request.GET)
    found = outsiders.View(area).league(units=asked.units)
    rows = ordered([each for each in found if asked.keeps(each)], asked)
    name = area_name(area)
    if format := request.GET.get("format"):
        table = league_table(rows, name=f"institutions-{area or 'nation'}", title=name)
        return tables.download(table, format)
    last = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = shown.page_number(request, last=last)
    start = (page - 1) * ROWS_ON_A_PAGE
    return render(
        request,
        "institutions/league.html",
        {
            "name": name,
            "area": area,
            "areas": [(code, area_name(code)) for code in _areas(request)],
            "headings": list(shown.column_links(request, asked)),
            "rows": [shown.row(each) for each in rows[start : start + ROWS_ON_A_PAGE]],
            "total": shown.figures(total(rows)) if rows and not asked.units else None,
            "wish": asked,
            "kinds": shown.kinds(),
            "pages": shown.pages(request, page, last=last),
            "downloads": tables.downloads(request),
            "may_manage": request.scope.may(Permission.MANAGE_INSTITUTIONS),
            **as_of(),
        },
    )


@require_safe
@office(None)
def institution(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one institution: its units to all who see it, its people to its coordinators."""
    found = seat(request, pk)
    rows, counts = rows_of(request, found)
    if request.GET.get("format") and request.GET.get("tabel") == "unit":
        table = league_table(rows or [], name=f"units-{pk}", title=found.institution.name)
        return tables.download(table, request.GET["format"])
    people: Listing | None = None
    if found.is_own or found.names_open:
        people = listing(request, found, counts)
        if format := request.GET.get("format"):
            return tables.download(people.table(), format)
    elif request.GET.get("format"):
        raise Http404
    return render(
        request,
        "institutions/institution.html",
        _page(request, found, rows, counts)
        | {
            "people": people.shown() if people else None,
        },
    )


@require_safe
@office(None)
def figures(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give an open page its figures anew; nothing but the time where they are the same."""
    found = seat(request, pk)
    rows, counts = rows_of(request, found)

    def shown_anew() -> HttpResponse:
        page = _page(request, found, rows, counts)
        return render(request, "institutions/institution_figures.html", page)

    version, now = _version(rows, counts), timezone.now()
    return live.answer(request, version=version, as_of=now, shown=shown_anew)


def _version(rows: list[Row] | None, counts: Any) -> str:
    """Return a digest of every figure that the page shows, not of the time.

    Of nothing else: what is withheld could be found by trying which numbers give the digest.
    """
    told = [
        (r.name, r.institution, r.kind, r.obliged, r.several, r.rank, _figures(r.counts))
        for r in rows or ()
    ]
    return blake2b(repr((told, _figures(counts))).encode(), digest_size=8).hexdigest()


def _figures(counts: Tally | None) -> tuple[int, ...]:
    return () if counts is None else tuple(getattr(counts, state) for state in STATES)


def rows_of(request: OfficeRequest, found: Seat) -> tuple[list[Row] | None, Any]:
    """Return the units as this officer may see them, and the whole; None where it is too small."""
    if found.is_own:
        counts, below = branch(found.institution.pk)
        units = [Row(each.name, each.institution, each, each.kind, each.obliged) for each in below]
        rows = ranked(units)
        if units and counts.own.people:
            rows.insert(0, Row(counts.name, None, counts.own, is_own=True))
        return rows, counts
    view = outsiders.View(found.institution.area_id or "")
    rows_seen = view.page(found.institution.pk)
    return rows_seen, view.counts[found.institution.pk] if rows_seen is not None else None


def as_of() -> dict[str, str]:
    """Return day and time of what is shown."""
    now = timezone.now()
    return {"day": day(timezone.localdate(now)), "clock": clock(now)}


def area_name(code: str) -> str:
    """Return what an area is called."""
    return Area.objects.values_list("name", flat=True).get(pk=code) if code else _("Indonesia")


def _page(
    request: OfficeRequest, found: Seat, rows: list[Row] | None, counts: Any
) -> dict[str, Any]:
    asked = wish(request.GET)
    return {
        "seat": found,
        "may_manage": request.scope.sees(
            found.institution.area_id or "", Permission.MANAGE_INSTITUTIONS
        ),
        "institution": found.institution,
        "kind": found.institution.get_kind_display(),
        "crumbs": shown.crumbs(found.above[:-1], seen=_seen(request, found)),
        "is_empty": bool(counts) and not counts.people,
        "counts": shown.figures(counts) if counts else None,
        "left": counts.asked - counts.complete if counts else 0,
        "headings": list(shown.column_links(request, asked)),
        "rows": [shown.row(each) for each in ordered(rows or [], asked)],
        "version": _version(rows, counts),
        "as_of": moment(timezone.now()),
        "reload": shown.with_query(request),
        "downloads": [(label, f"{url}&tabel=unit") for label, url in tables.downloads(request)],
        **as_of(),
    }


def _seen(request: OfficeRequest, found: Seat) -> list[int]:
    roots = request.scope.institutions(Permission.MANAGE_ROSTER)
    return [
        each.pk
        for each in found.above
        if is_within(each, roots)
        or request.scope.sees(each.area_id or "", Permission.SEE_INSTITUTIONS)
    ]


def _own_ones(request: OfficeRequest) -> HttpResponse:
    roots = request.scope.institutions(Permission.MANAGE_ROSTER)
    own = list(Institution.objects.filter(pk__in=roots, closed_at=None).order_by("name"))
    if not roots:
        raise Http404
    if len(own) == 1:
        return redirect("institution", own[0].pk)
    rows = [shown.row(Row(c.name, c.institution, c, c.kind)) for c in map(_counts, own)]
    context = {"rows": rows, "headings": headings(), **as_of()}
    return render(request, "institutions/own.html", context)


def _counts(institution: Institution) -> Any:
    return participation(institution.pk)


def _areas(request: OfficeRequest) -> tuple[str, ...]:
    return request.scope.areas(Permission.SEE_INSTITUTIONS)


def area_asked(request: OfficeRequest) -> str:
    """Return the area asked for, the officer's first one where none is; raises Http404."""
    code = request.GET.get("wilayah", "").replace(".", "")
    if not code:
        return _areas(request)[0]
    if not request.scope.sees(code, Permission.SEE_INSTITUTIONS):
        raise Http404
    if not Area.objects.filter(pk=code).exists():
        raise Http404
    return code
