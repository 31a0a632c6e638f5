"""The help desk's two pages: whom to look up, and where the family stands."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cacah.areas.codes import dotted
from cacah.areas.queries import full_name
from cacah.helpdesk import actions, calls, telling
from cacah.helpdesk.forms import CardForm, ReferenceForm, VisitForm
from cacah.registry.keys import is_unlisted
from cacah.registry.queries import NoCensus, census
from cacah.staff.door import OfficeRequest, office
from cacah.staff.numerals import moment
from cacah.staff.roles import Permission


@sensitive_post_parameters("nik", "kk", "reference")
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.SEE_PERSONS)
def desk(request: OfficeRequest) -> HttpResponse:
    """Look a caller's family up by both numbers, or by the reference number of an unlisted one."""
    by_reference = "reference" in request.POST
    asked = request.POST or None
    card = CardForm(None if by_reference else asked)
    reference = ReferenceForm(asked if by_reference else None)
    form = reference if by_reference else card
    context = {"card": card, "reference": reference, "is_over": "selesai" in request.GET}
    if form.is_valid():
        try:
            found = _look_up(request, form)
        except actions.SlowDown as slow:
            context["wait"] = -(-slow.wait // 60)
        else:
            if found is not None:
                return redirect("helpdesk-family", calls.begin(request.officer, found))
            context["not_found"] = telling.when_not_found()
    return render(request, "helpdesk/desk.html", context)


def _look_up(request: OfficeRequest, form: CardForm | ReferenceForm) -> int | None:
    find = actions.find_by_card if isinstance(form, CardForm) else actions.find_by_reference
    return find(by=request.officer, request=request, **form.cleaned_data)


@sensitive_post_parameters("contact", "note")
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.SEE_PERSONS)
def family(request: OfficeRequest, call: str) -> HttpResponse:
    """Show where the family of this call stands; note that it wants to be visited."""
    try:
        household_id = calls.household_of(call, request.officer)
    except calls.Over:
        return redirect(f"{reverse('helpdesk')}?selesai=1")
    if household_id is None:
        raise Http404
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not actions.note_visit(
            by=request.officer,
            household_id=household_id,
            reason=form.cleaned_data["reason"],
            words=form.words(),
            request=request,
        ):
            raise Http404
        return redirect("helpdesk-family", call)
    return _page(request, household_id, form)


def _page(request: OfficeRequest, household_id: int, form: VisitForm) -> HttpResponse:
    shown = actions.read(by=request.officer, household_id=household_id, request=request)
    if shown is None:
        raise Http404
    known = shown.known
    try:
        told = telling.told(known, census())
    except NoCensus:
        raise Http404 from None
    visit = known.visit
    context = {
        "known": known,
        "is_unlisted": is_unlisted(known.household_id),
        "names": shown.names,
        "told": told,
        "area": full_name(known.area),
        "code": dotted(known.area),
        "visit": visit and (moment(visit.at), telling.REASONS[visit.reason]),
        "may_ask": telling.may_ask_for_a_visit(known),
        "form": form,
    }
    return render(request, "helpdesk/family.html", context)
