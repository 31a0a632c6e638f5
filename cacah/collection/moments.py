"""How the protocol writes a moment."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> str:
    """Return a moment in UTC as the protocol writes it, in whole seconds."""
    # Half of what strftime costs, three times on the way of every family.
    return moment.astimezone(UTC).isoformat()[:19] + "Z"
