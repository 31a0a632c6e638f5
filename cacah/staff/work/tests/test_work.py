"""Work behind the pages: begun with a transaction, seen while it runs, ended on demand."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from cacah.staff.models import AuditEntry
from cacah.staff.work.actions import begin, cancel, telling
from cacah.staff.work.jobs import forget_advances
from cacah.staff.work.models import Advance
from cacah.staff.work.queries import Job, jobs, what


@app.task(name="tests.count", queue="long", queueing_lock="tests.count", pass_context=True)
def count(context: JobContext) -> None:
    """Count to three."""
    with telling(context) as tell:
        for n in range(1, 4):
            tell(done=n, of=3)
            seen.append(counting())
    connection.close()  # this thread's own


seen: list[object] = []


@pytest.fixture(autouse=True)
def _nothing_seen(transactional_db: None) -> None:
    seen.clear()
    with connection.cursor() as cursor:  # no model of Django's own, so nobody clears it
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def counting() -> Job:
    """Return the only job of these tests: a worker begins those of its clock beside it."""
    (job,) = (each for each in jobs() if each.what == "Count to three")
    return job


def work() -> None:
    """Do all that waits, as `cacah jobs run` does, and end."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(queues=["long"], wait=False, install_signal_handlers=False)


def test_it_tells_how_far_it_is_while_it_runs() -> None:
    assert begin("tests.count")
    assert [(job.state, job.what, job.can_be_cancelled) for job in jobs()] == [
        ("todo", "Count to three", True)
    ]
    work()
    assert [(job.state, job.done, job.of) for job in seen] == [
        ("doing", 1, 3), ("doing", 1, 3), ("doing", 3, 3)
    ]  # fmt: skip
    job = counting()
    assert (job.state, job.percent, job.can_be_cancelled) == ("succeeded", 100, False)
    assert job.asked_at <= job.began_at <= job.ended_at


def test_a_job_begins_only_with_the_transaction_that_wants_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        begin("tests.count")
        raise ZeroDivisionError
    assert not jobs()


def test_what_waits_already_is_not_begun_twice() -> None:
    assert begin("tests.count")
    assert not begin("tests.count")
    assert len(jobs()) == 1


def test_a_job_that_waits_never_begins_once_it_is_cancelled() -> None:
    begin("tests.count")
    assert cancel(job_id=counting().id, by=None)
    work()
    assert not seen
    assert counting().state == "cancelled"
    assert AuditEntry.objects.get().verb == "staff.job_cancelled"


def test_it_says_that_a_job_has_ended_already() -> None:
    with pytest.raises(CommandError, match="never was"):
        call_command("jobs", "cancel", "12")


def test_the_list_says_how_far_each_is(capsys: pytest.CaptureFixture[str]) -> None:
    begin("tests.count")
    work()
    call_command("jobs", "list")
    assert "succeeded 3 of 3" in capsys.readouterr().out


def test_a_task_of_another_version_is_called_by_its_name() -> None:
    assert what("gone.away") == "gone.away"


def test_how_far_a_job_was_is_forgotten_with_it() -> None:
    Advance.objects.create(job_id=999, done=1, of=2)
    begin("tests.count")
    Advance.objects.create(job_id=ProcrastinateJob.objects.get().id, done=1, of=2)
    forget_advances()
    assert Advance.objects.count() == 1
