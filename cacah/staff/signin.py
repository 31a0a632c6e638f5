"""How django-allauth signs officers in: nobody signs up, links carry the public address."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop

from cacah.staff import actions, letters
from cacah.staff.addresses import address_of
from cacah.staff.appointing import Refused
from cacah.staff.invitations import public_address
from cacah.staff.models import Officer

# What allauth tells by mail, as a sentence of ours.
NOTES = {
    "account/email/password_changed": gettext_noop("Your password was changed."),
    "account/email/password_reset": gettext_noop("Your password was replaced by a link in a mail."),
    "mfa/email/totp_activated": gettext_noop("An authenticator app was added."),
    "mfa/email/totp_deactivated": gettext_noop("The authenticator app was removed."),
    "mfa/email/webauthn_added": gettext_noop("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_noop("A passkey was removed."),
    "mfa/email/recovery_codes_generated": gettext_noop("New recovery codes were made."),
}


class Accounts(DefaultAccountAdapter):
    """Sign-in by e-mail and password, for invited officers alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Lead on after sign-in to pages of this site only, never to another origin."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104  (all without an address share limits)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _, token = key.partition("-")
        return public_address(reverse("account_reset_password_from_key", args=[uidb36, token]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letters.post(self.render_mail(template_prefix, email, context))

    def send_notification_mail(
        self, template_prefix: str, user: Officer, *args: Any, **kwargs: Any
    ) -> None:
        if sentence := NOTES.get(template_prefix):
            letters.note(user, gettext(sentence))

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Tell what failed only: of the rest each page shows what has become of it."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)


@cache
def _sealer(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, None, b"second factor").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))


class SecondFactors(DefaultMFAAdapter):
    """Second factors; their secrets lie encrypted under a key derived from the server's."""

    def encrypt(self, text: str) -> str:
        return _sealer(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return gettext("Census office")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Without TLS the site is on this machine, under whichever of its names is in the browser.
        public = urlsplit(settings.CACAH_PUBLIC_URL)
        host = public.hostname if public.scheme == "https" else None
        host = host or context.request.get_host().partition(":")[0]
        return {"id": host, "name": gettext("Census office")}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last one: without it the officer could open no page."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return others.exclude(pk=authenticator.pk).exists()


class OpenIdAccounts(DefaultSocialAccountAdapter):
    """Sign-in through the government's own service, for invited officers alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """Find the officer by an address of which the provider says `true`, not some text."""
        for each in sociallogin.email_addresses:
            each.verified = each.verified is True
        return super().authenticate_by_email(sociallogin)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take up a waiting invitation whose address the provider has proved.

        An account there is never tied to an officer here: a thief who had the officer's browser
        signed in at the provider as himself could else tie his own.
        """
        if sociallogin.state.get("process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        officer = sociallogin.user
        if isinstance(officer, Officer) and officer.pk and officer.accepted_at is None:
            try:
                sociallogin.user = actions.accept_through_provider(officer=officer)
            except Refused:
                return
