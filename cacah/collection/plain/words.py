"""The plain form's sentences: the words of the browser's form, and the few that it has no use for.

`docs/plain.md` says why some differ: here nothing is kept on the device.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from cacah.collection.help_words import HELP_WORDS
from cacah.collection.more_words import MORE_WORDS
from cacah.collection.provisional_words import words_here
from cacah.collection.unlisted_words import UNLISTED_WORDS
from cacah.collection.words import WORDS

PLAIN_WORDS: dict[str, str] = {
    "problem.session-expired": _("It has been a while since you began"),
    "problem.session-invalid": _("We have to check your numbers again"),
    "problem.instrument-changed": _("The form has been renewed"),
    "problem.already-submitted": _("Your family has already answered"),
    "advice.renew": _(
        "Enter NIK and family card number once more. Your answers so far are still here."
    ),
    "problem.try-later": _("The census cannot be reached at the moment"),
    "advice.try-later": _(
        "Nothing has been sent. Your answers are still on this page: leave it open and try again "
        "in a few minutes."
    ),
    "problem.unexpected": _("Something went wrong on our side"),
    "advice.unexpected": _(
        "Nothing has been lost. Go back to the page before and try again in a few minutes."
    ),
    "problem.too-large": _("That is more than the form can hold"),
    "advice.too-large": _("A family can have up to 60 members. For more, call the help line."),
    "problem.bad-request": _("This page cannot be read"),
    "advice.bad-request": _(
        "Something in it was changed or lost on the way. Go back to the page before and try "
        "again, or begin anew."
    ),
    "problem.state-lost": _("This page is no longer valid"),
    "advice.state-lost": _(
        "It is too old, or was changed or cut off on the way. Enter NIK and family card number to "
        "begin again. Nothing has been sent."
    ),
    "advice.proof": _(
        "So that nobody guesses numbers here, wait {n} minutes on this page, then press the "
        "button again."
    ),
    "advice.proof.one": _(
        "So that nobody guesses numbers here, wait one minute on this page, then press the "
        "button again."
    ),
    "already.open": _(
        "Perhaps they came from here, before the connection broke, or from another member of the "
        "family. What you filled in here is still on this page: with the number of the proof of "
        "completion you can send it as a correction."
    ),
    "full.place": _("You are number {n} in the line. It takes about {m} minutes more."),
    "full.keep": _(
        "Keep this page open: your place stays yours. Press the button when that time has passed; "
        "pressing earlier does no harm."
    ),
    "full.go": _("Is it my turn?"),
    "new.title": _("Your answers open more questions"),
    "new.words": _("Please answer these too, then go on."),
    "search.go": _("Search"),
    "search.first": _("Type a few letters, then press “Search”"),
    "list.again": _("Search again"),
    "keep.open": _(
        "Your answers are only on the page you are looking at. Keep it open until you have the "
        "proof of completion, and use the buttons of the page to go back."
    ),
    "receipt.gone": _("This page keeps none of your answers."),
    "receipt.unsure": _("To be verified: a census officer will check the details of your family."),
}

TEXTS = words_here(WORDS | MORE_WORDS | UNLISTED_WORDS | HELP_WORDS | PLAIN_WORDS)


def say(key: str, **values: Any) -> str:
    """Return a text by its key, with `{name}` filled in; where `n` is 1 the text for exactly one.

    Raises KeyError for a key that nobody has written.
    """
    if values.get("n") == 1 and f"{key}.one" in TEXTS:
        key += ".one"
    words = gettext(TEXTS[key])
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words


def has(key: str) -> bool:
    """Tell whether a text stands under this key."""
    return key in TEXTS


def say_moment(moment: str) -> str:
    """Return a moment of the protocol (UTC) as the census's zone says it."""
    at = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{formats.date_format(local, 'j F Y')}, {local:%H.%M} {local.tzname()}"
