"""The languages of the site: those for which the rooms that residents see have a catalogue."""

from __future__ import annotations

import gettext
from pathlib import Path

from babel import Locale, UnknownLocaleError
from django.utils.translation import to_language, to_locale

ROOMS = Path(__file__).resolve().parents[1]
# Residents see these rooms; the others speak to officers.
RESIDENTS_ROOMS = ("collection", "questionnaire")
DEFAULT = "id"
# The message by which a catalogue says what its language calls itself.
OWN_NAME = ("the language's own name", "English")


def languages(rooms: Path = ROOMS) -> list[tuple[str, str]]:
    """Return code and own name of each language that is there, Indonesian first."""
    folders = [rooms / room / "locale" for room in RESIDENTS_ROOMS]
    catalogues = (set(folder.glob("*/LC_MESSAGES/django.po")) for folder in folders)
    names = set.intersection(*({path.parents[1].name for path in each} for each in catalogues))
    codes = sorted(map(to_language, names), key=lambda code: (code != DEFAULT, code))
    return [(code, own_name(folders[0], code)) for code in codes]


def own_name(folder: Path, code: str) -> str:
    """Return what a compiled catalogue calls its language, the code where it is not compiled."""
    try:
        catalogue = gettext.translation("django", folder, [to_locale(code)])
    except FileNotFoundError:
        return code
    return catalogue.pgettext(*OWN_NAME)


def is_right_to_left(code: str) -> bool:
    """Return whether a language is written from right to left, as CLDR has it."""
    try:
        return bool(Locale.parse(code, sep="-").text_direction == "rtl")
    except (UnknownLocaleError, ValueError):
        return False
