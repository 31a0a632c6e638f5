"""`cacah jobs`: the worker behind the pages, and what it has to do."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from procrastinate.contrib.django import app

from cacah.staff.work.actions import cancel
from cacah.staff.work.queries import jobs

# Beside one long job there is room for the fold and for others.
AT_ONCE = 4
SECONDS_TO_END = 20


class Command(BaseCommand):
    help = "Do what runs behind the pages: folding progress, reports, mails, cleaning up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        run = verbs.add_parser("run", help="work until this is ended")
        run.add_argument("--at-once", type=int, default=AT_ONCE, help="jobs beside each other")
        run.add_argument(
            "--with-parent", action="store_true", help="end when whoever started it has ended"
        )
        verbs.add_parser("list", help="say what runs, waits and has ended, and how far it is")
        stop = verbs.add_parser("cancel", help="keep a job from beginning, or end it early")
        stop.add_argument("job", type=int)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "run":
            run(at_once=options["at_once"], with_parent=options["with_parent"])
        elif verb == "list":
            self.list_jobs()
        elif not cancel(job_id=options["job"], by=None):
            raise CommandError(f"job {options['job']} has ended, or never was")

    def list_jobs(self) -> None:
        for job in jobs():
            far = f" {job.done} of {job.of or '?'}" if job.done or job.of else ""
            asked = f"{timezone.localtime(job.asked_at):%Y-%m-%d %H:%M}" if job.asked_at else ""
            state = "ending" if job.ends else job.state
            self.stdout.write(f"{job.id}\t{state}{far}\t{asked}\t{job.what}")


def run(*, at_once: int, with_parent: bool) -> None:
    """Work until a signal says to end; jobs that run have some seconds to finish."""
    if with_parent:
        Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    # A connection of the worker's own: what a job itself begins goes through Django's, so that it
    # is undone with the job's transaction.
    working = app.with_connector(app.connector.get_worker_connector())
    working.run_worker(concurrency=at_once, shutdown_graceful_timeout=SECONDS_TO_END)


def end_with_parent(parent: int) -> None:
    """End this process when whoever started it has ended, however that came."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
