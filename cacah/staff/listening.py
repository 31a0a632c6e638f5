"""Writes into the audit trail what django-allauth says of signing in, and failing to."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from cacah.staff.actions import trace
from cacah.staff.models import Officer
from cacah.staff.queries import area_of


def listen() -> None:
    """Connect all of these; once, from the AppConfig."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    mfa.authentication_failed.connect(_failed_second)
    mfa.authenticator_added.connect(_added)
    mfa.authenticator_removed.connect(_removed)
    mfa.authenticator_reset.connect(_renewed_codes)
    password_changed.connect(_changed_password)
    password_reset.connect(_replaced_password)


def _note(verb: str, officer: Officer, request: HttpRequest | None, **details: Any) -> None:
    trace(
        by=officer,
        verb=verb,
        subject=officer.email,
        area=area_of(officer),
        details=details,
        request=request,
    )


def _signed_in(request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    _note("staff.signed_in", user, request)


def _signed_out(request: HttpRequest, user: Officer | None, **kwargs: Any) -> None:
    if user is not None:
        _note("staff.signed_out", user, request)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Note whom it was tried for; a text that is no e-mail is left out: it may be a password."""
    email = str(credentials.get("email") or "").lower()
    officer = Officer.objects.filter(email=email).first()
    if officer is not None:
        _note("staff.sign_in_failed", officer, request, step="password")
        return
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    trace(by=None, verb="staff.sign_in_failed", subject=email, request=request)


def _failed_second(request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    _note("staff.sign_in_failed", user, request, step="second")


def _added(
    request: HttpRequest, user: Officer, authenticator: Authenticator, **kwargs: Any
) -> None:
    _note("staff.second_factor_added", user, request, kind=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Setting it up has shown that it is there: this session need not show it again.
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _removed(
    request: HttpRequest, user: Officer, authenticator: Authenticator, **kwargs: Any
) -> None:
    _note("staff.second_factor_removed", user, request, kind=authenticator.type)


def _renewed_codes(request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    _note("staff.recovery_codes_renewed", user, request)


def _changed_password(request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    _note("staff.password_changed", user, request)


def _replaced_password(request: HttpRequest, user: Officer, **kwargs: Any) -> None:
    _note("staff.password_reset", user, request)
