"""The sentences for problems of answers where the questionnaire itself has none."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
# By problem code; the room's catalogues (locale/<language>) translate them. The standard library's
# gettext reads them, because this room knows no Django.
SENTENCES = {
    "missing": "Please answer this question.",
    "rule": "Some answers do not fit together. Please check them.",
    "constraint": "This answer does not fit. Please check it.",
    "type": "This answer cannot be read. Please enter it again.",
    "choice": "Choose one of the answers offered.",
    "warning": "Check this answer, or explain why it is so.",
    "unknown": "The questionnaire has no such field.",
    "rows": "There are too many rows.",
}


@cache
def messages(language: str) -> dict[str, str]:
    """Return the sentence of each problem code; a language without a catalogue reads English."""
    catalogue = gettext.translation("django", LOCALE, [language], fallback=True)
    return {code: catalogue.gettext(sentence) for code, sentence in SENTENCES.items()}


def message(code: str, language: str) -> str:
    """Return the sentence of a problem code in a language, else in English."""
    return messages(language)[code]
