"""What the institutions room puts on an officer's home page."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.institutions.managing.reach import refused_turnovers
from cacah.institutions.models import Institution, Participation, RosterEntry
from cacah.institutions.queries import STATES, league, participation
from cacah.staff import numerals
from cacah.staff.home import Card
from cacah.staff.queries import grants_on
from cacah.staff.roles import Permission, Role
from cacah.staff.scope import Scope

# Fewer are an ordinary month's mistakes.
_RESTLESS = 50


def cards(scope: Scope) -> list[Card]:
    """Return who is left in the officer's own institutions, and which in the area lack somebody."""
    roots = scope.institutions(Permission.MANAGE_ROSTER)
    own = Institution.objects.filter(pk__in=roots, closed_at=None).order_by("name")
    found = [card for each in own for card in _own(each)]
    areas = scope.areas(Permission.SEE_INSTITUTIONS)
    return found + _refused(scope) + (_above(areas) if areas else [])


def _refused(scope: Scope) -> list[Card]:
    """Return a card for each institution whose coordinators were refused to take people off."""
    return [
        Card(
            _("Too many people came and left"),
            _(
                "%(name)s: a coordinator wanted to take off people who had only just come onto the "
                "roster. Ask why, then allow it or not."
            )
            % {"name": each.institution.name},
            reverse("institution-turnover", args=[each.pk]),
            each.refused_people,
            "todo",
        )
        for each in refused_turnovers(scope)
    ]


def _own(institution: Institution) -> list[Card]:
    """Return a coordinator's cards."""
    counts = participation(institution.pk)
    url = reverse("institution", args=[institution.pk])
    if not counts.people:
        sentence = _("%(name)s: no roster has been uploaded yet.") % {"name": institution.name}
        return [Card(_("Upload the roster"), sentence, url, None, "todo")]
    said = {
        "name": institution.name,
        "complete": numerals.count(counts.complete),
        "asked": numerals.count(counts.asked),
        "percent": numerals.percent(counts.percent),
    }
    sentence = _("%(name)s: %(complete)s of %(asked)s people are complete (%(percent)s).") % said
    left = counts.asked - counts.complete
    if not left:
        return [Card(_("Everybody is complete"), sentence, url)]
    made = [
        Card(_("People not yet complete"), sentence, f"{url}?keadaan=left#people", left, "todo")
    ]
    if counts.not_found:
        sentence = _("%(name)s: nobody with their NIK is in the register.") % said
        url = f"{url}?keadaan=not_found#people"
        made.append(Card(_("People not found"), sentence, url, counts.not_found, "todo"))
    return made


def _above(areas: tuple[str, ...]) -> list[Card]:
    """Return an area officer's cards: institutions on top there, without coordinator or roster."""
    tops = {each.institution: each for area in areas for each in league(area=area)}
    grants = grants_on(timezone.localdate()).filter(
        role=Role.COORDINATOR, officer__suspended_at=None
    )
    led = set(grants.values_list("institution", flat=True))
    alone = sum(
        not led.intersection(map(int, each.path.split("/")[1:-1])) for each in tops.values()
    )
    empty = sum(not each.people for each in tops.values())
    url = reverse("institutions")
    made = _restless(areas, url)
    if alone:
        sentence = _("Nobody looks after their rosters. Invite somebody for each of them.")
        made.append(Card(_("Institutions without a coordinator"), sentence, url, alone, "todo"))
    if empty:
        sentence = _("Their coordinators have uploaded no roster yet.")
        url = f"{url}?urut=people"
        made.append(Card(_("Institutions without a roster"), sentence, url, empty, "todo"))
    return made


def _restless(areas: tuple[str, ...], url: str) -> list[Card]:
    """Return a card where people come onto rosters and leave them again.

    Whoever puts a stranger's NIK on a roster sees how far that person is: docs/institutions.md.
    """
    since = timezone.now() - timedelta(days=30)
    gone = RosterEntry.objects.filter(removed_at__isnull=False, added_at__gte=since)
    many = dict(gone.values_list("institution").annotate(Count("pk")))
    wanted = [pk for pk, people in many.items() if people >= _RESTLESS]
    found = Institution.objects.filter(pk__in=wanted, closed_at=None).select_related(
        "participation"
    )
    restless = sum(
        any((each.area_id or "").startswith(area) for area in areas)
        and many[each.pk] > _on_it(each.participation)
        for each in found
    )
    sentence = _(
        "In 30 days more people came and left than are on the roster. Ask the coordinator why; "
        "the audit trail shows who looked."
    )
    return [Card(_("Rosters that changed a lot"), sentence, url, restless, "todo")] * (restless > 0)


def _on_it(counts: Participation) -> int:
    return sum(getattr(counts, state) for state in STATES)
