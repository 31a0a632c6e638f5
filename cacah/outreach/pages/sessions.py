"""The guide's side of a session: open one, show its code, see the board, help a seat."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cacah.institutions.seats import whole_number
from cacah.outreach import seats
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.forms import AreaForm, code_of
from cacah.outreach.models import GuidedSession, SeatReason
from cacah.outreach.pages.session_board import whole_board
from cacah.outreach.queries import sessions as asked
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

MOST_LISTED = 200


class SessionForm(AreaForm):
    """A session of its own, or one of a visit, which then says where."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    permission = Permission.RUN_OUTREACH
    field_order = ("title", "area", "expected")
    expected = forms.IntegerField(
        label=gettext_lazy("How many people are expected"),
        required=False,
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "short"}),
    )

    def __init__(self, *args: Any, has_visit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_visit:
            del self.fields["area"]


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def sessions(request: OfficeRequest) -> HttpResponse:
    """List the sessions of the officer's areas, and open one: `?kunjungan=` for a visit."""
    asked_visit = request.GET.get("kunjungan", "")
    visit = seats.visit(request, pk) if (pk := whole_number(asked_visit)) else None
    own = request.scope.areas(Permission.RUN_OUTREACH)[0]
    first = {"title": visit.title} if visit else {"area": code_of(own)}
    form = SessionForm(
        request.POST or None, scope=request.scope, has_visit=visit is not None, initial=first
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.open_session(
                by=request.officer, new=GuidedSession(visit=visit, **form.cleaned_data)
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("outreach-session", made.pk)
    now = datetime.now(UTC)
    found = asked.sessions_of(seats.sight(request).sessions())
    rows = [(one, asked.is_open(one, now)) for one in found[:MOST_LISTED]]
    context = {"rows": rows, "form": form, "visit": visit, "opens": bool(visit or form.errors)}
    return render(request, "outreach/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.RUN_OUTREACH)
def session(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the board of a session; send hints, note who could not finish, end it."""
    found = seats.session(request, pk)
    if request.method == "POST":
        doing = request.POST.get("lakukan", "")
        if doing not in DOINGS:
            raise Http404
        try:
            DOINGS[doing](request, found)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        return redirect("outreach-session", pk)
    chosen = request.GET.get("nomor", "")
    seat = found.seats.filter(number=int(chosen[:6])).first() if chosen.isdecimal() else None
    context = whole_board(found) | {
        "seat": seat,
        "reasons": SeatReason.choices,
        "plans": seats.plans(request, found.area_id),
        "address": _address(found),
        "code": segno.make_qr(_address(found), error="m").svg_data_uri(scale=8, border=2),
    }
    return render(request, "outreach/session.html", context)


@require_safe
@office(Permission.RUN_OUTREACH)
def screen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a hall how to join: code, QR and address, large."""
    found = seats.session(request, pk)
    code = segno.make_qr(_address(found), error="m").svg_data_uri(scale=16, border=2)
    context = {"session": found, "address": _address(found), "code": code}
    return render(request, "outreach/session_screen.html", context)


def _address(found: GuidedSession) -> str:
    here: str = settings.CACAH_PUBLIC_URL.rstrip("/")
    # A laptop has one session, and leads to it whoever types no more than this.
    return here if settings.CACAH_PACK else here + reverse("join", args=[found.code])


def _number(request: OfficeRequest, found: GuidedSession) -> int:
    text = request.POST.get("nomor", "")
    if not (text.isdecimal() and found.seats.filter(number=int(text[:6])).exists()):
        raise Http404
    return int(text[:6])


def _hint(request: OfficeRequest, found: GuidedSession) -> None:
    number = _number(request, found)
    text = request.POST.get("text", "")
    verbs.hint(by=request.officer, session=found.pk, number=number, text=text)
    messages.success(request, _("Number %(n)d sees it in a few seconds.") % {"n": number})


def _not_finished(request: OfficeRequest, found: GuidedSession) -> None:
    number = _number(request, found)
    reason = request.POST.get("reason", "")
    if reason not in SeatReason.values:
        raise ValidationError(_("Choose why."))
    made = verbs.could_not_finish(
        by=request.officer,
        session=found.pk,
        number=number,
        reason=SeatReason(reason),
        visit_again="lagi" in request.POST,
    )
    messages.success(request, _("Noted, and a follow-up visit waits.") if made else _("Noted."))


def _close(request: OfficeRequest, found: GuidedSession) -> None:
    verbs.close_session(by=request.officer, session=found.pk)
    messages.success(request, _("The session is over. Who still fills in can finish."))


DOINGS = {"petunjuk": _hint, "tidak_selesai": _not_finished, "tutup": _close}
