"""Verbs of teams: add, change and close one, take members in and out, give a new calendar."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.actions.locks import hold_teams
from cacah.outreach.models import Membership, Team, Visit, VisitState
from cacah.staff.actions import trace
from cacah.staff.models import Officer


@transaction.atomic
def add_team(*, by: Officer | None, new: Team) -> Team:
    """Add a team; raises ValidationError naming the field."""
    new.feed_key = _feed_key()
    _check(new)
    new.save(force_insert=True)
    _trace(by, "team_added", new, name=new.name)
    return new


@transaction.atomic
def change_team(*, by: Officer | None, team: int, **changes: Any) -> Team:
    """Change any of a team's fields but its area; raises ValidationError, Team.DoesNotExist."""
    held = _hold(team)
    before = {name: getattr(held, name) for name in changes}
    for name, value in changes.items():
        setattr(held, name, value)
    _check(held)
    held.save()
    changed = {name: [str(was), str(changes[name])] for name, was in before.items()}
    _trace(by, "team_changed", held, **{n: v for n, v in changed.items() if v[0] != v[1]})
    return held


@transaction.atomic
def close_team(*, by: Officer | None, team: int) -> Team:
    """Let a team go out no more: what it was still to visit waits again; raises Team.DoesNotExist.

    An institution that waits already does not wait twice: the closed team's visit is cancelled.
    """
    held = _hold(team)
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    today = timezone.localdate()
    ahead = Visit.objects.filter(team=held, state=VisitState.PLANNED, day__gte=today)
    waits = Visit.objects.filter(day=None, state=VisitState.PLANNED).exclude(institution=None)
    doubled = ahead.filter(institution__in=waits.values("institution"))
    doubled.update(state=VisitState.CANCELLED, cancel_reason="team", position=None)
    for visit in ahead.order_by("pk").select_for_update():
        visit.team = visit.day = visit.starts_at = visit.position = None
        visit.locked, visit.version = False, visit.version + 1
        visit.save()
    Membership.objects.filter(team=held, until_day=None).update(until_day=today)
    _trace(by, "team_closed", held)
    return held


@transaction.atomic
def add_member(
    *, by: Officer | None, team: int, officer: Officer, from_day: date | None = None
) -> Membership:
    """Make an officer a member of a team; who is one already stays it; raises Team.DoesNotExist."""
    held = _hold(team)
    first = from_day or timezone.localdate()
    member, is_new = Membership.objects.get_or_create(
        team=held, officer=officer, until_day=None, defaults={"from_day": first}
    )
    if is_new:
        _trace(by, "member_added", held, officer=officer.email)
    return member


@transaction.atomic
def remove_member(*, by: Officer | None, membership: int) -> Membership:
    """End a membership with yesterday, so that today nothing is seen any more."""
    member = Membership.objects.select_related("team", "officer").get(pk=membership)
    hold_teams([member.team_id])
    yesterday = timezone.localdate() - timedelta(days=1)
    if member.from_day > yesterday:
        member.delete()
    else:
        member.until_day = yesterday
        member.save()
    _trace(by, "member_removed", member.team, officer=member.officer.email)
    return member


@transaction.atomic
def renew_feed(*, by: Officer | None, team: int) -> Team:
    """Give a team's calendar a new address and make the old one void; raises Team.DoesNotExist."""
    held = _hold(team)
    held.feed_key = _feed_key()
    held.save(update_fields=["feed_key"])
    _trace(by, "feed_renewed", held)
    return held


def _hold(team: int) -> Team:
    held = hold_teams([team]).get(team)
    if held is None or held.closed_at is not None:
        raise Team.DoesNotExist
    return held


def _check(team: Team) -> None:
    """Raise ValidationError for what the database would not allow, in words of a form."""
    team.name = " ".join(team.name.split())
    same = Team.objects.filter(area=team.area_id, name=team.name, closed_at=None)
    if same.exclude(pk=team.pk).exists():
        raise ValidationError({"name": _("This area has a team of this name already.")})
    if team.ends <= team.starts:
        raise ValidationError({"ends": _("The day must end after it has begun.")})
    empty = [n for n in ("base_latitude", "base_longitude") if getattr(team, n) is None]
    if len(empty) == 1:
        raise ValidationError({empty[0]: _("Give both coordinates or neither.")})
    team.full_clean(exclude=["area", "closed_at", *empty], validate_constraints=False)


def _feed_key() -> str:
    """Return 256 random bits as an address may hold them."""
    return secrets.token_urlsafe(32)


def _trace(by: Officer | None, verb: str, team: Team, **details: Any) -> None:
    trace(by=by, verb=f"outreach.{verb}", subject=team.pk, area=team.area_id, details=details)
