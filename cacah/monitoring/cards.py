"""What the monitoring room puts on an officer's home page."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.monitoring import queries
from cacah.monitoring.places import BELOW, page_of
from cacah.monitoring.siblings import siblings
from cacah.registry.queries import NoCensus
from cacah.staff.home import Card
from cacah.staff.numerals import count, percent
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

# Folding takes seconds; what waits longer has no worker, or one that does not keep up.
LATE = timedelta(minutes=2)


def cards(scope: Scope) -> list[Card]:
    """Return today's figure of each of the officer's areas, and which below it fall behind.

    Whoever sees the whole nation is told when nobody adds up the changes any more.
    """
    found = _late() if scope.sees("", Permission.SEE_PROGRESS) else []
    for area in scope.areas(Permission.SEE_PROGRESS):
        try:
            with queries.one_moment():
                found += _of(area)
        except NoCensus:
            return []
    return found


def _late() -> list[Card]:
    changes, oldest = queries.pending()
    if oldest is None or timezone.now() - oldest < LATE:
        return []
    sentence = _(
        "Changes wait to be added to the counts: the worker of jobs does not keep up or stands "
        "still. The pages stay exact, but slower."
    )
    return [Card(_("Figures are late"), sentence, page_of(""), changes, "todo")]


def _of(area: str) -> list[Card]:
    own, today = queries.figures(area), timezone.localdate()
    if own is None:
        return []
    when = queries.season(today)
    trend = queries.trend_of(own, queries.by_day(area), today, when)
    sentence = _("%(area)s: %(share)s of the persons in the register have responded.") % {
        "area": own.name,
        "share": percent(own.persons_percent),
    }
    today_card = Card(_("Persons responded today"), sentence, page_of(area), trend.today)
    below = siblings(area, today=today, when=when)
    # When no day is left nobody can keep a pace any more.
    behind = [each for each in below if each.standing == "missing" and each.needed is not None]
    if not behind:
        return [today_card]
    worst = max(behind, key=lambda each: (each.needed or 0) - (each.week or 0))
    sentence = _(
        "%(below)s in %(area)s whose pace does not reach the target. Furthest behind: %(worst)s, "
        "%(needed)s persons a day needed."
    ) % {
        "below": BELOW[own.level],
        "area": own.name,
        "worst": worst.name,
        "needed": count(worst.needed),
    }
    url = f"{page_of(area)}?hanya=tertinggal&urut=-gap#below"
    return [Card(_("Behind the target"), sentence, url, len(behind), "todo"), today_card]
