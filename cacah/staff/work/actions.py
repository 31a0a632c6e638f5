"""The only writer of how far a job is; ends a job on an officer's word."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted

from cacah.staff.actions import trace
from cacah.staff.models import Officer

EVERY_SECONDS = 0.5
LARGEST_ID = 2**63 - 1
TELL = """
INSERT INTO work_advance (job_id, done, "of") VALUES (%s, %s, %s)
ON CONFLICT (job_id) DO UPDATE SET done = excluded.done, "of" = excluded.of
"""


class Telling:
    """What a running job says of itself: `tell(done=3, of=10)`.

    It is written beside the job's own transaction, so that others see it at once and a job that
    keeps all or nothing can tell how far it is.
    """

    def __init__(self, context: JobContext) -> None:
        self.context = context
        self.beside = connection.copy()
        self.said_at = 0.0

    def __call__(self, *, done: int, of: int = 0) -> None:
        """Note how far the job is, twice a second at most; `of` is 0 while that is not known.

        Raises procrastinate's JobAborted, which a job lets pass, once it is to end.
        """
        if self.context.should_abort():
            raise JobAborted
        now = time.monotonic()
        if now - self.said_at < EVERY_SECONDS and done != of:
            return
        self.said_at = now
        with self.beside.cursor() as cursor:
            cursor.execute(TELL, [self.context.job.id, done, of])


@contextmanager
def telling(context: JobContext) -> Iterator[Telling]:
    """Give a job, declared with `pass_context=True`, its way to say how far it is."""
    tell = Telling(context)
    try:
        yield tell
    finally:
        tell.beside.close()


def begin(task_name: str, **arguments: Any) -> int | None:
    """Have a job done once the caller's transaction commits, and never without it; return its id.

    `arguments` are kept in the queue, so nothing personal belongs there. Returns None where the
    same waits already (see the task's `queueing_lock`).
    """
    try:
        with transaction.atomic():
            return app.tasks[task_name].configure().defer(**arguments)
    except AlreadyEnqueued:
        return None


@transaction.atomic
def cancel(*, job_id: int, by: Officer | None) -> bool:
    """Keep a job from beginning, or have a running one end as soon as it can.

    Returns False where it has ended already, or never was. `by` is None for a command.
    """
    cancelled = job_id <= LARGEST_ID and app.job_manager.cancel_job_by_id(job_id, abort=True)
    if cancelled:
        trace(by=by, verb="staff.job_cancelled", subject=job_id)
    return cancelled
