"""What is done behind the pages: large rosters, the weekly e-mail to coordinators, forgetting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cacah.institutions import digest
from cacah.institutions.actions.roster import forget_removed
from cacah.institutions.actions.taking import take_asked
from cacah.institutions.actions.uploads import forget_uploads
from cacah.staff.work.actions import telling
from cacah.staff.work.queries import LONG, STEADY

REMOVED_KEPT_FOR = timedelta(days=30)


@app.task(name="institutions.take", queue=LONG, pass_context=True)
def take(context: JobContext, *, upload: str) -> None:
    """Put an uploaded roster in its place."""
    with telling(context) as tell:
        take_asked(upload=UUID(upload), tell=tell)


@app.periodic(cron="7 * * * *")
@app.task(name="institutions.digest", queue=STEADY, queueing_lock="institutions.digest")
def send_digests(timestamp: int) -> None:
    """Send this week's e-mails that are not sent yet: on Mondays from seven o'clock, or later.

    Asked every hour, because a server may be down on Monday morning; each goes out once.
    """
    now = timezone.localtime()
    if now.weekday() > 0 or now.hour >= 7:
        digest.send(now.date())


@app.periodic(cron="20 2 * * *")
@app.task(name="institutions.forget", queueing_lock="institutions.forget")
def forget(timestamp: int) -> None:
    """Delete uploads that nobody took, and people who were taken off a roster a month ago."""
    now = timezone.now()
    forget_uploads(at=now)
    forget_removed(since=now - REMOVED_KEPT_FOR)
