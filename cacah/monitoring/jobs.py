"""What monitoring does behind the pages: it folds every second, and samples every minute."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cacah.institutions.actions.matching import rematch as rematch_rosters
from cacah.monitoring import actions
from cacah.monitoring.public import actions as publishing
from cacah.monitoring.reports import actions as reports
from cacah.staff.work.actions import telling
from cacah.staff.work.queries import LONG, STEADY

# On Mondays the reports are ready when the office opens.
WEEKLY_FROM_HOUR = 4


@app.periodic(cron="* * * * * *")
@app.task(name="monitoring.fold", queue=STEADY, queueing_lock="monitoring.fold")
def fold(timestamp: int) -> None:
    """Fold the changes of progress."""
    actions.fold_all()


@app.periodic(cron="* * * * *")
@app.task(name="monitoring.sample", queue=STEADY, queueing_lock="monitoring.sample")
def sample(timestamp: int) -> None:
    """Note how far each province and regency is, for the walls."""
    actions.sample(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="monitoring.publish", queue=STEADY, queueing_lock="monitoring.publish")
def publish(timestamp: int) -> None:
    """Bring what everybody sees of the progress up to date."""
    publishing.publish(at=timezone.now())


@app.task(name="monitoring.rematch", queue=LONG, queueing_lock="monitoring.rematch")
def rematch() -> None:
    """Look for the people on rosters in the new register."""
    rematch_rosters()


@app.task(name="monitoring.report", queue=LONG, pass_context=True)
def report(context: JobContext, *, report_id: int) -> None:
    """Make the weekly report of an area."""
    with telling(context) as tell:
        reports.make(report_id=report_id, job_id=context.job.id or 0, tell=tell)


@app.periodic(cron="23 * * * *")
@app.task(name="monitoring.reports", queue=LONG, queueing_lock="monitoring.reports")
def weekly_reports(timestamp: int) -> None:
    """Have the reports of this week made, and throw old ones away.

    Asked every hour, because a server may be down on Monday morning; each is made once.
    """
    now = timezone.localtime(datetime.fromtimestamp(timestamp, UTC))
    reports.forget(now=now)
    if now.weekday() > 0 or now.hour >= WEEKLY_FROM_HOUR:
        reports.ask_weekly(today=now.date())
