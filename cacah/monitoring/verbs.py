"""What this room writes into the audit trail, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "monitoring.report_asked": _("asked for a report"),
    "monitoring.report_taken": _("downloaded a report"),
    "monitoring.report_removed": _("threw a report away"),
    "monitoring.weekly_report_wanted": _("asked for the weekly report"),
    "monitoring.weekly_report_ended": _("ended the weekly report"),
}
