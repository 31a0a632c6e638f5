"""What is done for coordinators behind the pages: the weekly e-mail."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from cacah.institutions import digest


@app.periodic(cron="7 * * * *")
@app.task(name="institutions.digest", queueing_lock="institutions.digest")
def send_digests(timestamp: int) -> None:
    """Send this week's e-mails that are not sent yet: on Mondays from seven o'clock, or later.

    Asked every hour, because a server may be down on Monday morning; each goes out once.
    """
    now = timezone.localtime()
    if now.weekday() > 0 or now.hour >= 7:
        digest.send(now.date())
