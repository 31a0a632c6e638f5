"""How django-allauth signs officers in: nobody signs up, links carry the public address."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def public_address(path: str) -> str:
    """Return the absolute address of a path; the request's Host header has no say."""
    return settings.CACAH_PUBLIC_URL.rstrip("/") + path


class Accounts(DefaultAccountAdapter):
    """Sign-in by e-mail and password, for invited officers alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactors(DefaultMFAAdapter):
    """Second factors; their secrets lie encrypted under a key derived from the server's."""

    def _sealer(self) -> Fernet:
        derived = HKDF(SHA256(), 32, None, b"second factor").derive(settings.SECRET_KEY.encode())
        return Fernet(urlsafe_b64encode(derived))

    def encrypt(self, text: str) -> str:
        return self._sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._sealer().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return urlsplit(settings.CACAH_PUBLIC_URL).hostname or "cacah"

    def get_totp_issuer(self) -> str:
        return _("Census office")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": self._get_site_name(), "name": _("Census office")}


class OpenIdAccounts(DefaultSocialAccountAdapter):
    """Sign-in through the government's own service, for invited officers alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
