"""The charts of an area's page, each under its own URL, drawn once in ten minutes at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import accumulate
from threading import Lock

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cacah.monitoring import queries
from cacah.monitoring.parts import PART, part_of
from cacah.monitoring.places import must_see
from cacah.monitoring.siblings import daily
from cacah.registry.queries import NoCensus
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import count, moment
from cacah.staff.roles import Permission

MINUTES = 10
REMEMBERED = 200
COLUMNS, NARROW_COLUMNS = 4, 2
# Drawing takes a core for itself; whoever sends answers needs the others.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart of an area in a language; `part` is what the URL calls it, of the areas below."""

    area: str
    chart: str
    language: str
    part: str


def bucket(at: datetime | None = None) -> str:
    """Return the ten minutes that a chart drawn now belongs to; pages put it in the URL."""
    now = timezone.localtime(at)
    return f"{now:%Y%m%d%H}{now.minute // MINUTES}"


@require_safe
@office(Permission.SEE_PROGRESS)
def chart(request: OfficeRequest, area: str, chart: str) -> HttpResponse:
    """Give a chart of an area as SVG."""
    must_see(request.scope, area)
    if chart not in DRAWN:
        raise Http404
    # Whatever else a URL says, no more drawings are remembered than there can be parts.
    part = request.GET.get(PART, "")[:4] if chart in IN_PARTS else ""
    with _one_at_a_time:
        svg = _svg(Asked(area, chart, get_language() or "id", part), bucket())
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={MINUTES * 60}"
    return response


@lru_cache(maxsize=REMEMBERED)
def _svg(asked: Asked, bucket: str) -> str:
    """Draw a chart in a language; remembered until its ten minutes are over."""
    try:
        return DRAWN[asked.chart](asked)
    except NoCensus:
        raise Http404 from None


def _as_of(unit: str) -> str:
    """Return what the axis counts, and the moment of the drawing: the tables may be younger."""
    return _("%(unit)s · as of %(moment)s") % {"unit": unit, "moment": moment(timezone.now())}


def forget() -> None:
    """Forget every drawing; for tests, which have a new census each."""
    _svg.cache_clear()


def _growth(asked: Asked, *, narrow: bool = False) -> str:
    from cacah.monitoring import charts  # Altair costs 0.3 s and 50 MB: not before it is needed

    figures, points = _responded(asked.area)
    so_far = accumulate(n for _day, n in points)
    total = tuple(zip((day for day, _n in points), so_far, strict=True))
    goal = figures.target_persons
    words = charts.Words(
        asked.language,
        _("Persons responded until each day: %s") % figures.name,
        _as_of(_("persons")),
        _("Target: %s persons") % count(goal),
    )
    return charts.growth(total, goal, words, narrow=narrow)


def _daily(asked: Asked, *, narrow: bool = False) -> str:
    from cacah.monitoring import charts

    figures, points = _responded(asked.area)
    goal = figures.pace(queries.days_left(timezone.localdate())) or None
    words = charts.Words(
        asked.language,
        _("Persons responded on each day: %s") % figures.name,
        _as_of(_("persons a day")),
        _("Needed a day: %s") % count(goal),
    )
    return charts.daily(points, goal, words, narrow=narrow)


def _areas(asked: Asked, columns: int = COLUMNS) -> str:
    from cacah.monitoring import charts

    with queries.one_moment():
        if queries.figures(asked.area) is None:
            raise Http404
        below = queries.children(asked.area)
        added = daily(asked.area)
    of = {each.area: each.expected_persons or 1 for each in below}
    # One scale for all parts.
    top = max((100 * sum(added[code].values()) / n for code, n in of.items()), default=0)
    below = part_of(asked.part, len(below)).of(below)
    days = _every_day([day for each in added.values() for day in each])
    lines = []
    for each in below:
        so_far = accumulate(added[each.area].get(day, 0) for day in days)
        shares = tuple((d, 100 * n / of[each.area]) for d, n in zip(days, so_far, strict=True))
        # Every village has an "RT 01": what is called alike is told apart by its code.
        is_alike = [other.name for other in below].count(each.name) > 1
        lines.append((f"{each.name} ({each.area[-2:]})" if is_alike else each.name, shares))
    words = charts.Words(
        asked.language,
        _("Persons responded until each day, by area"),
        _as_of(_("Per cent of the persons in the register; one scale for all")),
    )
    return charts.areas(lines, top or 1, columns, words)


def _responded(area: str) -> tuple[queries.Figures, tuple[tuple[date, int], ...]]:
    """Return an area's figures and the persons that responded on every day so far."""
    with queries.one_moment():
        figures, days = queries.figures(area), queries.by_day(area)
    if figures is None:
        raise Http404
    persons = {each.day: each.responded_persons for each in days if each.responded_persons}
    return figures, tuple((day, persons.get(day, 0)) for day in _every_day(list(persons)))


def _every_day(days: list[date]) -> list[date]:
    """Return each day from the first to today, those on which nothing happened too."""
    if not days:
        return []
    first, last = min(days), max(*days, min(timezone.localdate(), queries.last_day()))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


IN_PARTS = ("areas", "areas-narrow")
DRAWN: dict[str, Callable[[Asked], str]] = {
    "growth": _growth,
    "growth-narrow": partial(_growth, narrow=True),
    "daily": _daily,
    "daily-narrow": partial(_daily, narrow=True),
    "areas": _areas,
    "areas-narrow": partial(_areas, columns=NARROW_COLUMNS),
}
