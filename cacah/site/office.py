"""The office's home page: what needs doing, gathered from the rooms."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cacah.helpdesk.cards import cards as of_helpdesk
from cacah.institutions.cards import cards as of_institutions
from cacah.monitoring.cards import cards as of_monitoring
from cacah.outreach.cards import cards as of_outreach
from cacah.staff.cards import cards as of_staff
from cacah.staff.door import OfficeRequest
from cacah.staff.door import office as only_officers
from cacah.staff.home import Card
from cacah.staff.scope import Scope

CARDS: tuple[Callable[[Scope], list[Card]], ...] = (
    of_helpdesk,
    of_institutions,
    of_outreach,
    of_monitoring,
    of_staff,
)


@require_safe
@only_officers(None)
def home(request: OfficeRequest) -> HttpResponse:
    """Show an officer's cards: first what needs doing, then what is calm."""
    cards = [card for room in CARDS for card in room(request.scope)]
    cards.sort(key=lambda card: card.tone != "todo")
    return render(request, "office.html", {"cards": cards})
