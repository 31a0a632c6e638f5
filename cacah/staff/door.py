"""The door of every office page: who may come in, and with which scope."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse

from cacah.staff.models import Officer
from cacah.staff.queries import scope_of
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

# In the session of who need not show one: the guide of a session on a laptop, there alone.
WAIVED = "second_factor_waived"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# When the session began and was last seen; seconds since 1970.
BEGAN, SEEN = "office_began", "office_seen"
SEEN_EVERY_SECONDS = 60
PROVE_SECOND_FACTOR = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn")
View = Callable[..., HttpResponseBase]


class OfficeRequest(HttpRequest):
    """A request that came through the door."""

    officer: Officer
    scope: Scope


def office(permission: Permission | None) -> Callable[[View], View]:
    """Let in who is signed in with a second factor and holds the permission anywhere.

    None: any officer. Sets `request.officer` and `request.scope`. Who may not come in gets the
    page of an unknown address; what lies outside the scope the view must answer by Http404 too.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def entered(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if elsewhere := _to_be_sent_to(request):
                return _sent(request, elsewhere)
            request.officer = request.user  # type: ignore[assignment]
            request.scope = scope_of(request.officer)
            if permission is not None and not request.scope.may(permission):
                raise Http404
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        entered.permission = permission  # type: ignore[attr-defined]
        return entered

    return guarded


def signed_in(view: View) -> View:
    """Let in who is signed in: to the pages of the own account, where sign-in is completed.

    Who has a second factor must have shown it, or a stolen password could take it off.
    """

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated or _is_over(request):
            return _sent(request, redirect_to_login(_way_back(request)).url)
        proves = getattr(request.resolver_match, "url_name", "") in PROVE_SECOND_FACTOR
        if not proves and has_second_factor(request.user) and (elsewhere := _to_prove(request)):
            return _sent(request, elsewhere)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return entered


def _to_be_sent_to(request: HttpRequest) -> str | None:
    """Return the address where sign-in has to go on first, None where it is complete."""
    if not request.user.is_authenticated or _is_over(request):
        return redirect_to_login(_way_back(request)).url
    if settings.CACAH_PACK and request.session.get(WAIVED):
        return None
    if not has_second_factor(request.user):
        return reverse("mfa_index")
    return _to_prove(request)


def _to_prove(request: HttpRequest) -> str | None:
    """Return where the second factor must be shown first, None where it was."""
    if has_proved_second_factor(request):
        return None
    return redirect_to_login(_way_back(request), resolve_url("mfa_reauthenticate")).url


def _way_back(request: HttpRequest) -> str:
    """Return where to go on after sign-in: here, unless it was something sent."""
    here = request.method in ("GET", "HEAD")
    return request.get_full_path() if here else reverse("office")


def _sent(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":  # else the sign-in page lands in a fragment
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def waive_second_factor(request: HttpRequest) -> None:
    """Let this session do without one; it counts on the site of a session pack, and nowhere else.

    No account is on such a laptop; what opens it is the pack's passphrase.
    """
    request.session[WAIVED] = True


def has_second_factor(officer: Officer) -> bool:
    """Tell whether the officer has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=officer, type__in=SECOND_FACTORS).exists())


def has_proved_second_factor(request: HttpRequest) -> bool:
    """Tell whether this very session has shown it: one begun before it was set up has not."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def _is_over(request: HttpRequest) -> bool:
    """End a session that is too old; note at most once a minute that it is in use."""
    now = time.time()
    if now - request.session.setdefault(BEGAN, now) > settings.CACAH_SESSION_HOURS * 3600:
        logout(request)
        return True
    if now - request.session.get(SEEN, 0) > SEEN_EVERY_SECONDS:
        request.session[SEEN] = now
    return False
