"""The signed link of an invitation: good once, for some days, until a newer one is made."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cacah.staff.models import Officer

SALT = "cacah.staff.invitation"


def new_serial() -> str:
    """Return 128 random bits in 22 letters."""
    return secrets.token_urlsafe(16)


def link(officer: Officer) -> str:
    """Return the officer's one-time address, at the public address whatever the request's host."""
    token = signing.dumps([officer.pk, officer.invitation], salt=SALT)
    return public_address(reverse("invitation", args=[token]))


def public_address(path: str) -> str:
    """Return the absolute address of a path; the request's Host header has no say."""
    public_url: str = settings.CACAH_PUBLIC_URL
    return public_url.rstrip("/") + path


def invited(token: str, *, locked: bool = False) -> Officer | None:
    """Return whom a link invites; None for one forged, too old, used, replaced or suspended.

    With `locked=True` the row is locked until the caller's transaction ends.
    """
    try:
        pk, serial = signing.loads(
            token, salt=SALT, max_age=settings.CACAH_INVITATION_DAYS * 86_400
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    officers = Officer.objects.select_for_update() if locked else Officer.objects
    return officers.filter(
        pk=pk, invitation=serial, invitation__isnull=False, accepted_at=None, suspended_at=None
    ).first()
