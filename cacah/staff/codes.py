"""Codes of the authenticator app: each is good once, whatever the clock does meanwhile.

django-allauth forgets a used code after 30 seconds, while one step of tolerance keeps it valid for
90; and its memory is a cache. So the steps that were used are kept with the secret: a clock that is
put back revives no code, and one that was ahead shuts nobody out.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction

REMEMBERED = 10


def steps_of(app: Authenticator, code: str) -> set[int]:
    """Return the time steps near now whose code this is."""
    secret = decrypt(app.data["secret"])
    return {
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    }


@transaction.atomic
def use_up(app: Authenticator, code: str) -> bool:
    """Let this code of an app be good no more; False where it was used up, as by a twin."""
    app = Authenticator.objects.select_for_update().get(pk=app.pk)
    used, steps = app.data.get("used", []), steps_of(app, code)
    if steps & set(used):
        return False
    app.data["used"] = [*used, *sorted(steps)][-REMEMBERED:]
    app.save(update_fields=["data"])
    return True


class _Once:
    """Refuses a code whose time step was used before, and counts it as a wrong one."""

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if app and steps_of(app, self.cleaned_data["code"]) & set(app.data.get("used", [])):
            check_rate_limit(self.user)
            self._emit_authentication_failed(app)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(
            self.authenticator, code
        ):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, forms.AuthenticateForm):
    """The second step of sign-in."""


class ReauthenticateForm(_Once, forms.ReauthenticateForm):
    """The same code again, before something that matters."""
