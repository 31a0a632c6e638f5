"""The office's pages of progress: the way down from the nation to the SLS, search, downloads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cacah.areas.codes import dotted
from cacah.areas.finding import find
from cacah.monitoring import polling, showing, tabled
from cacah.monitoring.alternatives import alternatives
from cacah.monitoring.measures import shown, wish
from cacah.monitoring.moment import Moment, moment
from cacah.monitoring.parts import PART, part_of
from cacah.monitoring.places import BELOW, LEVELS, crumbs, must_see, page_of, parent_in
from cacah.monitoring.queries import figures as figures_of
from cacah.monitoring.views_charts import bucket
from cacah.registry.queries import NoCensus
from cacah.staff import tables
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import moment as moment_of
from cacah.staff.roles import Permission

LONGEST_SEARCH = 80
TRENDS = gettext_lazy("Area by area, day by day")


@require_safe
@office(Permission.SEE_PROGRESS)
def landing(request: OfficeRequest) -> HttpResponse:
    """Lead to the officer's own area; show the areas where there are several."""
    own = request.scope.areas(Permission.SEE_PROGRESS)
    if len(own) == 1:
        return redirect("progress-area", own[0])
    found = [each for area in own if (each := figures_of(area))]
    return render(
        request,
        "monitoring/landing.html",
        {"areas": [(each.name, LEVELS[each.level], page_of(each.area)) for each in found]},
    )


@require_safe
@office(Permission.SEE_PROGRESS)
def area(request: OfficeRequest, area: str) -> HttpResponse:
    """Show how far an area and those directly below it are."""
    try:
        found = _moment(request, area)
    except NoCensus:
        return render(request, "monitoring/no_census.html")
    shown = _shown(request, found) | {"guided": showing.guided(area)}
    return render(request, "monitoring/area.html", shown)


@require_safe
@office(Permission.SEE_PROGRESS)
def figures(request: OfficeRequest, area: str) -> HttpResponse:
    """Give an open page its figures anew; nothing but the time where they are the same."""

    def shown(found: Moment) -> HttpResponse:
        return render(request, "monitoring/figures.html", _shown(request, found))

    return polling.answer(request, lambda: _moment(request, area), shown)


@require_safe
@office(Permission.SEE_PROGRESS)
def download(request: OfficeRequest, area: str, table: str) -> HttpResponse:
    """Give one table of an area's page as a file; `?format=` is csv, xlsx or json."""
    try:
        found = _moment(request, area)
    except NoCensus:
        raise Http404 from None
    asked = wish(request.GET)
    made = {
        "areas": lambda: tabled.areas(found, asked, shown(found.below, asked)),
        "days": lambda: tabled.days(found),
        "modes": lambda: tabled.modes(found),
        "unfinished": lambda: tabled.unfinished(found),
    }
    if table not in made:
        raise Http404
    return tables.download(made[table](), request.GET.get("format", ""))


@require_safe
@office(Permission.SEE_PROGRESS)
def search(request: OfficeRequest) -> HttpResponse:
    """Find an area by name or code among those that the officer sees."""
    asked = request.GET.get("cari", "").replace("\0", "")[:LONGEST_SEARCH].strip()
    found = find(asked, within=request.scope.areas(Permission.SEE_PROGRESS))
    if len(found) == 1:
        return redirect("progress-area", found[0].code)
    areas = [(each.name, each.path, dotted(each.code), page_of(each.code)) for each in found]
    return render(request, "monitoring/search.html", {"asked": asked, "areas": areas})


def _moment(request: OfficeRequest, area: str) -> Moment:
    """Return the figures of an area that the officer sees; raises Http404 and NoCensus."""
    must_see(request.scope, area)
    found = moment(area, parent=parent_in(request.scope, area))
    if found is None:
        raise Http404
    return found


def _shown(request: OfficeRequest, found: Moment) -> dict[str, Any]:
    asked, query = wish(request.GET), request.GET
    places = shown(found.below, asked)
    table = tabled.areas(found, asked, places)
    own, areas = found.figures, len(found.below)
    part = part_of(query.get(PART, ""), areas)
    return {
        "found": found,
        "own": own,
        "level": LEVELS[own.level],
        "below": BELOW[own.level] if own.level < len(BELOW) else "",
        "crumbs": crumbs(request.scope, own.area, own.name),
        "code": dotted(own.area) if own.area else "",
        "query": query.urlencode(),
        "reload": f"{request.path}?{query.urlencode()}",
        "bucket": bucket(found.as_of),
        "alts": alternatives(found, part),
        "part": f"&{PART}={part.number}" if part.number > 1 else "",
        "part_shown": showing.part_shown(part, areas),
        "parts": showing.parts(part, areas, query),
        "as_of": moment_of(found.as_of),
        "headings": list(showing.headings(table, asked, query)),
        "rows": showing.area_rows(places, table),
        "whole": showing.whole_row(found, asked, table),
        "sets": showing.sets(asked, query),
        "filters": showing.filters(asked, query),
        "downloads": showing.links(found, "areas", request),
        "days": showing.small(found, tabled.days(found, last=showing.DAYS_SHOWN), "days", request),
        "modes": showing.small(found, tabled.modes(found), "modes", request),
        "unfinished": showing.small(found, tabled.unfinished(found), "unfinished", request),
        "summary": showing.summary(found),
        "trends": TRENDS,
        "empty": _("No area matches this filter."),
    }
