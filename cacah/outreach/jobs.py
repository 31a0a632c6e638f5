"""What outreach does behind the pages: large areas' weeks, many links, receipts that came late."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from cacah.outreach.actions import invitations
from cacah.outreach.actions.handing import find_families
from cacah.outreach.actions.proposals import JOB, make
from cacah.staff.work.actions import telling
from cacah.staff.work.queries import LONG, STEADY


@app.task(name=JOB, queue=LONG, pass_context=True)
def propose(context: JobContext, *, proposal_id: int) -> None:
    """Plan the week of teams."""
    with telling(context) as tell:
        make(proposal=proposal_id, tell=lambda done, of: tell(done=done, of=of))


@app.task(name=invitations.JOB, queue=LONG, pass_context=True)
def invite_people(context: JobContext, *, institution_id: int, officer_id: int) -> None:
    """Make links for the people of an institution."""
    with telling(context) as tell:
        invitations.make_asked(institution=institution_id, officer=officer_id, tell=tell)


@app.periodic(cron="*/10 * * * *")
@app.task(name="outreach.find_families", queue=STEADY, queueing_lock="outreach.find_families")
def late_receipts(timestamp: int) -> None:
    """Find whose receipts they were that had not come in when souvenirs were handed out."""
    find_families()
