"""Takes one handing out, now or reported later, and says in words what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cacah.collection import guesses, receipts
from cacah.collection import queries as collected
from cacah.institutions.receipts import Refused, count_wrong, read
from cacah.outreach import seats
from cacah.outreach.actions.handing import (
    Giving,
    HadOne,
    NoneLeft,
    NoReceipt,
    NotForThem,
    hand_out,
    report,
)
from cacah.outreach.models import Handout, Item, SouvenirRule
from cacah.outreach.queries.souvenirs import events_seen, places_seen
from cacah.staff import numerals
from cacah.staff.door import OfficeRequest

Answer = dict[str, str]


def take(request: OfficeRequest, one: dict[str, Any]) -> Answer:
    """Hand out `one`, or take the report of it; `outcome` is given, known, double or refused.

    `one`: receipt, tempat, barang and acara (ids), and, where it waited for a signal, `at` (when,
    ISO 8601). What is refused is worth no second try.
    """
    giving = _giving(request, one)
    if giving is None:
        return _refused(_("Choose the place and the souvenir again: they have changed."))
    try:
        digest = receipts.number_digest(read(str(one.get("receipt", ""))))
        at = _moment(one.get("at"))
        if at is not None:
            return _reported(giving, digest, at)
        return _handed_out(giving, digest)
    except Refused as refused:
        return _refused(_words(refused))


def _giving(request: OfficeRequest, one: dict[str, Any]) -> Giving | None:
    ids = {name: _number(one.get(name)) for name in ("tempat", "barang", "acara")}
    place = places_seen(seats.sight(request)).filter(pk=ids["tempat"]).first()
    item = Item.objects.filter(pk=ids["barang"]).first()
    if place is None or item is None:
        return None
    giving = Giving(request.officer, place.pk, item.pk)
    if not ids["acara"]:
        return giving
    event = events_seen(seats.sight(request)).filter(pk=ids["acara"]).first()
    return replace(giving, event=event) if event else None


def _handed_out(giving: Giving, digest: bytes) -> Answer:
    now = datetime.now(UTC)
    key = guesses.handed_in_key(giving.by.pk)
    if wait := collected.failures(key, now=now).wait(guesses.HANDED_IN, now):
        raise Refused("slow", wait)
    try:
        hand_out(giving, digest)
    except NoReceipt:
        count_wrong(key, now)
        raise Refused("unknown") from None
    except HadOne as had:
        return _refused(
            _("This family has had one: %(when)s.") % {"when": _when_and_where(had.first)}
        )
    except NotForThem as left_out:
        return _refused(_why_not(left_out.rule))
    except NoneLeft:
        return _refused(_("By the stock none is left here. Count what lies here, then go on."))
    return {"outcome": "given", "words": _("Hand it over.")}


def _reported(giving: Giving, digest: bytes, at: datetime) -> Answer:
    told = report(giving, digest, at)
    if told.outcome != "double":
        return {"outcome": told.outcome, "words": _("Noted.")}
    had = _("This family has had two; the one that counts: %(when)s.")
    return {"outcome": "double", "words": had % {"when": _when_and_where(told.handout)}}


def _when_and_where(first: Handout) -> str:
    told = {
        "item": first.item.kind,
        "when": numerals.moment(first.handed_at),
        "place": first.event.title if first.event else first.place.name,
    }
    return _("%(item)s, %(when)s, %(place)s") % told


def _why_not(rule: SouvenirRule) -> str:
    if rule.first is not None and rule.event.handouts.count() >= rule.first:
        return ngettext(
            "At this event only the first family gets one; it has been handed out.",
            "At this event only the first %(n)s families get one; all have been handed out.",
            rule.first,
        ) % {"n": numerals.count(rule.first)}
    return _("At this event only people of %(institution)s get one.") % {
        "institution": rule.people_of and rule.people_of.name
    }


def _words(refused: Refused) -> str:
    words = {
        "number": _("This is no receipt number. Check each symbol, or scan the code."),
        "signature": _("This code is not genuine, or it was not read whole."),
        "unknown": _("There is no receipt with this number."),
    }
    if refused.code in words:
        return words[refused.code]
    minutes = max(1, -(-refused.wait // 60))
    return ngettext(
        "Too many numbers were wrong. Try again in %(n)d minute.",
        "Too many numbers were wrong. Try again in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}


def _refused(words: str) -> Answer:
    return {"outcome": "refused", "words": words}


def _number(value: Any) -> int:
    """Return an id that a page named, 0 for none."""
    text = str(value or "")
    return seats.known_id(int(text)) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _moment(value: Any) -> datetime | None:
    """Return when something happened offline, None where it happens now."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused("number") from None
    sensible = 2000 <= found.year <= 2999 and found.tzinfo is not None
    return found.astimezone(UTC) if sensible else datetime.now(UTC)
