"""How many families may start in a second: learned from what the servers carry now.

A start is followed by a submission minutes later, which costs four times as much. So the pace is
counted in whole families: what is let in now must be able to send later, and what is sent now
leaves less room for starts. Pure arithmetic; `admission` feeds it once a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cacah.collection.waiting.line import SECOND, SETTLING, Line, advance

# Of what a family costs, the part of its start; measured in docs/decisions/0006-raw-wsgi-door.md.
START_SHARE = 0.2
SUBMIT_SHARE = 0.8
# Being sent to wait, measured by benchmarks/full_house.py: mostly the server's reading of it.
REFUSAL_SHARE = 0.14
# For each who is refused, about so many ask again in the same second.
ASKING_AGAIN = 1.5
# A process is as full as it should be when its threads are busy so much of the time: nobody waits
# long for a free one …
THREADS_BUSY = 0.5
# … or when it uses so much of the one core that the interpreter's lock leaves it.
CORE_BUSY = 0.7
# Requests wait for a thread when so many are busy.
THREADS_FULL = 0.9
TELLING_PART = 0.3
# Of the capacity learned with an empty waiting room, what is left at least when it opens.
OPENING = 0.3

FIRST_CAPACITY = 200.0
SLOWEST = 2.0
# The emptier, the bolder: from an idle site by half, from a full one hardly at all. What is let in
# now is felt some seconds later, so that a bolder one would go too far and have to come back.
GROWTH = 0.5
LEAST_GROWTH = 0.01
DEEPEST_CUT = 2.0
# Below this the load says too little to believe that less can be carried than before.
TELLING_LOAD = 0.3
# Less work than this a second says nothing about what more would do.
LEAST_WORK = 5.0
LEAST_WORK_SHARE = 0.1
# Below this extrapolation would promise too much: waiting grows faster than work.
LEAST_LOAD = 0.1
# Believed sooner when more come than when fewer do, since too many at once would harm; and of those
# who wait only slowly, because who is called asks again some seconds later.
TURNOUT_RISING = 1 / 3
TURNOUT_FALLING = 1 / 6
TURNOUT_FALLING_OF_CALLED = 1 / 15
SPEED_SMOOTHING = 1 / 8
LEAST_TURNOUT = 0.05
# Of so few starts without a session nothing is concluded: people mistype.
FEW_STARTS = 20.0


@dataclass(frozen=True, slots=True)
class Report:
    """What one process did in the last second, each as a rate per second."""

    # 1.0 is as full as a process should be; see `load`.
    load: float
    # Starts let in, submissions, and starts that led to a session.
    starts: float
    submits: float
    sessions: float
    # Starts sent to wait, those that ask again among them.
    refusals: float = 0.0

    @property
    def work(self) -> float:
        """Return the work done for those let in, in whole families."""
        return START_SHARE * self.starts + SUBMIT_SHARE * self.submits

    @property
    def sending_off(self) -> float:
        """Return the work of refusing, in whole families."""
        return REFUSAL_SHARE * self.refusals


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the waiting room is emptied, and what that was learned from."""

    # Whole families a second that the site can carry.
    capacity: float = FIRST_CAPACITY
    # Families a second that may start now.
    rate: float = FIRST_CAPACITY
    # Places a second that were passed lately: what an honest estimate divides by.
    speed: float = FIRST_CAPACITY
    # Share of those called who start; the others have closed the page, or only guess numbers.
    turnout: float = 1.0

    @property
    def calls(self) -> float:
        """Return how many places a second to pass, so that `rate` families start."""
        return self.rate / self.turnout


@dataclass(frozen=True, slots=True)
class Spent:
    """Where a process left its time in so many seconds."""

    seconds: float
    # Seconds of the processor, and of threads: for whoever was let in, and for sending others off.
    cpu: float
    busy: float
    refusing: float


def load(spent: Spent, threads: int) -> float:
    """Return how full a process was; 1.0 is as full as it should be.

    Where nearly every thread was busy, a submission has waited for one, whatever they were busy
    with. Letting fewer in mends that only if it was they: else the pace just does not grow.
    """
    whole = threads * spent.seconds
    used = max(spent.busy / THREADS_BUSY / whole, spent.cpu / CORE_BUSY / spent.seconds)
    everything = spent.busy + spent.refusing
    if everything / whole < THREADS_FULL:
        return used
    if spent.busy > TELLING_PART * everything:
        return max(used, everything / THREADS_BUSY / whole)
    return max(used, 1.0)


def together(reports: list[Report]) -> Report:
    """Return the site's work; its load is that of its processes, weighted by their work."""
    work = sum(report.work + report.sending_off for report in reports)
    weighted = sum(report.load * (report.work + report.sending_off) for report in reports)
    busiest = max((report.load for report in reports), default=0.0)
    return Report(
        load=weighted / work if work else busiest,
        starts=sum(report.starts for report in reports),
        submits=sum(report.submits for report in reports),
        sessions=sum(report.sessions for report in reports),
        refusals=sum(report.refusals for report in reports),
    )


def next_pace(pace: Pace, report: Report, *, processes: int, limit: float) -> Pace:
    """Return the pace of the next second; `limit` starts a second at most, 0 for no limit.

    The fixed point is a load of 1. Above it the capacity is what was carried, made smaller by the
    excess; below it, what the load promises, but the fuller, the more carefully.
    """
    least = SLOWEST * max(1, processes)
    capacity = max(pace.capacity, least)
    if report.work >= min(LEAST_WORK, capacity * LEAST_WORK_SHARE) or report.load > 1:
        everything = report.work + report.sending_off
        carried = everything / max(report.load, LEAST_LOAD) - report.sending_off
        if report.load > 1:
            # What is felt now was let in before; a deeper cut would leave a gap behind it.
            capacity = min(capacity, max(carried, capacity / min(report.load, DEEPEST_CUT)))
        elif carried < capacity and report.load > TELLING_LOAD:
            capacity -= (capacity - carried) / 2
        else:
            growth = max(GROWTH * (1 - report.load) ** 2, LEAST_GROWTH)
            capacity = max(capacity, min(carried, capacity * (1 + growth)))
    capacity = max(capacity, least)
    spare = (capacity - SUBMIT_SHARE * report.submits) / START_SHARE
    # Submissions come in bursts: one of them halves the pace, and only many stop it.
    rate = max(min(capacity, spare), min(pace.rate / 2, capacity), least)
    return replace(pace, capacity=capacity, rate=min(rate, limit) if limit > 0 else rate)


def called(pace: Pace, passed: float, sessions: float) -> Pace:
    """Return the pace after so many places a second were passed and so many families began."""
    if passed <= 0:
        return pace
    speed = pace.speed + (passed - pace.speed) * SPEED_SMOOTHING
    came = turned_out(pace, sessions / passed, falling=TURNOUT_FALLING_OF_CALLED)
    return replace(came, speed=speed)


def turned_out(pace: Pace, came: float, *, falling: float) -> Pace:
    """Return the pace after this share of those who might have begun did begin."""
    came = min(1.0, came)
    smoothing = TURNOUT_RISING if came > pace.turnout else falling
    turnout = pace.turnout + (came - pace.turnout) * smoothing
    return replace(pace, turnout=max(turnout, LEAST_TURNOUT))


def opening(pace: Pace, demand: float) -> Pace:
    """Return the pace with which the waiting room opens, when so many a second want to start.

    What was learned before did not have to send anybody off. An untried site has learned nothing
    that could mislead it.
    """
    sending_off = REFUSAL_SHARE * ASKING_AGAIN * max(0.0, demand - pace.capacity)
    left = max(pace.capacity - sending_off, OPENING * pace.capacity)
    capacity = max(left, min(pace.capacity, FIRST_CAPACITY))
    return replace(pace, capacity=capacity, rate=pace.rate * capacity / pace.capacity)


@dataclass(frozen=True, slots=True)
class Moment:
    """When the frontier is moved."""

    # The site's clock in microseconds, and the seconds since the last move.
    at: int
    seconds: float
    # Starts a second at most; 0 for no limit.
    limit: float
    # Whether somebody has been waiting; else starts of this second had no place.
    was_full: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the frontier stands after a move, and at what pace it goes on."""

    stands_at: int
    is_full: bool
    pace: Pace
    passed: float


def move(
    pace: Pace,
    frontier: int,
    arrivals: Sequence[tuple[int, int]],
    reports: list[Report],
    moment: Moment,
) -> Moved:
    """Return the frontier after one more move; `arrivals` are (second, places) in order."""
    done = together(reports)
    pace = next_pace(pace, done, processes=len(reports), limit=moment.limit)
    if moment.was_full:
        quota = pace.calls * moment.seconds
    else:
        began = (done.sessions + FEW_STARTS) / (done.starts + FEW_STARTS)
        pace = turned_out(pace, began, falling=TURNOUT_FALLING)
        pace = replace(pace, speed=pace.calls)
        quota = max(0.0, pace.calls - done.starts) * moment.seconds
    horizon = max(frontier, moment.at - SETTLING)
    stands_at, passed, all_passed = advance(frontier, arrivals, quota, horizon)
    # Those who came just now may start without waiting only if a pace like this carries them.
    still = Line.of(stands_at, arrivals).waiting
    enough = pace.calls * SETTLING / SECOND if moment.was_full else quota - passed
    is_full = not all_passed or still > enough
    if is_full and not moment.was_full:
        waiting = Line.of(frontier, arrivals).waiting
        pace = opening(pace, done.starts + waiting / moment.seconds)
    return Moved(
        stands_at=stands_at,
        is_full=is_full,
        pace=called(pace, passed / moment.seconds, done.sessions) if moment.was_full else pace,
        passed=passed,
    )
