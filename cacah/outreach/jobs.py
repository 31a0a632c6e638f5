"""What outreach does behind the pages: it plans the weeks of large areas."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from cacah.outreach.actions.proposals import JOB, make
from cacah.staff.work.actions import telling
from cacah.staff.work.queries import LONG


@app.task(name=JOB, queue=LONG, pass_context=True)
def propose(context: JobContext, *, proposal_id: int) -> None:
    """Plan the week of teams."""
    with telling(context) as tell:
        make(proposal=proposal_id, tell=lambda done, of: tell(done=done, of=of))
