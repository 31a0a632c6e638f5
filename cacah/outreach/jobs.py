"""What outreach does behind the pages: weeks of large areas, and receipts that came in late."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from cacah.outreach.actions.handing import find_families
from cacah.outreach.actions.proposals import JOB, make
from cacah.staff.work.actions import telling
from cacah.staff.work.queries import LONG, STEADY


@app.task(name=JOB, queue=LONG, pass_context=True)
def propose(context: JobContext, *, proposal_id: int) -> None:
    """Plan the week of teams."""
    with telling(context) as tell:
        make(proposal=proposal_id, tell=lambda done, of: tell(done=done, of=of))


@app.periodic(cron="*/10 * * * *")
@app.task(name="outreach.find_families", queue=STEADY, queueing_lock="outreach.find_families")
def late_receipts(timestamp: int) -> None:
    """Find whose receipts they were that had not come in when souvenirs were handed out."""
    find_families()
