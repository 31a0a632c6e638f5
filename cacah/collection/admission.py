"""Admission: who may start now, and who gets a place in the waiting room.

Only starts are held back. Submissions, drafts, receipts and verification never come here. A start
costs no trip to the database: once a second a thread of each process tells the others how many
places it gave and reads how far the line has moved (docs/decisions/0010-waiting-room.md).
"""

from __future__ import annotations

import logging
import os
from collections import deque
from dataclasses import dataclass
from secrets import token_hex
from threading import Event, Lock, Thread
from time import monotonic_ns, perf_counter, process_time, time_ns

from django.conf import settings

from cacah.collection import metrics, pool
from cacah.collection.problems import Problem
from cacah.collection.statements import Rows
from cacah.collection.waiting import actions, places, queries
from cacah.collection.waiting.line import SECOND, Line, estimate, pause
from cacah.collection.waiting.pacing import FIRST_CAPACITY, Pace, Report, Spent, load
from cacah.collection.waiting.places import Place

EVERY_SECONDS = 1.0
# Unused starts are kept for so long, so that an uneven second opens no waiting room.
SPARE_SECONDS = 1.0
# Whoever is called has so long to come, and so many tries on each process: a mistyped NIK must
# not cost the place, and a place that is passed around must not be worth anything.
CALLED_FOR_SECONDS = 1800
MOST_STARTS = 5
# A process that has just begun does not know who was called when; nobody has waited for so long.
OLDEST = 24 * 3600 * SECOND
LATE_SECONDS = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Admitted:
    """This family may start now."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the line: its token, its number (1 is next), and seconds as whole numbers."""

    place: str
    position: int
    estimate_seconds: int
    retry_after: int


ADMITTED = Admitted()


class Room:
    """What one process knows of the waiting room, and what it did since its last report.

    Threads change the counters without a lock: one that is lost now and then does no harm.
    """

    def __init__(self) -> None:
        self.token = token_hex(4)
        self.line = Line.of(0, [])
        self.is_full = False
        self.pace = Pace()
        # Starts that this process may still let in by itself; without a background thread, all.
        self.allowance = float("inf")
        self.offset = (time_ns() - monotonic_ns()) // 1000
        # Places given in each second and not yet told to the others.
        self.given: dict[int, int] = {}
        self.uses: dict[Place, int] = {}
        # When the frontier stood where, by the minute; places before `over` have had their time.
        self.stood: deque[tuple[int, int]] = deque()
        self.over = 0
        self.starts = self.sessions = self.submits = self.refusals = 0
        self.busy = self.refusing = 0.0
        self.reported = (perf_counter(), process_time())

    @property
    def process(self) -> str:
        """Return this process's name in the reports, at most 16 characters.

        Workers are forked from one that has imported this module: only their numbers differ.
        """
        return f"{os.getpid():x}-{self.token}"

    def clock(self) -> int:
        """Return the site's time in microseconds: the database's, without its jumps back."""
        return self.offset + monotonic_ns() // 1000

    def is_called(self, place: Place) -> bool:
        """Tell whether the line has passed this place, not too long ago and not too often used."""
        return place.arrived < self.line.frontier and not self.is_spent(place)

    def is_spent(self, place: Place) -> bool:
        """Tell whether a place is worth no more than none."""
        over = max(self.over, self.line.frontier - OLDEST)
        return place.arrived < over or self.uses.get(place, 0) >= MOST_STARTS

    def seat(self, place: Place | None) -> Waiting:
        """Return how things stand for a place; for a new one where there is none that counts."""
        if place is None or self.is_spent(place):
            place = places.new(self.clock())
            second = place.arrived // SECOND
            self.given[second] = self.given.get(second, 0) + 1
        position = self.line.position(place.arrived)
        if self.line.seconds and place.arrived // SECOND > self.line.seconds[-1]:
            # Those whom only this process knows yet, without the one that asks.
            position += max(0, sum(list(self.given.values())) - 1)
        seconds = estimate(position, self.pace.speed)
        return Waiting(
            place=places.issue(place),
            position=position,
            estimate_seconds=seconds,
            retry_after=pause(seconds, self.line.waiting),
        )

    def report(self) -> Report:
        """Return what was done since the last report, and begin to count anew."""
        wall, cpu = perf_counter(), process_time()
        since, cpu_before = self.reported
        seconds = max(wall - since, 0.001)
        spent = Spent(seconds, cpu - cpu_before, self.busy, self.refusing)
        made = Report(
            load=load(spent, settings.CACAH_THREADS),
            starts=self.starts / seconds,
            submits=self.submits / seconds,
            sessions=self.sessions / seconds,
            refusals=self.refusals / seconds,
        )
        metrics.STARTS.inc(self.starts)
        self.reported = (wall, cpu)
        self.starts = self.sessions = self.submits = self.refusals = 0
        self.busy = self.refusing = 0.0
        return made

    def learn(self, state: queries.State, arrivals: list[tuple[int, int]]) -> None:
        """Take over what the database says of the line."""
        now = monotonic_ns() // 1000
        newest = max(state.stands_at, state.last_arrival * SECOND)
        if state.clock >= newest:
            self.offset = state.clock - now
        elif self.clock() < newest:
            # The database's clock has jumped back, and nobody may come before those who wait.
            self.offset = newest + SECOND - now
        self.pace = state.pace
        self.line = Line.of(state.stands_at, arrivals)
        if state.is_full:
            self.allowance = 0.0
        else:
            share = state.pace.calls / max(1, state.processes)
            known = self.allowance if self.allowance != float("inf") else share
            self.allowance = min(known + share * EVERY_SECONDS, share * SPARE_SECONDS)
        self.is_full = state.is_full
        self.remember(state.stands_at, now)
        metrics.waiting_room(
            waiting=self.line.waiting,
            lag=max(0, self.clock() - state.stands_at) / SECOND if state.is_full else 0.0,
            rate=state.pace.rate,
        )

    def remember(self, stands_at: int, now: int) -> None:
        """Keep where the frontier stood, each minute, and forget places used long ago."""
        if self.stood and now - self.stood[-1][0] < 60 * SECOND:
            return
        self.stood.append((now, stands_at))
        while now - self.stood[0][0] >= CALLED_FOR_SECONDS * SECOND:
            self.over = self.stood.popleft()[1]
            self.uses = {p: n for p, n in list(self.uses.items()) if p.arrived >= self.over}


_room = Room()
_starting = Lock()
_stop = Event()
_started: list[Thread] = []


def check(token: str | None) -> Admitted | Waiting:
    """Say whether a start may be made now; else where in the line it stands.

    `token` is the place given before, if any. A forged, spent or expired one is as good as none.
    """
    verdict, place = judge(token)
    if verdict is not ADMITTED:
        return verdict
    _room.starts += 1
    if not _room.is_full:
        _room.allowance -= 1
    elif place is not None:
        _room.uses[place] = _room.uses.get(place, 0) + 1
    return verdict


def started() -> None:
    """Count a start that led to a session; whoever comes with wrong numbers only leaves again."""
    _room.sessions += 1


def look(token: str | None) -> Admitted | Waiting:
    """Say what `check` would, without starting: for a page that only shows the line."""
    return judge(token)[0]


def judge(token: str | None) -> tuple[Admitted | Waiting, Place | None]:
    """Return what is to be said to this place, and the place."""
    place = places.read(token) if token else None
    if _room.is_full:
        if place is not None and _room.is_called(place):
            return ADMITTED, place
    elif _room.allowance >= 1:
        return ADMITTED, place
    return _room.seat(place), place


def let_in(token: str | None) -> None:
    """Raise Problem(full-house) unless this start may be made now."""
    verdict = check(token)
    if isinstance(verdict, Waiting):
        raise Problem(
            "full-house",
            retry_after=verdict.retry_after,
            place=verdict.place,
            position=verdict.position,
            estimate_seconds=verdict.estimate_seconds,
        )


def done(route: str, seconds: float, code: str = "ok") -> None:
    """Count one request that kept a thread busy for so long; `route` is empty for a page.

    Being sent to wait counts apart: letting fewer in would not make those fewer.
    """
    if code == "full-house":
        _room.refusing += seconds
        _room.refusals += 1
    else:
        _room.busy += seconds
    if route == "submit":
        _room.submits += 1


def tick() -> None:
    """Tell what this process did, move the line if nobody else does, and read how it stands.

    Raises pool.DatabaseUnreachable; what was to be told is then told the next time.
    """
    room = _room
    report, given = room.report(), room.given
    room.given = {}
    try:
        state, arrivals = pool.run(lambda connection: talk(connection, room, report, given))
    except pool.DatabaseUnreachable:
        for second, number in given.items():
            room.given[second] = room.given.get(second, 0) + number
        # Starts are refused by the database itself now; they must not open the waiting room too.
        room.allowance = min(room.allowance + room.pace.rate, FIRST_CAPACITY)
        raise
    room.learn(state, arrivals)


def talk(
    connection: Rows, room: Room, report: Report, given: dict[int, int]
) -> tuple[queries.State, list[tuple[int, int]]]:
    """Exchange with the database what the processes know; return the line as it is now."""
    limit = float(settings.CACAH_ADMIT_PER_SECOND)
    with connection.transaction():
        # A crash may forget a second of it, which is not worth a flush of the disk.
        connection.execute("SET LOCAL synchronous_commit = off")
        actions.report(connection, process=room.process, report=report, given=given)
        actions.move_frontier(connection, at=room.clock(), limit=limit)
    state = queries.find_state(connection)
    if state is None:
        raise pool.DatabaseUnreachable
    first = state.stands_at // SECOND
    known = [
        (second, places)
        for second, places in zip(room.line.seconds, room.line.places, strict=True)
        if first <= second < state.last_arrival - LATE_SECONDS
    ]
    after = known[-1][0] + 1 if known else first
    return state, known + queries.arrivals_since(connection, second=after, most=10**6)


def start() -> None:
    """Begin to exchange with the other processes, once; the first time before anybody starts."""
    if _started:
        return
    with _starting:
        if not _started:
            _room.allowance = FIRST_CAPACITY
            quietly_tick()
            thread = Thread(target=work, name="cacah-admission", daemon=True)
            _started.append(thread)
            thread.start()


def work() -> None:
    """Tick until the process ends."""
    while not _stop.wait(EVERY_SECONDS):
        quietly_tick()


def quietly_tick() -> None:
    """Tick; what went wrong goes to the log, because the next second may go better."""
    try:
        tick()
    except pool.DatabaseUnreachable:
        log.warning("database unreachable: the waiting room stands still")
    except Exception as error:
        log.error("the waiting room stands still", extra={"error": type(error).__name__})
