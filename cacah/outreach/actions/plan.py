"""Verbs of the plan: have visits wait, move, lock, cancel and reinstate them, say how far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.actions.days import order_of, settle
from cacah.outreach.actions.locks import hold_visit
from cacah.outreach.models import CancelReason, Destination, Team, Visit, VisitKind, VisitState
from cacah.outreach.planning.problem import Spot
from cacah.outreach.planning.weights import usual_minutes
from cacah.outreach.queries.left import goals
from cacah.staff.actions import trace
from cacah.staff.models import Officer

# By state, to which states a visit may go on by its team's word.
NEXT: dict[str, frozenset[str]] = {
    VisitState.PLANNED: frozenset({VisitState.UNDER_WAY, VisitState.DONE}),
    VisitState.UNDER_WAY: frozenset({VisitState.PLANNED, VisitState.DONE}),
    VisitState.DONE: frozenset({VisitState.UNDER_WAY}),
    VisitState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the plan: a team's day, before which place (None: after all others)."""

    team: int
    day: date
    position: int | None = None


@transaction.atomic
def want_visits(*, by: Officer | None, area: str, institutions: Collection[int]) -> list[Visit]:
    """Have these institutions of an area wait for a visit; return those that did not yet.

    Which of them lie in the area and have people left is asked here.
    """
    wanted = [
        goal for goal in goals(area) if goal.institution in institutions and not goal.is_planned
    ]
    made = Visit.objects.bulk_create(
        Visit(
            institution_id=goal.institution,
            title=goal.name,
            area_id=goal.area,
            address=goal.address,
            minutes=minutes_for(goal.institution, goal.left),
            created_by=by,
        )
        for goal in wanted
    )
    if made:
        details = {"institutions": [goal.institution for goal in wanted]}
        trace(by=by, verb="outreach.visits_wanted", area=area, details=details)
    return made


def minutes_for(institution: int, left: int) -> int:
    """Return how long a visit takes: as its destination says, else by the people left."""
    told = Destination.objects.filter(pk=institution).values_list("minutes", flat=True).first()
    return told or usual_minutes(left)


@transaction.atomic
def add_visit(*, by: Officer | None, new: Visit) -> Visit:
    """Add a visit to a village or an event, which has no team yet; raises ValidationError."""
    if new.kind == VisitKind.VISIT and new.institution_id is None:
        raise ValidationError({"kind": _("Choose an event or a village.")})
    new.created_by, new.team, new.position = by, None, None
    empty = [field.name for field in new._meta.fields if getattr(new, field.attname) is None]
    new.full_clean(exclude=[*empty, "created_by", "cancel_reason"])
    new.save(force_insert=True)
    _trace(by, "visit_added", new, day=new.day.isoformat() if new.day else None)
    return new


@transaction.atomic
def move(*, by: Officer | None, visit: int, version: int, to: Place | None) -> Visit:
    """Put a visit into a team's day, or back among those that wait.

    Raises ValidationError for what may not be moved or a day that is over, Changed where the visit
    is not in the version that was seen.
    """
    held = hold_visit(visit, version, to.team if to else None)
    _check_movable(held)
    before, day_before = held.team, held.day
    if to is None:
        _put_back(held)
    else:
        _put_into(held, to)
    if before and day_before and (to is None or (to.team, to.day) != (before.pk, day_before)):
        settle(before, day_before)
    where = {"team": to.team, "day": to.day.isoformat()} if to else {}
    _trace(by, "visit_moved", held, **where)
    return held


def _check_movable(visit: Visit) -> None:
    if visit.state != VisitState.PLANNED:
        raise ValidationError(_("Only a visit that has not begun can be moved."))
    if visit.locked:
        raise ValidationError(_("This visit is agreed. Unlock it before you move it."))


def _put_back(visit: Visit) -> None:
    waits = Visit.objects.filter(institution=visit.institution_id, day=None, state="planned")
    if visit.institution_id and waits.exclude(pk=visit.pk).exists():
        raise ValidationError(_("This institution waits for a visit already."))
    visit.team = visit.day = visit.position = visit.starts_at = None
    _save(visit)


def _put_into(visit: Visit, to: Place) -> None:
    if to.day < timezone.localdate():
        raise ValidationError(_("This day is over."))
    team = Team.objects.filter(pk=to.team, closed_at=None).first()
    if team is None:
        raise ValidationError(_("This team no longer goes out."))
    if not Spot(visit.area_id).is_near(Spot(team.area_id)):
        raise ValidationError(_("This team works in another area."))
    others = [each for each in order_of(team, to.day) if each.pk != visit.pk]
    place = len(others) if to.position is None else min(max(to.position - 1, 0), len(others))
    visit.team, visit.day, visit.position = team, to.day, place + 1
    _save(visit)
    settle(team, to.day, [*others[:place], visit, *others[place:]])


@transaction.atomic
def lock(
    *, by: Officer | None, visit: int, version: int, locked: bool, starts_at: time | None = None
) -> Visit:
    """Agree on a visit's team, day and time, or let proposals change them again.

    `starts_at`: the time agreed, where it is another than planned. Raises ValidationError for a
    visit in nobody's day, Changed.
    """
    held = hold_visit(visit, version)
    if held.team is None or held.day is None or held.state != VisitState.PLANNED:
        raise ValidationError(_("Only a planned visit of a team can be agreed."))
    held.locked = locked
    if locked:
        held.starts_at = starts_at or held.starts_at or held.team.starts
    _save(held)
    others = [each for each in order_of(held.team, held.day) if each.pk != held.pk]
    begins = held.starts_at or held.team.starts
    earlier = [each for each in others if (each.starts_at or begins) < begins]
    in_order = [*earlier, held, *(each for each in others if each not in earlier)]
    settle(held.team, held.day, in_order if starts_at else None)
    _trace(by, "visit_locked" if locked else "visit_unlocked", held)
    return held


@transaction.atomic
def cancel(
    *, by: Officer | None, visit: int, version: int, reason: str, again: bool = False
) -> Visit:
    """Cancel a visit; the rest of the day moves up. `again`: have another one wait in its stead.

    Raises ValidationError for an unknown reason or a visit that is over, Changed.
    """
    held = hold_visit(visit, version)
    if reason not in CancelReason.values:
        raise ValidationError({"reason": _("Say why the visit does not take place.")})
    if held.state not in (VisitState.PLANNED, VisitState.UNDER_WAY):
        raise ValidationError(_("This visit is over already."))
    held.state, held.cancel_reason, held.position = VisitState.CANCELLED, reason, None
    held.ended_at = timezone.now()
    _save(held)
    if held.team and held.day:
        settle(held.team, held.day)
    if again:
        follow_up(by=by, visit=held)
    _trace(by, "visit_cancelled", held, reason=reason)
    return held


@transaction.atomic
def follow_up(*, by: Officer | None, visit: Visit) -> Visit:
    """Have another visit to the same place wait, which takes up what this one left.

    Returns the one that waits already, where there is one.
    """
    waits = Visit.objects.filter(day=None, state=VisitState.PLANNED)
    same = Visit.objects.none()
    if visit.institution_id:
        same = waits.filter(institution=visit.institution_id)
    already = (same | waits.filter(follows=visit)).first()
    if already is not None:
        return already
    names = ("institution_id", "title", "area_id", "address", "latitude", "longitude", "minutes")
    copied: dict[str, Any] = {name: getattr(visit, name) for name in (*names, "kind")}
    made = Visit.objects.create(follows=visit, created_by=by, **copied)
    _trace(by, "visit_followed_up", made, follows=visit.pk)
    return made


@transaction.atomic
def reinstate(*, by: Officer | None, visit: int, version: int) -> Visit:
    """Undo a cancellation: the visit is last in its team's day again, or waits.

    Raises ValidationError where it is not cancelled, Changed.
    """
    held = hold_visit(visit, version)
    if held.state != VisitState.CANCELLED:
        raise ValidationError(_("This visit is not cancelled."))
    held.state, held.cancel_reason, held.ended_at = VisitState.PLANNED, "", None
    held.began_at = None
    team, day = held.team, held.day
    if team and day and day >= timezone.localdate() and team.closed_at is None:
        _put_into(held, Place(team.pk, day))
    else:
        held.locked = False
        _put_back(held)
    _trace(by, "visit_reinstated", held)
    return held


@transaction.atomic
def set_state(*, by: Officer | None, visit: int, state: str) -> Visit:
    """Say how far a visit is: under way, done, or back; a second time nothing happens.

    Raises ValidationError where it cannot go there from where it is.
    """
    held = hold_visit(visit, None)
    if held.state == state:
        return held
    if state not in NEXT[held.state] or held.team is None:
        raise ValidationError(_("This visit cannot be set to this state."))
    now = timezone.now()
    held.state = state
    held.began_at = None if state == VisitState.PLANNED else held.began_at or now
    held.ended_at = now if state == VisitState.DONE else None
    _save(held)
    _trace(by, f"visit_{state}", held)
    return held


@transaction.atomic
def set_cost(*, by: Officer | None, visit: int, cost: int | None) -> Visit:
    """Note what a visit has cost, in rupiah; raises ValidationError for what is no amount."""
    held = hold_visit(visit, None)
    if cost is not None and not 0 <= cost <= 10**12:
        raise ValidationError({"cost": _("Write an amount in rupiah, as 250000.")})
    held.cost = cost
    _save(held)
    _trace(by, "visit_cost_noted", held, cost=cost)
    return held


def _save(visit: Visit) -> None:
    """Write a visit as a new version."""
    visit.version += 1
    visit.save()


def _trace(by: Officer | None, verb: str, visit: Visit, **details: Any) -> None:
    trace(by=by, verb=f"outreach.{verb}", subject=visit.pk, area=visit.area_id, details=details)
