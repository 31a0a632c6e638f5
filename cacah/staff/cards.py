"""What the staff room puts on an officer's home page."""

from __future__ import annotations

from cacah.staff.home import Card
from cacah.staff.scope import Scope


def cards(scope: Scope) -> list[Card]:
    """Return what is to be done about officers below this scope."""
    return []
