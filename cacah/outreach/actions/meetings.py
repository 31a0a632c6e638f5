"""Verbs of meetings: add, change and cancel one, and note who came and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.outreach.models import Activity, Attendance, Team
from cacah.staff.actions import trace
from cacah.staff.models import Officer

MOST_PEOPLE = 500


@transaction.atomic
def add_meeting(*, by: Officer | None, new: Activity, teams: Iterable[Team] = ()) -> Activity:
    """Add a meeting, to which these teams go; raises ValidationError naming the field."""
    new.created_by = by
    _check(new)
    new.save(force_insert=True)
    new.teams.set(teams)
    _trace(by, "meeting_added", new, day=new.day.isoformat())
    return new


@transaction.atomic
def change_meeting(
    *, by: Officer | None, meeting: int, teams: Iterable[Team] | None = None, **changes: Any
) -> Activity:
    """Change any field of a meeting but its area, and which teams go; raises ValidationError.

    Raises Activity.DoesNotExist for a cancelled one.
    """
    held = _hold(meeting)
    for name, value in changes.items():
        setattr(held, name, value)
    _check(held)
    held.save()
    if teams is not None:
        held.teams.set(teams)
    _trace(by, "meeting_changed", held, fields=sorted(changes))
    return held


@transaction.atomic
def cancel_meeting(*, by: Officer | None, meeting: int) -> Activity:
    """Take a meeting out of the calendar; what was written stays in the database."""
    held = _hold(meeting)
    held.cancelled_at = timezone.now()
    held.save(update_fields=["cancelled_at"])
    _trace(by, "meeting_cancelled", held)
    return held


@transaction.atomic
def note_attendance(
    *, by: Officer | None, meeting: int, expected: Iterable[str], present: Collection[str]
) -> list[Attendance]:
    """Write the list of who was expected anew, and who of them came; return it.

    Names are trimmed, empty and repeated ones left out. Raises ValidationError for too many.
    """
    held = _hold(meeting)
    names = list(dict.fromkeys(name for name in map(_trimmed, expected) if name))
    if len(names) > MOST_PEOPLE:
        raise ValidationError(_("Write at most 500 names."))
    came = {_trimmed(name) for name in present}
    held.attendances.exclude(name__in=names).delete()
    for name in names:
        Attendance.objects.update_or_create(
            activity=held, name=name, defaults={"present": name in came}
        )
    _trace(by, "attendance_noted", held, expected=len(names), present=len(came & set(names)))
    return list(held.attendances.order_by("pk"))


def _trimmed(name: str) -> str:
    return " ".join(name.split())[:100]


def _hold(meeting: int) -> Activity:
    return Activity.objects.select_for_update().get(pk=meeting, cancelled_at=None)


def _check(meeting: Activity) -> None:
    meeting.title = " ".join(meeting.title.split())
    meeting.full_clean(exclude=["area", "created_by", "cancelled_at"])


def _trace(by: Officer | None, verb: str, meeting: Activity, **details: Any) -> None:
    trace(by=by, verb=f"outreach.{verb}", subject=meeting.pk, area=meeting.area_id, details=details)
