"""What the resident's pages say: facts of the census, and every word of the form."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cacah.registry.models import Census
from cacah.registry.queries import NoCensus, census

# Pages show the census at most so many seconds late, and go on showing it without a database.
REMEMBERED_SECONDS = 5.0
_remembered: list[tuple[float, Census | None]] = []


def set_up_census() -> Census | None:
    """Return the census as the database has it now, or None while nobody has set it up."""
    try:
        return census()
    except NoCensus:
        return None


def known_census() -> Census | None:
    """Return `set_up_census`, at most some seconds old; without a database, as last known."""
    if _remembered and monotonic() - _remembered[0][0] < REMEMBERED_SECONDS:
        return _remembered[0][1]
    try:
        found = set_up_census()
    except DatabaseError:
        found = _remembered[0][1] if _remembered else None
    _remembered[:] = [(monotonic(), found)]
    return found


def forget() -> None:
    """Ask the database again at the next page."""
    _remembered.clear()


def phase(found: Census | None, now: datetime | None = None) -> str:
    """Return `early`, `open` or `closed`; a census that is not set up yet is early."""
    now = now or datetime.now(UTC)
    if found is None or now < found.opens_at:
        return "early"
    return "open" if now < found.closes_at else "closed"


def form_address(language: str) -> str:
    """Return the short address at which the form stands, `/isi/` in Indonesian."""
    with translation.override(language):
        return reverse("form")


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A page in one of the languages: what the language calls itself, and where the page is."""

    code: str
    name: str
    url: str


def by_language(language: str, address: Callable[[str], str]) -> list[InLanguage]:
    """Return a page in every language, this one first; `address` gives its URL in another."""
    there = [InLanguage(code, name, address(code)) for code, name in settings.LANGUAGES]
    return sorted(there, key=lambda each: each.code != language)


def landing_address(language: str) -> str:
    """Return the address of the landing page, `/` in Indonesian."""
    with translation.override(language):
        return reverse("landing")


def help_line(found: Census | None) -> str:
    """Return telephone number and hours, empty while there is no help line."""
    if found is None or not found.help_phone:
        return ""
    hours = f" ({found.help_hours})" if found.help_hours else ""
    return found.help_phone + hours


def form_facts(language: str) -> dict[str, Any]:
    """Return what the form must know beside the instrument: names, addresses, the help line."""
    found = set_up_census()
    with translation.override(language):
        return {
            "language": language,
            # How the browser spells dates; a language that it does not know, in the next one's way.
            "locale": pgettext("locales", "en-GB").split(","),
            "census": found.name if found else _("Population census"),
            "help": help_line(found),
            "closes": found.closes_at.isoformat(timespec="minutes") if found else "",
            "zone": settings.TIME_ZONE,
            "home": reverse("landing"),
            "check": reverse("verify"),
            "here": form_address(language),
        }


def embedded_json(value: Any) -> str:
    """Return JSON that may stand in a script element, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")
