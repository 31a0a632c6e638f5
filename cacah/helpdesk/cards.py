"""What the help desk puts on an officer's home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cacah.staff.home import Card
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


def cards(scope: Scope) -> list[Card]:
    """Return the way to the desk for whoever sits at it."""
    if not scope.may(Permission.SEE_PERSONS):
        return []
    sentence = _("Ask for NIK and family card number, and see what to tell the family.")
    return [Card(_("Somebody calls"), sentence, reverse("helpdesk"))]
