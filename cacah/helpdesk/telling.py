"""What the desk says of a family's state, and what the officer tells the caller next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cacah.registry.cases import OUTCOMES
from cacah.registry.keys import is_unlisted
from cacah.registry.models import Census, Reason, State
from cacah.registry.queries import Known
from cacah.staff.invitations import public_address
from cacah.staff.numerals import moment

# Word, and class of office.css.
STATES: dict[str, tuple[str | Promise, str]] = {
    State.EXPECTED: (gettext_lazy("not opened"), "state-none"),
    State.OPENED: (gettext_lazy("opened, not sent"), "state-begun"),
    State.SUBMITTED: (gettext_lazy("received"), "state-done"),
    State.REOPENED: (gettext_lazy("received, being corrected"), "state-done"),
    State.UNLISTED: (gettext_lazy("not in the register, to be verified"), "state-begun"),
    State.VERIFIED: (gettext_lazy("verified by an officer, not answered"), "state-begun"),
    State.NOT_HOME: (gettext_lazy("nobody at home when an officer came"), "state-missing"),
    State.REFUSED: (gettext_lazy("refused when an officer came"), "state-missing"),
    State.MOVED: (gettext_lazy("moved away, says an officer"), "state-exempt"),
    State.VACANT: (gettext_lazy("house empty, says an officer"), "state-exempt"),
    State.NOT_FOUND: (gettext_lazy("not found by an officer"), "state-missing"),
    State.DUPLICATE: (gettext_lazy("counted elsewhere, says an officer"), "state-exempt"),
    State.OUTSIDE: (gettext_lazy("lives elsewhere, says an officer"), "state-exempt"),
}
REASONS: dict[str, str | Promise] = {
    Reason.NO_SIGNAL: gettext_lazy("The signal is too weak"),
    Reason.NO_DEVICE: gettext_lazy("No suitable phone or computer"),
    Reason.CANNOT_READ: gettext_lazy("Reading or typing is hard"),
    Reason.NO_DOCUMENTS: gettext_lazy("The documents are not at hand"),
    Reason.OTHER: gettext_lazy("Something else"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A state in words, and the sentences for the caller in the order to say them."""

    state: str
    shape: str
    facts: tuple[str, ...]
    next: tuple[str, ...]


def told(known: Known, census: Census) -> Told:
    """Return what to see and say of a family while the census stands where it does now."""
    word, shape = STATES[known.state]
    if known.state == State.UNLISTED and known.submitted_at:
        word = _("received, to be verified")
    return Told(str(word), shape, tuple(_facts(known, census)), tuple(_next(known, census)))


def _facts(known: Known, census: Census) -> list[str]:
    said = []
    if known.opened_at:
        said.append(_("First opened on %(moment)s.") % {"moment": moment(known.opened_at)})
    if known.submitted_at:
        words = {"moment": moment(known.submitted_at)}
        said.append(_("Last received on %(moment)s.") % words)
    if is_over(census):
        closed = {"moment": moment(census.closes_at)}
        said.append(_("The online census closed on %(moment)s.") % closed)
    return said


def is_over(census: Census, now: datetime | None = None) -> bool:
    """Tell whether the online census has closed."""
    return (now or timezone.now()) >= census.closes_at


def _next(known: Known, census: Census) -> list[str]:
    if timezone.now() < census.opens_at:
        opens = {"moment": moment(census.opens_at)}
        return [_("The census has not begun. It can be filled in from %(moment)s.") % opens]
    answered = known.submitted_at is not None
    if is_over(census):
        return _after(answered)
    if is_unlisted(known.household_id):
        return _of_unlisted(known.state, answered)
    return NEXT[known.state]()


def _after(answered: bool) -> list[str]:
    if answered:
        return [_("The answers have been received. They cannot be changed on the web any more.")]
    return [
        _("Nothing is lost: an officer visits whoever has not answered."),
        _("Whoever wants to be sure of it has the wish noted below."),
    ]


def form_address() -> str:
    """Return where the form is, as the caller types it."""
    return public_address(reverse("form"))


def _begin() -> list[str]:
    return [
        _("Open %(address)s and enter the same two numbers.") % {"address": form_address()},
        _("If that page stays empty on an old phone, open %(address)s instead.")
        % {"address": public_address(reverse("plain"))},
        _("If nobody in the family can do it, note below that they want to be visited."),
    ]


def _go_on() -> list[str]:
    return [
        _(
            "Go on with the device on which the family began: what was typed there waits up to 14 "
            "days to be sent."
        ),
        _(
            "On another device, enter the two numbers and then the continue code that the first "
            "device showed. Nobody else knows this code."
        ),
        _("With neither at hand, begin anew at %(address)s with the same two numbers.")
        % {"address": form_address()},
        _("If nobody in the family can do it, note below that they want to be visited."),
    ]


def _correct() -> list[str]:
    return [
        _("The answers are safely here. The family need not do anything more."),
        _(
            "To correct something, open %(address)s, enter the two numbers, and then the receipt "
            "number on the proof of completion."
        )
        % {"address": form_address()},
        _(
            "If the receipt number is lost, ask in the family who sent the answers: it stands on "
            "the proof. Nobody can tell it again, and without it nothing is changed on the web."
        ),
    ]


def _correcting() -> list[str]:
    return [
        _(
            "Somebody has begun a correction with the receipt number. Until it is sent, the "
            "answers that were received count."
        ),
        *_correct()[1:],
    ]


def _again() -> list[str]:
    return [
        _("The family may still answer, and its own answer counts more than the visit."),
        *_begin(),
    ]


def _of_unlisted(state: str, answered: bool) -> list[str]:
    """Return what is said to a family that has a reference number in place of two numbers."""
    if answered:
        first = _correct()[0]
        if state == State.UNLISTED:
            first = _(
                "The answers are safely here. An officer comes once to see whether the family "
                "lives there."
            )
        correcting = _(
            "A correction needs the reference number and the receipt number on the proof."
        )
        return [first, correcting]
    begin = _(
        "The family may answer at once: open %(address)s, choose “Family not found”, then “I "
        "already have a reference number”."
    ) % {"address": form_address()}
    if state == State.UNLISTED:
        return [begin, _("In any case an officer comes to see whether the family lives there.")]
    return [begin]


NEXT: dict[str, Callable[[], list[str]]] = {
    State.EXPECTED: _begin,
    State.OPENED: _go_on,
    State.SUBMITTED: _correct,
    State.REOPENED: _correcting,
} | dict.fromkeys(OUTCOMES, _again)


def when_not_found() -> list[str]:
    """Return what to try with a caller whose two numbers find nobody."""
    return [
        _("Read both numbers back, digit by digit. The NIK must be that of somebody on this card."),
        _("Ask whether there is a newer family card, and try its number."),
        _("Try the NIK of another member, or the parents' family card for whoever married lately."),
        _(
            "If it stays so, the family leaves word: at %(address)s choose “Family not found”. An "
            "officer visits every family that does. You may fill it in for the caller."
        )
        % {"address": form_address()},
    ]


def may_ask_for_a_visit(known: Known) -> bool:
    """Tell whether a visit would help: who has answered needs none."""
    return known.submitted_at is None
