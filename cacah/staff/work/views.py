"""The office's page of work behind the pages: what runs, how far it is, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.work import actions, queries

# By state in the queue: the word, and the shape and colour it stands in.
STATES = {
    "todo": (gettext_lazy("Waits"), "none"),
    "doing": (gettext_lazy("Runs"), "begun"),
    "succeeded": (gettext_lazy("Done"), "done"),
    "failed": (gettext_lazy("Failed"), "missing"),
    "cancelled": (gettext_lazy("Cancelled"), "exempt"),
    "aborted": (gettext_lazy("Ended early"), "exempt"),
}
ENDS = (gettext_lazy("Is being ended"), "begun")


@require_safe
@office(Permission.MANAGE_AREAS)
def jobs(request: OfficeRequest) -> HttpResponse:
    """List jobs, those that run or wait first."""
    lines = [
        (job, _(job.what), *(ENDS if job.ends else STATES[job.state])) for job in queries.jobs()
    ]
    return render(request, "work/jobs.html", {"lines": lines})


@require_POST
@office(Permission.MANAGE_AREAS)
def cancel(request: OfficeRequest, pk: int) -> HttpResponse:
    """Keep a job from beginning, or have it end as soon as it can."""
    if actions.cancel(job_id=pk, by=request.officer):
        messages.success(request, _("The job is being ended."))
    else:
        messages.error(request, _("The job had ended already."))
    return redirect("jobs")
