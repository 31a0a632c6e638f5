"""Codes of the authenticator app: each is good once, whatever the clock does meanwhile."""

from __future__ import annotations

from allauth.mfa.base import forms


class AuthenticateForm(forms.AuthenticateForm):
    """The second step of sign-in."""


class ReauthenticateForm(forms.ReauthenticateForm):
    """The same code again, before something that matters."""
