"""What may be asked about work behind the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from cacah.staff.work.models import Advance

# Every few seconds, all day: only what went wrong there is worth a line.
STEADY = "steady"
# What takes its time; officers see how far it is.
LONG = "long"
OPEN = ("todo", "doing")


@dataclass(frozen=True, slots=True)
class Job:
    """A job as officers see it; what it was told to do with whom is not shown."""

    id: int
    # Its task's own sentence, in English; the page translates it.
    what: str
    # todo, doing, succeeded, failed, cancelled, aborted
    state: str
    # A running job that has been asked to end.
    ends: bool
    # 0 and 0 where the job does not say.
    done: int
    of: int
    asked_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in OPEN and not self.ends

    @property
    def percent(self) -> int | None:
        return 100 * self.done // self.of if self.of else None


def jobs(*, most: int = 100) -> list[Job]:
    """Return the newest jobs, those that run or wait first; of the steady ones only failures."""
    which = ~Q(queue_name=STEADY) | Q(status="failed")
    return _read(_dated(which).order_by("-is_open", "-id")[:most])


def job(job_id: int) -> Job | None:
    """Return one job; None where it is not there, or no more."""
    return next(iter(_read(_dated(Q(pk=job_id)))), None)


def open_job(task_name: str, **arguments: Any) -> Job | None:
    """Return the newest job of a task with these arguments that waits or runs; None for none."""
    which = Q(task_name=task_name, status__in=OPEN, args__contains=arguments)
    return next(iter(_read(_dated(which).order_by("-id")[:1])), None)


def _dated(which: Q) -> QuerySet[Any]:
    found: QuerySet[Any] = ProcrastinateJob.objects.filter(which).annotate(
        asked_at=Min("procrastinateevent__at"),
        began_at=Max("procrastinateevent__at", filter=Q(procrastinateevent__type="started")),
        ended_at=Max("procrastinateevent__at", filter=~Q(status__in=OPEN)),
        is_open=Q(status__in=OPEN),
    )
    return found


def _read(found: QuerySet[Any]) -> list[Job]:
    rows = list(found)
    advances = Advance.objects.in_bulk([row.id for row in rows])
    return [_job(row, advances.get(row.id)) for row in rows]


def _job(row: Any, advance: Advance | None) -> Job:
    return Job(
        id=row.id,
        what=what(row.task_name),
        state=row.status,
        ends=row.abort_requested and row.status == "doing",
        done=advance.done if advance else 0,
        of=advance.of if advance else 0,
        asked_at=row.asked_at,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )


def what(task_name: str) -> str:
    """Return the first sentence of a task's docstring; its name where this version has no such."""
    task = app.tasks.get(task_name)
    said = (task.func.__doc__ or "").strip() if task else ""
    return said.splitlines()[0].rstrip(".") if said else task_name
