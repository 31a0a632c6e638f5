"""What the staff room puts on an officer's home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cacah.staff import listing, numerals
from cacah.staff.home import Card
from cacah.staff.roles import Permission
from cacah.staff.scope import Scope


def cards(scope: Scope) -> list[Card]:
    """Return what is to be done about the officers below this scope."""
    if not scope.may(Permission.INVITE):
        return []
    waiting = listing.officers(scope, {"state": "invited"}).count()
    factorless = listing.officers(scope, {"state": "factorless"}).count()
    ending = listing.officers(scope, {"state": "ending"}).count()
    found = [
        _card(
            "invited",
            waiting,
            _("Invitations not accepted"),
            ngettext(
                "One officer has not opened the link yet.",
                "%(count)s officers have not opened their link yet.",
                waiting,
            ),
        ),
        _card(
            "factorless",
            factorless,
            _("Without a second factor"),
            ngettext(
                "One officer can sign in, but open no page before setting it up.",
                "%(count)s officers can sign in, but open no page before setting it up.",
                factorless,
            ),
        ),
        _card(
            "ending",
            ending,
            _("Roles that end soon"),
            ngettext(
                "One officer's role ends within two weeks.",
                "The roles of %(count)s officers end within two weeks.",
                ending,
            ),
        ),
    ]
    return [card for card in found if card] or [_all_is_well(scope)]


def _card(state: str, count: int, title: str, sentence: str) -> Card | None:
    if not count:
        return None
    url = f"{reverse('officers')}?state={state}"
    return Card(title, sentence % {"count": numerals.count(count)}, url, count, "todo")


def _all_is_well(scope: Scope) -> Card:
    count = listing.officers(scope, {}).count()
    sentence = _("All who were invited have signed in and have a second factor.")
    if not count:
        sentence = _("You have not invited anybody yet.")
    return Card(_("Officers"), sentence, reverse("officers"), count, "calm")
