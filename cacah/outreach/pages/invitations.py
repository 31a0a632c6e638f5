"""The coordinator's side of invitations: links and posters for an institution and its people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from cacah.institutions import shown
from cacah.institutions.models import Institution
from cacah.institutions.people import FILTERS, ON_A_PAGE, Listed, people
from cacah.institutions.seats import Seat, own_seat, whole_number
from cacah.outreach.actions import invitations as verbs
from cacah.outreach.models import Invitation
from cacah.outreach.pages.posters import Poster, pdf
from cacah.outreach.queries import invitations as asked
from cacah.outreach.seats import known_id
from cacah.registry.queries import NoCensus, census
from cacah.staff import numerals
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.tables import Column, Table, download, downloads
from cacah.staff.work.actions import cancel
from cacah.staff.work.queries import open_job

# Longer files nobody prints at once.
POSTERS_IN_A_FILE = 100


@require_safe
@office(Permission.MANAGE_ROSTER)
def choose(request: OfficeRequest) -> HttpResponse:
    """Lead to the officer's own institution; show them where there are several."""
    own = request.scope.institutions(Permission.MANAGE_ROSTER)
    found = list(Institution.objects.filter(pk__in=own, closed_at=None).order_by("name"))
    if len(found) == 1:
        return redirect("outreach-invitations", found[0].pk)
    return render(request, "outreach/inviting.html", {"institutions": found})


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
def invitations(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an institution's links and what came of them; make them for its people."""
    seat = own_seat(request, known_id(pk))
    units = [each.pk for each in seat.units()]
    if request.method == "POST":
        _make(request, seat, units)
        return redirect("outreach-invitations", pk)
    if "format" in request.GET:
        return download(_table(request, seat, units), request.GET["format"])
    return render(request, "outreach/invitations.html", _page(request, seat, units))


def _make(request: OfficeRequest, seat: Seat, units: Sequence[int]) -> None:
    """Make the institution's link, or those of its people, as the form says."""
    doing, by = request.POST.get("lakukan", ""), request.officer
    if doing == "lembaga":
        verbs.invite(by=by, institution=seat.institution)
    elif doing == "orang":
        many = verbs.ask_for_links(by=by, institution=seat.institution, units=units)
        words = _("Links made: %(many)s. Who had one keeps it.")
        if many is not None:
            messages.success(request, words % {"many": numerals.count(many)})
    elif doing == "hentikan":
        if job := open_job(verbs.JOB, institution_id=seat.institution.pk):
            cancel(job_id=job.id, by=by)
    else:
        raise Http404


@require_safe
@office(Permission.MANAGE_ROSTER)
def making(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say how far the job is that makes links; an open page asks, and loads anew at the end."""
    seat = own_seat(request, known_id(pk))
    job = open_job(verbs.JOB, institution_id=seat.institution.pk)
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "outreach/making_links.html", {"job": job})


@require_safe
@office(Permission.MANAGE_ROSTER)
def posters(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give posters to print: the institution's, or with `?bagian=` those of a hundred people."""
    seat = own_seat(request, known_id(pk))
    part = whole_number(request.GET.get("bagian", ""))
    if part:
        made = _posters(request, seat, part)
    else:
        own = asked.own(seat.institution)
        made = [Poster(address(own), seat.institution.name)] if own else []
    if not made:
        raise Http404
    response = HttpResponse(pdf(made, _census()), content_type="application/pdf")
    name = f"invitation-{pk}{f'-{part}' if part else ''}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["Cache-Control"] = "private, no-store"
    return response


def address(invitation: Invitation) -> str:
    """Return the link to share."""
    return settings.CACAH_PUBLIC_URL.rstrip("/") + reverse("invited", args=[invitation.code])


def in_words(families: int) -> str:
    """Return a number of families that is told in fives."""
    if not families:
        return _("fewer than %(n)s") % {"n": asked.STEP}
    return _("at least %(n)s") % {"n": numerals.count(families)}


def _page(request: OfficeRequest, seat: Seat, units: Sequence[int]) -> dict[str, Any]:
    own = asked.own(seat.institution)
    many = asked.people_on(units)
    of_people = asked.of_people(units)
    made = of_people.count()
    last = max(1, -(-many // ON_A_PAGE))
    page = shown.page_number(request, last=last)
    names = {each.pk: each.name for each in seat.units()}
    on_it = _people(request, seat, units, offset=(page - 1) * ON_A_PAGE, most=ON_A_PAGE)
    return {
        "institution": seat.institution,
        "own": own,
        "address": address(own) if own else "",
        "families": in_words(asked.families_of_each([own.code])[own.code]) if own else "",
        "through_people": in_words(asked.families(of_people)),
        "rows": [(each, names[each.institution], *rest) for each, *rest in _reached(on_it)],
        "many": many,
        "made": made,
        "missing": many - made,
        "job": open_job(verbs.JOB, institution_id=seat.institution.pk),
        "parts": _parts(many) if made else [],
        "pages": shown.pages(request, page, last=last),
        "downloads": downloads(request),
    }


def _parts(many: int) -> list[tuple[int, str]]:
    firsts = range(1, many + 1, POSTERS_IN_A_FILE)
    return [
        (n, f"{numerals.count(i)}–{numerals.count(min(i + POSTERS_IN_A_FILE - 1, many))}")
        for n, i in enumerate(firsts, 1)
    ]


def _people(request: OfficeRequest, seat: Seat, units: Sequence[int], **part: int) -> list[Listed]:
    """Return people of the roster, and keep the trace of their names."""
    found = list(people(units, states=FILTERS[""], **part))
    trace(
        by=request.officer,
        verb="outreach.invitations_read",
        subject=seat.institution.pk,
        area=seat.institution.area_id or "",
        details={"people": len(found)},
        request=request,
    )
    return found


def _reached(found: Sequence[Listed]) -> list[tuple[Listed, str, int | None, str]]:
    """Return people, each with the link, how often it was opened and families in words."""
    links = asked.of_entries([each.entry for each in found])
    counted = asked.families_of_each([link.code for link in links.values()])
    rows: list[tuple[Listed, str, int | None, str]] = []
    for each in found:
        link = links.get(each.entry)
        if link is None:
            rows.append((each, "", None, ""))
        else:
            rows.append((each, address(link), link.opened, in_words(counted[link.code])))
    return rows


def _table(request: OfficeRequest, seat: Seat, units: Sequence[int]) -> Table:
    names = {each.pk: each.name for each in seat.units()}
    rows = _reached(_people(request, seat, units))
    return Table(
        f"invitations-{seat.institution.pk}",
        (
            Column("name", _("Name")),
            Column("unit", _("Unit")),
            Column("link", _("Link")),
            Column("opened", pgettext("a link", "Opened"), "count"),
            Column("families", _("Families that answered, told in fives")),
        ),
        [(each.name, names[each.institution], *rest) for each, *rest in rows],
        title=seat.institution.name,
    )


def _posters(request: OfficeRequest, seat: Seat, part: int) -> list[Poster]:
    units = [each.pk for each in seat.units()]
    start = min(part - 1, 100_000) * POSTERS_IN_A_FILE
    found = _people(request, seat, units, offset=start, most=POSTERS_IN_A_FILE)
    return [Poster(link, holder=each.name) for each, link, *_rest in _reached(found) if link]


def _census() -> str:
    try:
        return census().name
    except NoCensus:
        return _("Population census")
