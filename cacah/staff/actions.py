"""The only writer of officers, grants and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from cacah.staff.models import AuditEntry, Officer


def trace(
    *,
    by: Officer | None,
    verb: str,
    subject: str | int = "",
    area: str = "",
    details: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Append what was done to the audit trail, in the caller's transaction.

    `verb` is `room.verb`; `subject` an id, a public code or an officer's e-mail, never a NIK or the
    name of a person counted; `area` the undotted code of where, by which readers' scopes are cut.
    `by` is None for a command on the server. With `request` its network address is kept.
    """
    AuditEntry.objects.create(
        officer=by,
        verb=verb,
        subject=str(subject)[:120],
        area=area,
        network=get_adapter().get_client_ip(request) if request else "",
        details=dict(details or {}),
    )
