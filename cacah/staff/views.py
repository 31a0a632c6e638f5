"""Pages about officers: the list, one officer, inviting, and taking up an invitation."""

from __future__ import annotations

import re
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cacah.areas.codes import dotted
from cacah.areas.models import Area
from cacah.staff import actions, invitations, listing, queries, ranks
from cacah.staff.appointing import Appointment, Refused, problems
from cacah.staff.door import OfficeRequest, has_second_factor, office
from cacah.staff.forms import (
    AcceptanceForm,
    AppointmentForm,
    EmailForm,
    FiltersForm,
    InvitationForm,
)
from cacah.staff.handing import send_link, shown_once
from cacah.staff.models import Grant, Officer
from cacah.staff.places import Place, place_of
from cacah.staff.roles import Permission, Role
from cacah.staff.scope import Scope
from cacah.staff.tables import downloads
from cacah.staff.taking import traced_download

PER_PAGE = 50
MOST_OFFERED = 700
NUMBER = re.compile(r"[0-9]{1,18}")


@require_safe
@office(Permission.INVITE)
def officers(request: OfficeRequest) -> HttpResponseBase:
    """List the officers below oneself; filters stand in the URL."""
    filters = FiltersForm(request.GET)
    filters.is_valid()  # what cannot be, filters nothing
    found = listing.officers(request.scope, filters.cleaned_data)
    if "format" in request.GET:
        table = listing.table(listing.rows(request.scope, found))
        return traced_download(request, "staff.officers_exported", table)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filters": filters,
        "page": page,
        "rows": listing.rows(request.scope, found[page.start_index() - 1 : page.end_index()])
        if page.paginator.count
        else [],
        "query": query.urlencode(),
        "downloads": downloads(request),
    }
    return render(request, "staff/officers.html", context)


def _officer(request: OfficeRequest, pk: int) -> Officer:
    """Return an officer below oneself; raises Http404 for any other, as for none."""
    found = queries.officers_below(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@office(Permission.INVITE)
def officer(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an officer: what is held below oneself, and what may be done."""
    return _officer_page(request, _officer(request, pk))


def _officer_page(request: OfficeRequest, found: Officer, **more: Any) -> HttpResponse:
    (row,) = listing.rows(request.scope, Officer.objects.filter(pk=found.pk))
    context = {
        "row": row,
        "link": shown_once(request, found),
        "may_lift": ranks.may_lift(request.scope, found),
        "form": AppointmentForm(scope=request.scope),
        "email_form": EmailForm(),
        "areas": _offered_areas(request.scope),
        **more,
    }
    return render(request, "staff/officer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.INVITE)
def invite(request: OfficeRequest) -> HttpResponse:
    """Invite somebody to a role below one's own; `?institution=` is a coordinator's."""
    if request.method == "POST":
        form = InvitationForm(request.POST, scope=request.scope)
        if form.is_valid() and (made := _invited(request, form)):
            return redirect("officer", made.pk)
    else:
        form = InvitationForm(initial=request.GET.dict(), scope=request.scope)
    number = str(form["institution"].value() or "")
    place = _place(request.scope, int(number)) if NUMBER.fullmatch(number) else None
    if number and place is None:
        raise Http404
    context = {"form": form, "place": place, "areas": _offered_areas(request.scope)}
    return render(request, "staff/invite.html", context)


def _place(scope: Scope, institution: int) -> Place | None:
    """Return an institution for which one may invite, else None."""
    wanted = Appointment(Role.COORDINATOR, institution=institution)
    return None if problems(wanted, scope, timezone.localdate()) else place_of(institution)


def _invited(request: OfficeRequest, form: InvitationForm) -> Officer | None:
    """Invite and send the link, or tell the form why not."""
    told = form.cleaned_data
    try:
        made, _ = actions.invite(
            by=request.officer,
            email=told["email"],
            name=told["name"],
            phone=told["phone"],
            appointment=form.appointment(),
        )
    except Refused as refused:
        form.tell(refused.problems)
        return None
    send_link(request, made)
    return made


def _offered_areas(scope: Scope) -> list[tuple[str, str]]:
    """Return (code, name) of the areas to choose from, down to districts where they are few."""
    offered: list[tuple[str, str]] = []
    for code in scope.areas(Permission.INVITE):
        within = Area.objects.filter(code__startswith=code, level__lte=3 if code else 2)
        offered += within.order_by("code").values_list("code", "name")[:MOST_OFFERED]
    return [(dotted(code), name) for code, name in offered]


@require_POST
@office(Permission.INVITE)
def grant(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give an officer whom one sees another role."""
    found = _officer(request, pk)
    form = AppointmentForm(request.POST, scope=request.scope)
    if not form.is_valid():
        return _officer_page(request, found, form=form)
    try:
        made, _ = actions.invite(
            by=request.officer,
            email=found.email,
            name=found.name,
            appointment=form.appointment(),
        )
    except Refused as refused:
        form.tell(refused.problems)
        return _officer_page(request, found, form=form)
    send_link(request, made)
    return redirect("officer", pk)


@require_POST
@office(Permission.INVITE)
def suspend(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shut an officer out at once."""
    return _done(request, pk, actions.suspend)


@require_POST
@office(Permission.INVITE)
def reinstate(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let an officer in again; who never accepted needs a new link."""
    return _done(request, pk, actions.reinstate)


@require_POST
@office(Permission.INVITE)
def begin_again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Make a new link; password and second factor are void."""
    return _done(request, pk, actions.begin_again)


@require_POST
@office(Permission.INVITE)
def change_email(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let an officer begin again at another e-mail address."""
    found = _officer(request, pk)
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            made = actions.change_email(by=request.officer, officer=found, **form.cleaned_data)
        except Refused as refused:
            return _officer_page(request, found, email_form=form, refused=refused.problems)
        send_link(request, made)
        return redirect("officer", pk)
    return _officer_page(request, found, email_form=form)


def _done(request: OfficeRequest, pk: int, verb: Any) -> HttpResponse:
    found = _officer(request, pk)
    try:
        done = verb(by=request.officer, officer=found)
    except Refused as refused:
        return _officer_page(request, found, refused=refused.problems)
    send_link(request, done)
    return redirect("officer", pk)


@require_POST
@office(Permission.INVITE)
def revoke(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take one role back; a role that one could not have given is not found."""
    found: Grant | None = queries.grants_below(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    actions.revoke(by=request.officer, grant=found)
    return redirect("officer", found.officer_id)


def change_password(request: HttpRequest) -> HttpResponse:
    """Let an officer choose another password; who signs in through a provider has none."""
    if not request.user.has_usable_password():
        raise Http404
    response: HttpResponse = account.password_change(request)
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation: choose a password and be signed in. Opening alone changes nothing."""
    invited = invitations.invited(token)
    if invited is None:
        return render(request, "staff/invitation_void.html", status=410)
    form = AcceptanceForm(request.POST or None, officer=invited)
    if request.method == "POST" and form.is_valid():
        try:
            accepted = actions.accept(token=token, password=form.cleaned_data["password"])
        except Refused:
            return render(request, "staff/invitation_void.html", status=410)
        request.session.flush()  # whoever was signed in here before is no longer
        login(request, accepted)
        record_authentication(request, accepted, "password", reauthenticated=True)
        return redirect("mfa_index" if not has_second_factor(accepted) else "office")
    scope = queries.not_ended(timezone.localdate()).filter(officer=invited)
    today = timezone.localdate()
    lines = listing.lines(scope.select_related("area"), today)
    return render(request, "staff/accept.html", {"form": form, "invited": invited, "lines": lines})
