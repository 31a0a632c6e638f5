"""Remembers which families opened their form, and writes it down once a second for all of them.

Losing a second of these marks in a crash is harmless: the submission counts the opening itself.
"""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from zoneinfo import ZoneInfo

from django.conf import settings

from cacah.collection import actions, forgetting, metrics, pool
from cacah.registry.models import Mode

EVERY_SECONDS = 1.0
FORGET_EVERY = 60
MOST_AT_ONCE = 2000

log = logging.getLogger(__name__)
_marks: deque[int] = deque(maxlen=200_000)
_starting = Lock()
_stop = Event()
_started: list[Thread] = []


def mark(household_id: int) -> None:
    """Remember that this family saw its form."""
    _marks.append(household_id)


def flush() -> int:
    """Write what is remembered; return how many families. Raises pool.DatabaseUnreachable."""
    at, written = datetime.now(UTC), 0
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    while _marks:
        taken = [_marks.popleft() for _ in range(min(len(_marks), MOST_AT_ONCE))]
        pool.run(
            lambda connection, ids=taken: actions.mark_opened(
                connection, household_ids=ids, at=at, day=day, mode=Mode.CAWI.value
            )
        )
        written += len(taken)
    return written


def start() -> None:
    """Begin to write in the background of this process, once."""
    if _started:
        return
    with _starting:
        if not _started:
            thread = Thread(target=work, name="cacah-opened", daemon=True)
            _started.append(thread)
            thread.start()


def work() -> None:
    """Write marks and forget old guesses until the process ends."""
    rounds = 0
    while not _stop.wait(EVERY_SECONDS):
        rounds += 1
        try:
            metrics.flush()
            flush()
            forgetting.forget()
            if rounds % FORGET_EVERY == 0:
                pool.run(lambda c: actions.forget_guesses(c, at=datetime.now(UTC)))
                forgetting.forget_old()
        except pool.DatabaseUnreachable:
            log.warning("database unreachable: marks of opened forms were dropped")
        except Exception as error:  # the next second may go better; the thread must not end
            log.error("marks of opened forms were dropped", extra={"error": type(error).__name__})
