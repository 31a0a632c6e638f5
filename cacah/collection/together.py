"""Does for several requests at once what each would do alone, when they come at the same time.

On a busy night a family's submission costs half in company of others: one statement and one flush
of the disk for all of them, and code that is still in the processor's caches from the one before.
Nobody waits for company: a request that finds nobody at work begins at once, and those who come
meanwhile go together in the next round.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar


class BrokenOff(Exception):
    """The round of this request ended without an outcome: its thread was told to stop."""


T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Place(Generic[T, R]):
    """One request: its item, and what became of it."""

    item: T
    # Held until there is an outcome, or until this request is to lead the next round.
    turn: Lock = field(default_factory=Lock)
    outcome: R | Exception | None = None
    leads: bool = False


class Together(Generic[T, R]):
    """A function of a list of items, called by threads that each have one.

    `work` returns an outcome for each item in order, an exception where that item alone failed; an
    exception that it raises is everybody's. One thread works at a time, on at most `most` items.
    """

    def __init__(self, work: Callable[[list[T]], Sequence[R | Exception]], *, most: int) -> None:
        self.work, self.most = work, most
        self.lock = Lock()
        self.waiting: deque[Place[T, R]] = deque()
        self.working = False

    def __call__(self, item: T) -> R:
        """Return `work`'s outcome for this item, or raise it."""
        place: Place[T, R] = Place(item)
        place.turn.acquire()
        with self.lock:
            place.leads = not self.working
            if place.leads:
                self.working = True
            else:
                self.waiting.append(place)
        if not place.leads:
            self.wait(place)
        if place.outcome is None:
            self.lead(place)
        outcome = place.outcome
        assert outcome is not None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def wait(self, place: Place[T, R]) -> None:
        """Wait for an outcome or the lead; whoever is told to stop meanwhile holds up nobody."""
        try:
            place.turn.acquire()
        except BaseException:
            with self.lock:
                if place in self.waiting:
                    self.waiting.remove(place)
            if place.leads:
                self.pass_on([place])
            raise

    def lead(self, first: Place[T, R]) -> None:
        """Do one round, `first` among it, and let whoever waits longest lead the next."""
        with self.lock:
            company = min(len(self.waiting), self.most - 1)
            going = [first, *(self.waiting.popleft() for _ in range(company))]
        try:
            outcomes = self.work([place.item for place in going])
            for place, outcome in zip(going, outcomes, strict=True):
                place.outcome = outcome
        except Exception as error:
            for place in going:
                place.outcome = error
        except BaseException:
            # Told to stop: that is this thread's own, and the others may come again.
            for place in going:
                place.outcome = BrokenOff()
            raise
        finally:
            self.pass_on(going)

    def pass_on(self, going: list[Place[T, R]]) -> None:
        """Let the next round begin, and those of this one go; the first of them is here itself."""
        with self.lock:
            heir = self.waiting.popleft() if self.waiting else None
            self.working = heir is not None
            if heir is not None:
                heir.leads = True
        if heir is not None:
            heir.turn.release()
        for place in going[1:]:
            place.turn.release()
