"""Reminders for exactly those who have not taken part yet; nothing personal but the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.institutions.models import Institution, ReminderIntro, Standing
from cacah.institutions.people import LEFT, Listed
from cacah.registry.queries import NoCensus, census
from cacah.staff.numerals import day


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is written to one person, as plain text."""

    entry: int
    name: str
    state: str
    subject: str
    text: str

    @property
    def whatsapp(self) -> str:
        """Return the link that opens WhatsApp with the text; to whom, is chosen there."""
        return f"https://wa.me/?{urlencode({'text': self.text}, quote_via=quote)}"

    @property
    def email(self) -> str:
        """Return the link that opens a letter without an address."""
        return f"mailto:?{urlencode({'subject': self.subject, 'body': self.text}, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all reminders of one institution say: which census, until when, where, and the intro."""

    census: str
    last_day: str
    address: str
    intro: str


def occasion(institution: Institution) -> Occasion:
    """Return it, with the intro of the institution or of the nearest one above that has one."""
    ids = [int(part) for part in institution.path.strip("/").split("/")]
    intros = dict(ReminderIntro.objects.filter(pk__in=ids).values_list("pk", "text"))
    intro = next((intros[pk] for pk in reversed(ids) if pk in intros), "")
    try:
        known = census()
    except NoCensus:
        return Occasion(_("the census"), "", settings.CACAH_PUBLIC_URL, intro)
    # It closes at the first minute of the day after.
    last = timezone.localtime(known.closes_at - timedelta(seconds=1)).date()
    return Occasion(known.name, day(last), settings.CACAH_PUBLIC_URL, intro)


def reminders(people: Sequence[Listed], of: Occasion) -> Iterator[Reminder]:
    """Yield a reminder for each who has not taken part; to others nothing is written."""
    for each in people:
        if each.state in LEFT:
            yield Reminder(each.entry, each.name, each.state, subject(of), text(each, of))


def subject(of: Occasion) -> str:
    return _("Please take part: %(census)s") % {"census": of.census}


def text(each: Listed, of: Occasion) -> str:
    """Return the letter to a person, in the language that is active."""
    parts = [
        _("Dear %(name)s,") % {"name": each.name},
        of.intro,
        _ask(each) % {"census": of.census},
        _how(of),
        _(
            "Your answers are secret. Your institution sees whether you have taken part, never "
            "what you answered."
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def advice(each: Listed) -> str:
    """Return what a coordinator can do for a person who was not found."""
    if each.state != Standing.NOT_FOUND or each.by_receipt:
        return ""
    return _(
        "Nobody with this NIK is in the register, and no family that answered has named it. "
        "Compare the NIK with the identity card. If it is right, the family can still answer as "
        "one that is not listed; if it has answered, its receipt can be handed in here."
    )


def _ask(each: Listed) -> str:
    if each.by_receipt:
        return _(
            "for the %(census)s we are still waiting for your receipt. If your family has not "
            "answered yet, please do so, and then hand in the receipt number."
        )
    if each.state == Standing.OPENED:
        return _(
            "your family has begun the %(census)s, but its answers have not been sent yet. Please "
            "go on where you stopped, and send them."
        )
    if each.state == Standing.NOT_FOUND:
        return _(
            "we could not find you in the %(census)s with the NIK that we have. Please compare it "
            "with us. If your family has answered already, hand in its receipt number. If it is "
            "not in the register, the form tells you how to be counted all the same."
        )
    return _("you have not yet taken part in the %(census)s. Please answer for your family.")


def _how(of: Occasion) -> str:
    said = {"address": of.address, "day": of.last_day}
    if not of.last_day:
        return _("Address: %(address)s. Have your family card at hand.") % said
    return _("Address: %(address)s, until %(day)s. Have your family card at hand.") % said
