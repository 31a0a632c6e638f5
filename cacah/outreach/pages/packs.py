"""The packs of a session: prepare one for a laptop without a signal, take one back."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cacah.areas.codes import dotted, level_of
from cacah.areas.models import Level
from cacah.outreach import seats
from cacah.outreach.actions.packs import GOOD_FOR_DAYS, MOST_DAYS, prepare_pack, revoke_pack
from cacah.outreach.forms import AreaField
from cacah.outreach.models import GuidedSession, SessionPack
from cacah.outreach.packs.making import Wanted
from cacah.outreach.packs.passphrase import is_one_of_ours, new_passphrase
from cacah.outreach.queries.packs import packs_of
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope

MOST_AREAS = 40


class PackForm(forms.Form):
    """Whose families come along, and for how long."""

    areas = forms.CharField(
        label=gettext_lazy("Villages"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Their codes, as 53.71.01.1001, with a space between them."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Good for how many days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=GOOD_FOR_DAYS,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "short"}),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_areas(self) -> list[str]:
        """Return undotted codes, each of them the officer's."""
        typed = re.split(r"[\s,;]+", self.cleaned_data["areas"].strip())
        if len(typed) > MOST_AREAS:
            raise ValidationError(_("These are too many; give the district instead."))
        return [AreaField().area_in(text, self.scope).pk for text in typed if text]


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.PLAN_OUTREACH)
def packs(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """List a session's packs; make a new one in two steps, first its passphrase, then the file."""
    session = seats.session(request, pk)
    if not seats.plans(request, session.area_id):
        raise Http404
    doing = request.POST.get("lakukan", "")
    if doing == "tarik":
        return _take_back(request, session)
    asks = doing in ("siapkan", "unduh")
    form = PackForm(request.POST if asks else None, scope=request.scope, initial=_first(session))
    if asks and form.is_valid():
        try:
            if doing == "unduh":
                return _file(request, session, form)
            return _with_a_passphrase(request, session, form)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "outreach/packs.html", _shown(session) | {"form": form})


def _shown(session: GuidedSession) -> dict[str, Any]:
    return {"session": session, "packs": packs_of(session)}


def _first(session: GuidedSession) -> dict[str, str]:
    """Return what the form begins with: the session's own area, where that is small enough."""
    is_small = level_of(session.area_id) >= Level.DISTRICT
    return {"areas": dotted(session.area_id) if is_small and not session.institution_id else ""}


def _wanted(request: OfficeRequest, session: GuidedSession, form: PackForm) -> Wanted:
    within = request.scope.areas(Permission.PLAN_OUTREACH)
    return Wanted.of(session, form.cleaned_data["areas"], within)


def _with_a_passphrase(
    request: OfficeRequest, session: GuidedSession, form: PackForm
) -> HttpResponse:
    """Show a fresh passphrase, which only this page knows, with the way to the file."""
    many = len(_wanted(request, session, form).households())
    context = _shown(session) | {"form": form, "many": many, "passphrase": new_passphrase()}
    return render(request, "outreach/pack_ready.html", context)


def _file(request: OfficeRequest, session: GuidedSession, form: PackForm) -> HttpResponseBase:
    """Give the pack as a file, under the passphrase that the page before has shown."""
    passphrase = request.POST.get("sandi", "")
    if not is_one_of_ours(passphrase):
        raise Http404
    file = BytesIO()
    facts = prepare_pack(
        by=request.officer,
        session=session,
        wanted=_wanted(request, session, form),
        days=form.cleaned_data["days"],
        passphrase=passphrase,
        file=file,
    )
    file.seek(0)
    name = f"sesi-{session.code}-{facts.serial}.cacah"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def _take_back(request: OfficeRequest, session: GuidedSession) -> HttpResponse:
    number = request.POST.get("paket", "")
    own = SessionPack.objects.filter(session=session).select_related("session")
    pack = own.filter(pk=int(number[:9])).first() if number.isdecimal() else None
    if pack is None:
        raise Http404
    if revoke_pack(by=request.officer, pack=pack):
        messages.success(request, _("Nothing is taken from this pack any more."))
    return redirect("outreach-packs", session.pk)
