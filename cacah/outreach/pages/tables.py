"""Tables of outreach as files: a week's visits, and the teams."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from cacah.areas.codes import dotted
from cacah.outreach.models import Team, Visit
from cacah.outreach.pages.board import clock
from cacah.staff import numerals
from cacah.staff.tables import Column, Table


def week_table(visits: Iterable[Visit], area: str, monday: date) -> Table:
    """Return the visits of a week, as the board has them."""
    return Table(
        f"week-{monday.isoformat()}-{area or 'nation'}",
        (
            Column("day", _("Day"), "date"),
            Column("team", _("Team")),
            Column("position", _("Order"), "count"),
            Column("starts", _("Begins")),
            Column("minutes", _("Minutes"), "count"),
            Column("title", _("Visit")),
            Column("kind", _("Kind")),
            Column("address", _("Address")),
            Column("area", _("Area")),
            Column("state", _("State")),
            Column("reason", _("Why not")),
            Column("agreed", _("Agreed")),
            Column("cost", _("Cost, rupiah"), "count"),
        ),
        [
            (
                visit.day,
                visit.team.name if visit.team else None,
                visit.position,
                clock(visit.starts_at) if visit.starts_at else None,
                visit.minutes,
                visit.title,
                visit.get_kind_display(),
                visit.address,
                dotted(visit.area_id),
                visit.get_state_display(),
                visit.get_cancel_reason_display() if visit.cancel_reason else None,
                _("yes") if visit.locked else _("no"),
                visit.cost,
            )
            for visit in visits
        ],
        title=_("Week of %(day)s") % {"day": numerals.day(monday)},
    )


def teams_table(teams: Iterable[Team]) -> Table:
    """Return teams and what they can do; `members` must be annotated."""
    return Table(
        "teams",
        (
            Column("name", _("Team")),
            Column("area", _("Area")),
            Column("area_name", _("Name of the area")),
            Column("members", _("Members today"), "count"),
            Column("visits", _("Visits a week"), "count"),
            Column("days", _("Working days")),
            Column("starts", _("The day begins")),
            Column("ends", _("The day ends")),
            Column("base", _("Base")),
            Column("phone", _("Phone")),
        ),
        [
            (
                team.name,
                dotted(team.area_id),
                team.area.name,
                team.members,  # type: ignore[attr-defined]
                team.visits_per_week,
                weekdays(team.working_days),
                clock(team.starts),
                clock(team.ends),
                team.base_address,
                team.phone,
            )
            for team in teams
        ],
    )


def weekdays(days: Iterable[int]) -> str:
    """Return ISO weekdays by name: `Mon, Tue`."""
    return ", ".join(str(dict(short_weekdays())[day]) for day in sorted(days))


def short_weekdays() -> list[tuple[int, str]]:
    """Return the weekdays and how they are called in a line."""
    return [
        (1, _("Mon")),
        (2, _("Tue")),
        (3, _("Wed")),
        (4, _("Thu")),
        (5, _("Fri")),
        (6, _("Sat")),
        (7, _("Sun")),
    ]
