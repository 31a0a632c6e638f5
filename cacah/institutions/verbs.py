"""What this room writes into the audit trail, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "institutions.imported": _("imported institutions"),
    "institutions.institution_added": _("added an institution"),
    "institutions.institution_changed": _("changed an institution"),
    "institutions.institution_moved": _("moved an institution"),
    "institutions.institution_closed": _("closed an institution"),
    "institutions.institution_reopened": _("reopened an institution"),
    "institutions.names_opened": _("opened the names of an institution to officers above"),
    "institutions.names_closed": _("closed the names of an institution to officers above"),
    "institutions.roster_uploaded": _("uploaded a roster"),
    "institutions.roster_corrected": _("corrected an uploaded roster"),
    "institutions.roster_rows_left_out": _("left rows of a roster out"),
    "institutions.roster_taken": _("took over a roster"),
    "institutions.roster_dropped": _("dropped an uploaded roster"),
    "institutions.roster_rows_read": _("looked at rows of an uploaded roster"),
    "institutions.people_added": _("added people to a roster"),
    "institutions.people_removed": _("removed people from a roster"),
    "institutions.leaving_refused": _("was refused to take off people who had only just come"),
    "institutions.leaving_allowed": _("let people who had only just come leave a roster"),
    "institutions.people_read": _("looked at people on a roster"),
    "institutions.person_read": _("looked at a person on a roster"),
    "institutions.person_added_by_name": _("added a person by name"),
    "institutions.person_moved": _("moved a person to another unit"),
    "institutions.person_restored": _("put a person on the roster again"),
    "institutions.exempted": _("exempted a person"),
    "institutions.asked_again": _("ended an exemption"),
    "institutions.receipt_awaited": _("let a person hand in the receipt"),
    "institutions.receipt_handed_in": _("took a receipt in"),
    "institutions.receipt_given_back": _("gave a receipt back"),
    "institutions.evidence_made": _("made an evaluation sheet"),
    "institutions.reminders_read": _("prepared reminders"),
    "institutions.reminder_intro_written": _("wrote the beginning of reminders"),
    "institutions.digest_wanted": _("asked for the weekly e-mail"),
    "institutions.digest_refused": _("ended the weekly e-mail"),
}
