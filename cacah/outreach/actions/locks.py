"""Who waits for whom among the writers of plans: first the teams, by their ids, then the visits.

Whoever changes a team's day holds the team, so that two officers never write one day at once; and
whoever changes a visit says which version of it was seen, so that nobody undoes unknowingly what
somebody else has just done.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cacah.outreach.models import Team, Visit


class Changed(ValidationError):
    """Raised where somebody else has changed meanwhile what one is about to change."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has changed this meanwhile. Look at it again before you change it.")
        )


def hold_teams(teams: Iterable[int | None]) -> dict[int, Team]:
    """Lock teams until this transaction ends, and return them by id; None is nobody."""
    wanted = {pk for pk in teams if pk is not None}
    return {
        team.pk: team
        for team in Team.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    }


def hold_visit(visit: int, version: int | None, *teams: int | None) -> Visit:
    """Lock a visit's team and these, then the visit itself, and return it.

    Raises Changed where it is not in the version that was seen (None: any), Visit.DoesNotExist.
    """
    seen = Visit.objects.get(pk=visit)
    hold_teams([seen.team_id, *teams])
    held = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("institution__destination", "team", "area")
        .get(pk=visit)
    )
    if held.team_id != seen.team_id or (version is not None and held.version != version):
        raise Changed
    return held
