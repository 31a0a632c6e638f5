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
from cacah.institutions.listing import listing
from cacah.institutions.models import DigestRefusal, ReminderIntro
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
    state = asked.state if asked.state in STATES else "left"
    states = FILTERS[state]
    many = sum(getattr(asked.counts, each) for each in states)
    last = max(1, -(-many // ON_A_PAGE))
    page = shown.page_number(request, last=last)
    language = _language(request)
    everything = "format" in request.GET
    found = people(
        asked.institutions,
        states=states,
        offset=0 if everything else (page - 1) * ON_A_PAGE,
        most=None if everything else ON_A_PAGE,
    )
    with override(language):
        made = list(reminders(list(found), occasion(asked.unit)))
    _trace(request, pk, len(made))
    if everything:
        return download(table(pk, made), request.GET["format"])
    context = {
        "seat": seat,
        "institution": seat.institution,
        "crumbs": shown.crumbs([seat.institution], seen=[pk]),
        "reminders": made,
        "many": many,
        "states": [
            link for link in shown.state_links(request, asked.counts, state) if link.key in STATES
        ],
        "intro": request.POST.get("intro") or _intro(pk),
        "inherited": occasion(seat.institution).intro,
        "problems": problems,
        "longest": letters.LONGEST_INTRO,
        "languages": [(code, name, code == language) for code, name in LANGUAGES.items()],
        "language": language,
        "pages": shown.pages(request, page, last=last),
        "downloads": downloads(request),
        "state": state,
        "units": asked.choices(),
        "unit": asked.unit.pk,
    }
    return render(request, "institutions/reminders.html", context)


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


def _trace(request: OfficeRequest, pk: int, many: int, **more: Any) -> None:
    trace(
        by=request.officer,
        verb="institutions.reminders_read",
        subject=pk,
        details={"people": many, **more},
        request=request,
    )
