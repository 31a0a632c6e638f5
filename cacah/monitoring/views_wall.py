"""The wall of a control room: a few large figures that keep themselves true."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cacah.monitoring import polling
from cacah.monitoring.places import LEVELS, must_see
from cacah.monitoring.wall import Wall, wall_of
from cacah.registry.queries import NoCensus
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import moment
from cacah.staff.roles import Permission


@require_safe
@office(Permission.SEE_PROGRESS)
def wall(request: OfficeRequest, area: str) -> HttpResponse:
    """Show the wall of an area."""
    try:
        found = _wall(request, area)
    except NoCensus:
        return render(request, "monitoring/no_census.html")
    return render(request, "monitoring/wall.html", _shown(found))


@require_safe
@office(Permission.SEE_PROGRESS)
def figures(request: OfficeRequest, area: str) -> HttpResponse:
    """Give a wall its figures anew; nothing but the time where they are the same."""

    def shown(found: Wall) -> HttpResponse:
        return render(request, "monitoring/wall_figures.html", _shown(found))

    return polling.answer(request, lambda: _wall(request, area), shown)


def _wall(request: OfficeRequest, area: str) -> Wall:
    must_see(request.scope, area)
    found = wall_of(area)
    if found is None:
        raise Http404
    return found


def _shown(found: Wall) -> dict[str, Any]:
    return {
        "wall": found,
        "own": found.figures,
        "level": LEVELS[found.figures.level],
        "as_of": moment(found.as_of),
        "zone": settings.TIME_ZONE,
    }
