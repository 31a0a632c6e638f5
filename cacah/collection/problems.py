"""Everything that can go wrong at the door: code, status, and what to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the catalogue: HTTP status, title, and what the resident can do now."""

    status: int
    title: str
    detail: str


CATALOGUE = {
    "broken-json": Kind(
        400,
        _("The request could not be read"),
        _("It is not JSON in UTF-8. Reload the page and send again."),
    ),
    "bad-request": Kind(
        400,
        _("The request could not be read"),
        _("Something in it has the wrong form. Reload the page and try again."),
    ),
    "not-open": Kind(
        403,
        _("The census has not begun"),
        _("Please come back when it has opened. You need your NIK and your family card."),
    ),
    "closed": Kind(
        403,
        _("The online census has closed"),
        _("Nothing is lost: an officer will visit whoever has not answered."),
    ),
    "session-invalid": Kind(
        403,
        _("We have to check your numbers again"),
        _("Enter NIK and family card number once more. Your answers stay on this device."),
    ),
    "session-expired": Kind(
        403,
        _("Too much time has passed since you began"),
        _("Enter NIK and family card number once more. Your answers stay on this device."),
    ),
    "card-answer-differs": Kind(
        403,
        _("The answer differs from the family card"),
        _("You can go on without it and fill in the form yourself."),
    ),
    "receipt-differs": Kind(
        403,
        _("This receipt number does not belong to this family"),
        _("Check the number on your proof. If you have lost it, call the help line."),
    ),
    "pack-unknown": Kind(
        403,
        _("This session pack is not known here"),
        _("Its signature does not fit, or the pack has been withdrawn. Nothing was taken."),
    ),
    "not-found": Kind(
        404,
        _("We could not find this family"),
        _("Check both numbers on your family card, the newest one if you have several."),
    ),
    "reference-not-found": Kind(
        404,
        _("We do not know this reference number"),
        _("Compare it with your note, sign by sign. It has 13 letters and digits."),
    ),
    "draft-not-found": Kind(
        404,
        _("There are no answers under this continue code"),
        _("They are kept for 14 days, and go when the answers are sent. Compare the code."),
    ),
    "no-such-request": Kind(
        405, _("The request could not be read"), _("The door answers POST requests only.")
    ),
    "already-submitted": Kind(
        409,
        _("Your family has already answered"),
        _("To correct the answers, enter the receipt number on your proof."),
    ),
    "draft-newer": Kind(
        409,
        _("Another device has newer answers"),
        _("Compare them and choose what is right. Nothing has been replaced."),
    ),
    "drafts-full": Kind(
        409,
        _("This family has too many continue codes"),
        _("Use one of those, or wait: each is removed 14 days after it was last used."),
    ),
    "instrument-changed": Kind(
        409,
        _("The form has been renewed"),
        _("Reload the page. Your answers stay, and you see what has to be added."),
    ),
    "too-large": Kind(
        413,
        _("That is more than the form can hold"),
        _("A family can have up to 60 members. For more, call the help line."),
    ),
    "answers-refused": Kind(
        422,
        _("Some answers need another look"),
        _("Correct what is listed, then send again."),
    ),
    "slow-down": Kind(
        429,
        _("Too many attempts"),
        _("Please wait a little, check both numbers, and try again."),
    ),
    "full-house": Kind(
        429,
        _("Many families are filling in just now"),
        _("You have a place in the line. Keep this page open: it goes on by itself."),
    ),
    "try-later": Kind(
        503,
        _("The census cannot answer at the moment"),
        _("Nothing has been sent. Your answers stay on this device; try again in a few minutes."),
    ),
    "unexpected": Kind(
        500,
        _("Something went wrong on our side"),
        _("Your answers stay on this device. Try again in a few minutes."),
    ),
}


class Problem(Exception):
    """Raised to refuse a request; `more` is added to the problem's JSON object."""

    def __init__(self, code: str, *, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.more = more

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return CATALOGUE[self.code].status

    def as_answer(self, language: str) -> dict[str, Any]:
        """Return the RFC 9457 object in the language asked for."""
        return said(self.code, language) | self.more


@cache
def said(code: str, language: str) -> dict[str, Any]:
    """Return what is the same in every problem of this code; on a full night many are told."""
    kind = CATALOGUE[code]
    with override(language):
        words = {"title": gettext(kind.title), "detail": gettext(kind.detail)}
    return {"type": "about:blank", "status": kind.status, "code": code} | words
