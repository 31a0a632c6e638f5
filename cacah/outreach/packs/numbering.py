"""Which numbers a session gives to seats: those of the web and of each laptop never meet."""

from __future__ import annotations

from django.db.models import Max, Min

from cacah.outreach.models import GuidedSession, SessionPack
from cacah.outreach.packs.facts import here

# A hall, with some to spare; beyond that somebody makes seats by program.
MOST_SEATS = 3000
SEATS_OF_A_LAPTOP = 999


def next_number(session: GuidedSession) -> int | None:
    """Return the number of the next seat here, None where there is none left.

    The caller holds the session.
    """
    first, last = numbers_of(session)
    given = session.seats.filter(number__range=(first, last)).aggregate(n=Max("number"))["n"]
    number = given + 1 if given else first
    return number if number <= last else None


def numbers_of(session: GuidedSession) -> tuple[int, int]:
    """Return the first and last number that this site gives in a session."""
    facts = here()
    if facts is not None:
        return numbers_of_laptop(facts.serial)
    serial = SessionPack.objects.filter(session=session).aggregate(n=Min("serial"))["n"]
    return 1, min(MOST_SEATS, first_number(serial) - 1) if serial else MOST_SEATS


def numbers_of_laptop(serial: int) -> tuple[int, int]:
    """Return the first and last number that a session's laptop of this serial gives."""
    first = first_number(serial)
    return first, first + SEATS_OF_A_LAPTOP - 1


def first_number(serial: int) -> int:
    """Return the first number of a session's laptop of this serial."""
    return serial * (SEATS_OF_A_LAPTOP + 1) + 1
