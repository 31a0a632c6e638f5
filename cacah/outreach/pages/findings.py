"""What a proposal could not meet, in an officer's words: the sentence, what to relax, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cacah.outreach.models import Team, Visit
from cacah.outreach.planning.explain import Cause
from cacah.staff import numerals

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One finding: what could not be met, what would help, and the visits that it is about."""

    sentence: str
    relax: str
    visits: list[Visit]
    more: int
    # Nothing is left out because of it.
    is_note: bool


def say(
    findings: Sequence[Mapping[str, Any]],
    visits: Mapping[int, Visit],
    teams: Mapping[int, Team],
    monday: date,
) -> list[Said]:
    """Return the findings of a proposal in words, in their order."""
    said = []
    for each in findings:
        cause = Cause(each["cause"])
        about = [visits[pk] for pk in each["stops"] if pk in visits]
        figures = {name: numerals.count(value) for name, value in each["figures"].items()}
        if cause is Cause.AGREED_CLASH:
            team = teams.get(each["figures"]["crew"])
            figures["team"] = team.name if team else numerals.NONE
            figures["day"] = numerals.day(monday + timedelta(days=each["figures"]["day"]))
        many = len(each["stops"])
        sentence = _sentence(cause, many) % {"many": numerals.count(many), **figures}
        relax = _relax(cause) % {"many": numerals.count(many), **figures}
        note = cause in (Cause.NO_COORDINATES, Cause.AGREED_CLASH)
        said.append(Said(sentence, relax, about[:MOST_NAMED], len(about[MOST_NAMED:]), note))
    return said


# What could not be met, by how many visits it is about; figures are filled in afterwards.
SENTENCES: dict[Cause, Callable[[int], str]] = {
    Cause.NO_TEAMS: lambda _many: _(
        "No team works on the days of this week that are still to come."
    ),
    Cause.NO_TEAM_THERE: lambda many: ngettext(
        "%(many)s visit lies in an area where no team works.",
        "%(many)s visits lie in areas where no team works.",
        many,
    ),
    Cause.CLOSED: lambda many: ngettext(
        "%(many)s place is closed on every day on which a team works.",
        "%(many)s places are closed on every day on which a team works.",
        many,
    ),
    Cause.SHORT_WINDOW: lambda many: ngettext(
        "%(many)s place is open for less time than the visit takes "
        "(open %(open)s minutes, needed %(needed)s).",
        "%(many)s places are open for less time than the visit takes "
        "(the first: open %(open)s minutes, needed %(needed)s).",
        many,
    ),
    Cause.HOURS_APART: lambda many: ngettext(
        "%(many)s place is not open long enough while a team works.",
        "%(many)s places are not open long enough while a team works.",
        many,
    ),
    Cause.TOO_FAR: lambda many: ngettext(
        "%(many)s visit does not fit into a working day: with the way there and back it needs "
        "%(needed)s minutes, the day has %(day)s.",
        "%(many)s visits do not fit into a working day: with the way there and back the first "
        "needs %(needed)s minutes, the day has %(day)s.",
        many,
    ),
    Cause.NO_ROOM: lambda many: ngettext(
        "%(many)s visit is too many: %(wanted)s are wanted, and the teams can do %(room)s.",
        "%(many)s visits are too many: %(wanted)s are wanted, and the teams can do %(room)s.",
        many,
    ),
    Cause.NO_TIME: lambda many: ngettext(
        "For %(many)s visit the teams' days are full, though they could do more visits.",
        "For %(many)s visits the teams' days are full, though they could do more visits.",
        many,
    ),
    Cause.AGREED_CLASH: lambda _many: _(
        "%(team)s, %(day)s: agreed visits cannot all be done in time. They are kept, and "
        "nothing else was planned there."
    ),
    Cause.NO_COORDINATES: lambda many: ngettext(
        "%(many)s place has no coordinates: its ways are reckoned by village, district and "
        "regency.",
        "%(many)s places have no coordinates: their ways are reckoned by village, district "
        "and regency.",
        many,
    ),
}


def _sentence(cause: Cause, many: int) -> str:
    if cause is Cause.NO_COORDINATES and not many:
        return _("A team's base has no coordinates: its ways are reckoned by area.")
    return SENTENCES[cause](many)


def _relax(cause: Cause) -> str:
    return {
        Cause.NO_TEAMS: _("Add a team, give one more working days, or choose a later week."),
        Cause.NO_TEAM_THERE: _("Add a team for that area, or move the visit by hand."),
        Cause.CLOSED: _("Correct the closed days, or give a team another working day."),
        Cause.SHORT_WINDOW: _("Correct the opening hours, or plan a shorter visit."),
        Cause.HOURS_APART: _("Correct the opening hours, or change a team's hours."),
        Cause.TOO_FAR: _("Shorten the visit, lengthen a team's day, or add a team nearby."),
        Cause.NO_ROOM: _(
            "Let each team do %(per_team)s visits a week, add teams (%(teams)s), or plan the rest "
            "for another week."
        ),
        Cause.NO_TIME: _(
            "Shorten visits (%(needed)s minutes are missing), add a working day or a team, or "
            "plan the rest for another week."
        ),
        Cause.AGREED_CLASH: _("Unlock one of them or agree on another time."),
        Cause.NO_COORDINATES: _("Enter coordinates, and the ways become exact."),
    }[cause]
