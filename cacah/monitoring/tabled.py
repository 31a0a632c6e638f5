"""The tables of progress: an area's children, days, modes and unfinished families.

Pages and downloads both take them from here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cacah.areas.codes import dotted
from cacah.monitoring.figures import Ranked, Waiting, percent, waiting
from cacah.monitoring.measures import Measure, Wish
from cacah.monitoring.moment import Moment
from cacah.monitoring.siblings import Sibling, Standing
from cacah.registry.models import Mode
from cacah.staff.tables import Column, Table

MODES: dict[str, Promise] = {
    Mode.CAWI: gettext_lazy("By themselves on the web"),
    Mode.GUIDED: gettext_lazy("Guided in a session"),
    Mode.CAPI: gettext_lazy("Interviewed by an officer"),
    Mode.ODK: gettext_lazy("Interviewed with ODK Collect"),
}
# Sets of columns in which it is said whether the pace is enough.
WITH_STANDING = ("target", "semua")
STANDINGS: dict[Standing, Promise] = {
    "done": gettext_lazy("Target reached"),
    "begun": gettext_lazy("Pace is enough"),
    "missing": gettext_lazy("Behind"),
    "none": gettext_lazy("No target"),
    "early": gettext_lazy("Too early to tell"),
    "empty": gettext_lazy("Nobody in the register"),
}


def areas(found: Moment, asked: Wish, places: Sequence[Ranked]) -> Table:
    """Return the areas directly below, `places` as `measures.shown` chose and ordered them."""
    told = asked.columns in WITH_STANDING
    columns = [
        Column("area", _("Area")),
        Column("code", _("Code")),
        Column("rank", _("Rank by: %s") % asked.ranked_by.heading, "count"),
        *(Column(each.key, str(each.heading), each.kind) for each in asked.measures),
        *([Column("standing", _("Pace against target"))] if told else []),
    ]
    rows = (_area_row(each, asked.measures, told) for each in places)
    title = _("Areas in %s") % found.figures.name
    return Table(_name(found, "areas"), tuple(columns), list(rows), found.as_of, title)


def _area_row(place: Ranked, measures: Sequence[Measure], told: bool) -> tuple[Any, ...]:
    each = place.figures
    return (
        each.name,
        dotted(each.area),
        None if place.value is None else place.rank,
        *(_rounded(getattr(each, measure.key)) for measure in measures),
        *([str(STANDINGS[each.standing])] if told and isinstance(each, Sibling) else []),
    )


def whole(found: Moment, asked: Wish) -> tuple[Any, ...]:
    """Return the row of the area itself, to stand below its children; without a rank."""
    return _area_row(Ranked(0, found.figures, None), asked.measures, asked.columns in WITH_STANDING)


def days(found: Moment, *, last: int | None = None) -> Table:
    """Return what each day brought, the newest first, `last` of them or all."""
    columns = (
        Column("day", _("Day"), "date"),
        Column("opened_families", _("Families that opened the form"), "count"),
        Column("responded_families", _("Families responded"), "count"),
        Column("responded_persons", _("Persons responded"), "count"),
        Column("cumulative_persons", _("Persons responded until that day"), "count"),
        Column(
            "cumulative_percent", _("Per cent of the persons in the register until then"), "percent"
        ),
    )
    so_far = accumulate(each.responded_persons for each in found.days)
    rows = [
        (
            each.day,
            each.opened_families,
            each.responded_families,
            each.responded_persons,
            total,
            _rounded(percent(total, found.figures.expected_persons)),
        )
        for each, total in zip(found.days, so_far, strict=True)
        if each.opened_families or each.responded_families or each.responded_persons
    ][::-1]
    title = _("Days of %s") % found.figures.name
    return Table(_name(found, "days"), columns, rows[:last], found.as_of, title)


def modes(found: Moment) -> Table:
    """Return how the answers came."""
    columns = (
        Column("mode", _("Mode")),
        Column("responded_families", _("Families responded"), "count"),
        Column("families_percent", _("Per cent of the families that responded"), "percent"),
        Column("responded_persons", _("Persons responded"), "count"),
        Column("persons_percent", _("Per cent of the persons that responded"), "percent"),
    )
    came = {each.mode: each for each in found.modes}
    everybody = found.figures
    rows = []
    for mode, label in MODES.items():
        families = came[mode].responded_families if mode in came else 0
        persons = came[mode].responded_persons if mode in came else 0
        of_families = _rounded(percent(families, everybody.responded_families))
        of_persons = _rounded(percent(persons, everybody.responded_persons))
        rows.append((str(label), families, of_families, persons, of_persons))
    title = _("Modes in %s") % everybody.name
    return Table(_name(found, "modes"), columns, rows, found.as_of, title)


def unfinished(found: Moment) -> Table:
    """Return how long ago the families that have not finished opened their form."""
    columns = (
        Column("opened", _("Opened the form")),
        Column("families", _("Families that have not finished"), "count"),
        Column("percent", _("Per cent of the families that have not finished"), "percent"),
    )
    everybody = found.figures.unfinished_families
    rows = [
        (_age(each), each.families, _rounded(percent(each.families, everybody)))
        for each in waiting(found.days, found.today)
    ]
    title = _("Not finished in %s") % found.figures.name
    return Table(_name(found, "unfinished"), columns, rows, found.as_of, title)


def _age(each: Waiting) -> str:
    if each.until is None:
        return ngettext("%(days)d day ago or longer", "%(days)d days ago or longer", each.since) % {
            "days": each.since
        }
    if each.until > each.since:
        return _("%(first)d to %(last)d days ago") % {"first": each.since, "last": each.until}
    return _("Today") if each.since == 0 else _("Yesterday")


def _rounded(value: Any) -> Any:
    """Return a number as exactly as the page shows it."""
    return round(value, 1) if isinstance(value, float) else value


def _name(found: Moment, what: str) -> str:
    code = dotted(found.figures.area) if found.figures.area else "indonesia"
    return f"progress-{code}-{what}-{found.as_of:%Y%m%d-%H%MZ}"
