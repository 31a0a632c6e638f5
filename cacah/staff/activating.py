"""Setting up the authenticator app: the code that shows it works is used up by that."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.db import transaction
from django.http import HttpResponse

from cacah.staff.codes import use_up


class ActivateApp(ActivateTOTPView):
    """Theirs would take the same code again at the next sign-in, as long as it is valid."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        use_up(app, form.cleaned_data["code"])
        return response


activate_app = ActivateApp.as_view()
