"""What the charts of a page say to whoever does not see them: kind, span, end, goal, extremes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cacah.monitoring.figures import Figures
from cacah.monitoring.moment import Moment
from cacah.monitoring.parts import Part
from cacah.staff.numerals import count, day, percent


def alternatives(found: Moment, part: Part) -> dict[str, str]:
    """Return the text alternative of each chart by its name; the tables beside have the numbers."""
    small = _areas(part.of(found.below))
    return {"growth": _growth(found), "daily": _daily(found), "areas": small}


def _growth(found: Moment) -> str:
    came = [each for each in found.days if each.responded_persons]
    own = found.figures
    if not came:
        return _("Line chart: nobody has responded in %s yet.") % own.name
    said = _(
        "Line chart: the persons responded in %(area)s grew to %(persons)s from %(first)s to "
        "%(last)s."
    ) % {
        "area": own.name,
        "persons": count(own.responded_persons),
        "first": day(came[0].day),
        "last": day(came[-1].day),
    }
    if own.target_persons is None:
        return said
    return f"{said} " + _("A dashed line shows the target, %s persons.") % count(own.target_persons)


def _daily(found: Moment) -> str:
    came = [each for each in found.days if each.responded_persons]
    if not came:
        return _("Bar chart: nobody has responded in %s yet.") % found.figures.name
    most = max(came, key=lambda each: each.responded_persons)
    return _(
        "Bar chart: the persons that responded on each day in %(area)s; most on %(day)s, "
        "%(persons)s; today %(today)s."
    ) % {
        "area": found.figures.name,
        "day": day(most.day),
        "persons": count(most.responded_persons),
        "today": count(found.trend.today),
    }


def _areas(below: Sequence[Figures]) -> str:
    known = [each for each in below if each.persons_percent is not None]
    if not known:
        return _("Small charts: nothing has come in yet.")
    best = max(known, key=lambda each: each.persons_percent or 0)
    last = min(known, key=lambda each: each.persons_percent or 0)
    return _(
        "%(number)s small charts, one for each area: persons responded in %% of those in the "
        "register, day by day. Highest: %(best)s, %(high)s; lowest: %(last)s, %(low)s."
    ) % {
        "number": count(len(below)),
        "best": best.name,
        "high": percent(best.persons_percent),
        "last": last.name,
        "low": percent(last.persons_percent),
    }
