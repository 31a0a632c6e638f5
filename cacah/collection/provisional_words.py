"""What the form says otherwise on a laptop without a signal: its proofs are provisional."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_noop as _

PROVISIONAL_WORDS: dict[str, str] = {
    "receipt.title": _("Stored. Here is your provisional proof"),
    "receipt.number": _("Number of your provisional proof"),
    "receipt.when": _("Stored"),
    "receipt.keep": _(
        "This proof is provisional. Your answers are kept on the census team's laptop, "
        "encrypted, and are sent on as soon as there is a signal. From then on the proof is "
        "valid; its number stays the same."
    ),
    "receipt.visit": _(
        "Keep the number: write it down, print this page or store the PDF. If a census officer "
        "calls nevertheless, showing this number is enough."
    ),
    "receipt.correct": _(
        "You can correct the answers here while the team is with you, and online later: enter "
        "your two numbers, then this one."
    ),
    "receipt.scan": _(
        "With a signal anyone may scan this code. It shows whether the answers have come, when "
        "and for how many people, never who you are."
    ),
}


def words_here(words: dict[str, str]) -> dict[str, str]:
    """Return a form's words as this site says them: its own at the centre, these on a laptop."""
    return words | PROVISIONAL_WORDS if settings.CACAH_PACK else words
