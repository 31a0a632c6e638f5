"""The address of one call: it names a household to one officer, for as long as a call may last."""

from __future__ import annotations

from django.core import signing

from cacah.staff.models import Officer

SALT = "cacah.helpdesk.call"
LASTS_SECONDS = 30 * 60


class Over(Exception):
    """The call began too long ago: the numbers are asked for again."""


def begin(officer: Officer, household_id: int) -> str:
    """Return the token under which this officer finds the household again."""
    return signing.dumps([officer.pk, household_id], salt=SALT)


def household_of(token: str, officer: Officer) -> int | None:
    """Return the household; None for a token that is forged or another officer's. Raises Over."""
    try:
        whose, household_id = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.SignatureExpired:
        raise Over from None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(household_id) if whose == officer.pk else None
