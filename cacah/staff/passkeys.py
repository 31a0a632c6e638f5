"""Taking a passkey off, but never the last second factor."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.http import Http404, HttpResponse
from django.urls import reverse_lazy


class RemovePasskey(RemoveWebAuthnView):
    """Theirs asks for a fresh sign-in; ours keeps the last factor, without which no page opens."""

    def form_valid(self, form: object) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            raise Http404
        response: HttpResponse = super().form_valid(form)
        return response


remove_passkey = RemovePasskey.as_view(success_url=reverse_lazy("mfa_index"))
