"""The only writer of reports: asked for by an officer, made by a job, thrown away after a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cacah.monitoring.models import Report, WeeklyReport
from cacah.monitoring.reports.gathering import evaluation
from cacah.staff.actions import trace
from cacah.staff.models import Officer
from cacah.staff.queries import scope_of
from cacah.staff.roles import Permission
from cacah.staff.work.actions import begin, cancel

# What a job tells of itself: gathered, drawn.
STEPS = 2
# An officer who presses the button again and again fills no disk.
MOST_OPEN = 5


class TooMany(ValueError):
    """Raised where an officer already waits for `MOST_OPEN` reports."""


@transaction.atomic
def ask(*, by: Officer, area: str, language: str) -> Report:
    """Have the report of an area (undotted code) made for an officer; raises TooMany.

    The caller has checked that the officer's scope holds the area. Whoever asks again for what is
    still to be made, as a button that is pressed twice does, is given the same.
    """
    Officer.objects.select_for_update().get(pk=by.pk)
    still_open = Report.objects.filter(officer=by, made_at=None)
    if asked := still_open.filter(area=area, language=language).first():
        return asked
    if still_open.count() >= MOST_OPEN:
        raise TooMany
    report = Report.objects.create(
        area=area, language=language, officer=by, asked_at=timezone.now()
    )
    begin("monitoring.report", report_id=report.pk)
    trace(by=by, verb="monitoring.report_asked", subject=report.pk, area=area)
    return report


def make(*, report_id: int, job_id: int, tell: Callable[..., None]) -> bool:
    """Make a report that was asked for; the doer is the site, for the officer who asked.

    Returns False where it was taken back, or where the officer may not see the area any more.
    """
    report = Report.objects.select_related("officer").filter(pk=report_id, made_at=None).first()
    if report is None:
        return False
    Report.objects.filter(pk=report_id).update(job_id=job_id)
    if not _sees(report.officer, report.area):
        report.delete()
        return False
    tell(done=0, of=STEPS)
    found = evaluation(report.area)
    if found is None:
        report.delete()
        return False
    tell(done=1, of=STEPS)
    # Only here: every command imports this module, and to import fpdf takes it a quarter second.
    from cacah.monitoring.reports.pdf import report_pdf

    content = report_pdf(found, report.language)
    tell(done=STEPS, of=STEPS)
    made = Report.objects.filter(pk=report_id).update(pdf=content, made_at=timezone.now())
    return bool(made)


@transaction.atomic
def remove(*, by: Officer, report: Report) -> None:
    """Take a report back: one that is made is thrown away, one that is being made is ended."""
    if report.job_id is not None and report.made_at is None:
        cancel(job_id=report.job_id, by=by)
    trace(by=by, verb="monitoring.report_removed", subject=report.pk, area=report.area)
    report.delete()


@transaction.atomic
def want_weekly(*, by: Officer, area: str, language: str, wanted: bool) -> None:
    """Have the report of an area ready every Monday, or no more."""
    wish = WeeklyReport.objects.filter(officer=by, area=area)
    if wanted:
        WeeklyReport.objects.update_or_create(
            officer=by, area=area, defaults={"language": language}
        )
    elif not wish.delete()[0]:
        return
    verb = "monitoring.weekly_report_wanted" if wanted else "monitoring.weekly_report_ended"
    trace(by=by, verb=verb, area=area)


def ask_weekly(*, today: date) -> int:
    """Ask for this week's reports that nobody has asked for yet; return how many.

    Whoever may not see an area any more is asked nothing, and the wish stays: roles come back.
    """
    monday = today - timedelta(days=today.weekday())
    asked = 0
    for wish in WeeklyReport.objects.exclude(made_for=monday).select_related("officer"):
        with transaction.atomic():
            # Two workers at once: only the one that marks the wish asks.
            mine = WeeklyReport.objects.filter(pk=wish.pk).exclude(made_for=monday)
            if not mine.update(made_for=monday) or not _sees(wish.officer, wish.area):
                continue
            report = Report.objects.create(
                area=wish.area,
                language=wish.language,
                officer=wish.officer,
                asked_at=timezone.now(),
            )
            begin("monitoring.report", report_id=report.pk)
            asked += 1
    return asked


def forget(*, now: datetime) -> int:
    """Throw away reports that are older than CACAH_REPORT_DAYS; return how many."""
    before = now - timedelta(days=settings.CACAH_REPORT_DAYS)
    return Report.objects.filter(asked_at__lt=before).delete()[0]


def _sees(officer: Officer, area: str) -> bool:
    if officer.suspended_at is not None:
        return False
    return scope_of(officer).sees(area, Permission.SEE_PROGRESS)
