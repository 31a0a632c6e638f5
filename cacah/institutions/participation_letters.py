"""The pages of what is written: reminders to people, the weekly e-mail to coordinators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cacah.institutions import shown
from cacah.institutions.actions import letters
from cacah.institutions.listing import Listing, listing
from cacah.institutions.models import DigestRefusal, Institution, ReminderIntro
from cacah.institutions.people import FILTERS, LEFT, people
from cacah.institutions.reminders import Reminder, occasion, reminders
from cacah.institutions.seats import own_seat
from cacah.staff.actions import trace
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission
from cacah.staff.tables import Column, Table, download, downloads

ON_A_PAGE = 25
# Texts are written in these, whatever the language of the page.
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
# Of the filters of people, those that name somebody who is left.
STATES = ("left", *LEFT)


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
def institution_reminders(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a reminder for each who is left, or give all of them as a file for mail merge."""
    seat = own_seat(request, pk)
    problems: list[str] = []
    if request.method == "POST":
        try:
            intro = request.POST.get("intro", "")
            letters.write_intro(by=request.officer, institution=pk, text=intro)
        except ValidationError as problem:
            problems = problem.messages
        else:
            messages.success(request, _("Saved. It stands in every reminder below."))
            return redirect(request.get_full_path())
    asked = listing(request, seat)
    if "format" in request.GET:
        return download(table(pk, _written(request, asked)), request.GET["format"])
    return render(
        request, "institutions/reminders.html", _page(request, asked) | {"problems": problems}
    )


def _page(request: OfficeRequest, asked: Listing) -> dict[str, Any]:
    """Return one page of reminders, and what is around them."""
    state, institution = _state(asked), asked.seat.institution
    many = sum(getattr(asked.counts, each) for each in FILTERS[state])
    last = max(1, -(-many // ON_A_PAGE))
    page = shown.page_number(request, last=last)
    language = _language(request)
    links = shown.state_links(request, asked.counts, state)
    return {
        "seat": asked.seat,
        "institution": institution,
        "crumbs": shown.crumbs([institution], seen=[institution.pk]),
        "reminders": _written(request, asked, offset=(page - 1) * ON_A_PAGE, most=ON_A_PAGE),
        "states": [link for link in links if link.key in STATES],
        "intro": request.POST.get("intro") or _intro(institution.pk),
        "inherited": occasion(institution).intro,
        "longest": letters.LONGEST_INTRO,
        "languages": [(code, name, code == language) for code, name in LANGUAGES.items()],
        "language": language,
        "pages": shown.pages(request, page, last=last),
        "downloads": downloads(request),
        "state": state,
        "units": asked.choices(),
        "unit": asked.unit.pk,
    }


def _written(request: OfficeRequest, asked: Listing, **part: Any) -> list[Reminder]:
    """Return the reminders that are asked for, and keep the trace of their names."""
    found = list(people(asked.institutions, states=FILTERS[_state(asked)], **part))
    with override(_language(request)):
        made = list(reminders(found, occasion(asked.unit)))
    _trace(request, asked.unit, len(made))
    return made


def _state(asked: Listing) -> str:
    return asked.state if asked.state in STATES else "left"


def table(pk: int, made: list[Reminder]) -> Table:
    """Return reminders for mail merge: one line a person."""
    columns = (
        Column("name", _("Name")),
        Column("subject", _("Subject")),
        Column("text", _("Text")),
    )
    return Table(f"reminders-{pk}", columns, [(r.name, r.subject, r.text) for r in made])


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_ROSTER)
def digest_wish(request: OfficeRequest) -> HttpResponse:
    """Let a coordinator stop the weekly e-mail, or have it again."""
    if request.method == "POST":
        wanted = request.POST.get("mau") == "1"
        letters.want_digest(by=request.officer, wanted=wanted)
        said = (
            _("You get the weekly e-mail.") if wanted else _("You get no weekly e-mail any more.")
        )
        messages.success(request, said)
        return redirect("institutions-digest")
    refused = DigestRefusal.objects.filter(officer=request.officer).exists()
    return render(request, "institutions/digest.html", {"refused": refused})


def _language(request: OfficeRequest) -> str:
    asked = request.GET.get("bahasa", "")
    return asked if asked in LANGUAGES else (get_language() or "id")


def _intro(pk: int) -> str:
    return ReminderIntro.objects.filter(pk=pk).values_list("text", flat=True).first() or ""


def _trace(request: OfficeRequest, of: Institution, many: int) -> None:
    trace(
        by=request.officer,
        verb="institutions.reminders_read",
        subject=of.pk,
        area=of.area_id or "",
        details={"people": many},
        request=request,
    )
