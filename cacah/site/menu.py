"""The office's menu: what an officer may open, by permission; rooms do not know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into a room; with several permissions any of them opens it."""

    url_name: str
    label: str | Promise
    permissions: tuple[Permission, ...] = ()

    def is_for(self, scope: Scope) -> bool:
        return not self.permissions or any(scope.may(each) for each in self.permissions)

    def current(self, path: str) -> str:
        """Return what `aria-current` says of this entry: page, true within its room, or nothing."""
        address = reverse(self.url_name)
        if path == address:
            return "page"
        # Every office page lies below today's.
        return "true" if self.url_name != "office" and path.startswith(address) else ""


MENU = (
    Entry("office", _("Today")),
    Entry("helpdesk", _("Help desk"), (Permission.SEE_PERSONS,)),
    Entry("progress", _("Progress"), (Permission.SEE_PROGRESS,)),
    Entry(
        "institutions",
        _("Institutions"),
        (Permission.SEE_INSTITUTIONS, Permission.MANAGE_ROSTER),
    ),
    Entry("outreach", _("Outreach"), (Permission.PLAN_OUTREACH, Permission.RUN_OUTREACH)),
    Entry("officers", _("Officers"), (Permission.INVITE,)),
    Entry("audit", _("Audit trail"), (Permission.SEE_AUDIT,)),
    Entry("jobs", _("Jobs"), (Permission.MANAGE_AREAS,)),
)


def office(request: HttpRequest) -> dict[str, Any]:
    """Give office pages their menu, with the entry that is open; other pages nothing."""
    scope = getattr(request, "scope", None)
    if scope is None or settings.CACAH_PACK:  # a laptop has one page for its guide
        return {"messages": get_messages(request)} if hasattr(request, "_messages") else {}
    return {
        "messages": get_messages(request),
        "menu": [(e, e.current(request.path)) for e in MENU if e.is_for(scope)],
    }
