"""The verbs of the audit trail in words, told by each room for its own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {}


def tell(words: Mapping[str, str | Promise]) -> None:
    """Add a room's verbs (`room.verb` → words), from its AppConfig.ready."""
    WORDS.update(words)


def in_words(verb: str) -> str:
    """Return a verb in words; as it is written where no room has told."""
    return str(WORDS.get(verb, verb))


tell(
    {
        "staff.signed_in": _("signed in"),
        "staff.signed_out": _("signed out"),
        "staff.sign_in_failed": _("sign-in failed"),
        "staff.invited": _("invited"),
        "staff.invited_again": _("made a new link"),
        "staff.accepted": _("accepted the invitation"),
        "staff.granted": _("gave a role"),
        "staff.revoked": _("took a role back"),
        "staff.suspended": _("suspended"),
        "staff.reinstated": _("reinstated"),
        "staff.email_changed": _("changed an e-mail address"),
        "staff.second_factor_added": _("added a second factor"),
        "staff.second_factor_removed": _("removed a second factor"),
        "staff.recovery_codes_renewed": _("made new recovery codes"),
        "staff.password_changed": _("changed the password"),
        "staff.password_reset": _("replaced the password by mail"),
        "staff.officers_exported": _("downloaded the list of officers"),
        "staff.trail_exported": _("downloaded the audit trail"),
        "staff.job_cancelled": _("ended a job"),
    }
)
