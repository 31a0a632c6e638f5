"""Looks after the queue: what a lost worker left half done, and what nobody asks about any more."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from cacah.staff.work.models import Advance
from cacah.staff.work.queries import STEADY

MOST_ATTEMPTS = 3
STEADY_HOURS, OTHER_HOURS = 1, 30 * 24


@app.periodic(cron="* * * * *")
@app.task(name="work.take_up", queue=STEADY, queueing_lock="work.take_up", pass_context=True)
async def take_up(context: JobContext, timestamp: int) -> None:
    """Take up again what a lost worker left half done."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        assert job.id is not None
        if job.queue == STEADY or job.attempts >= MOST_ATTEMPTS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=job.queue == STEADY)
        else:
            await manager.retry_job(job)


@app.periodic(cron="23 * * * *")
@app.task(name="work.forget", queue=STEADY, queueing_lock="work.forget", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:
    """Forget jobs that have long ended."""
    ended = {"include_failed": True, "include_cancelled": True, "include_aborted": True}
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=STEADY_HOURS, queue=STEADY, **ended)
    await manager.delete_old_jobs(nb_hours=OTHER_HOURS, **ended)
    await sync_to_async(forget_advances)()


def forget_advances() -> None:
    """Remove how far jobs were that are gone."""
    Advance.objects.exclude(job_id__in=ProcrastinateJob.objects.values("id")).delete()
