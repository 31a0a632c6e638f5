"""What the help desk writes into the audit trail, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "helpdesk.family_read": _("looked at a family's state"),
    "helpdesk.not_found": _("looked for a family and did not find it"),
    "helpdesk.visit_asked": _("noted a family's wish for a visit"),
}
