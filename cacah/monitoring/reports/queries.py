"""What may be asked about reports: an officer's own, within the officer's scope of today."""

from __future__ import annotations

from dataclasses import dataclass

from cacah.areas.queries import names
from cacah.monitoring.models import Report, WeeklyReport
from cacah.monitoring.queries import NATION
from cacah.staff.models import Officer
from cacah.staff.numerals import moment
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope
from cacah.staff.work.models import Advance


@dataclass(frozen=True, slots=True)
class Listed:
    """A report of an officer, without its content."""

    report: Report
    name: str
    # How far it is in per cent; None before it begins.
    percent: int | None

    @property
    def asked(self) -> str:
        return moment(self.report.asked_at)

    @property
    def state(self) -> str:
        """`ready`, `begun` or `waiting`."""
        if self.report.made_at is not None:
            return "ready"
        return "waiting" if self.report.job_id is None else "begun"


def own(officer: Officer, scope: Scope) -> list[Listed]:
    """Return an officer's reports of areas that the officer still sees, the newest first."""
    found = Report.objects.filter(officer=officer).defer("pdf").order_by("-asked_at")
    reports = [each for each in found if scope.sees(each.area, Permission.SEE_PROGRESS)]
    known = {"": NATION} | names(each.area for each in reports)
    far = Advance.objects.in_bulk([each.job_id for each in reports if each.job_id])
    return [
        Listed(each, known.get(each.area, each.area), _percent(far.get(each.job_id or 0)))
        for each in reports
    ]


def one(officer: Officer, scope: Scope, report_id: int) -> Report | None:
    """Return a report of this officer; None for another's, as for one that never was."""
    found = Report.objects.filter(officer=officer, pk=report_id).first()
    return found if found and scope.sees(found.area, Permission.SEE_PROGRESS) else None


def weekly(officer: Officer, scope: Scope) -> list[tuple[str, str]]:
    """Return (undotted code, name) of the areas of which an officer wants a report every week."""
    wishes = WeeklyReport.objects.filter(officer=officer).order_by("area")
    areas = [each.area for each in wishes if scope.sees(each.area, Permission.SEE_PROGRESS)]
    known = {"": NATION} | names(areas)
    return [(area, known.get(area, area)) for area in areas]


def _percent(advance: Advance | None) -> int | None:
    return 100 * advance.done // advance.of if advance and advance.of else None
