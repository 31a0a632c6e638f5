"""Starts that come at an even rate whatever the server does, in a process of their own.

Who is told to wait asks again when told to, with the place that was given, as the form does.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from random import Random

import orjson
from door_load import Wire, without_collector

HEAD = (
    "POST /api/identify HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {}\r\n"
    "Content-Length: {}\r\n\r\n"
)
CONNECTIONS = 256
STEP = 0.004
# Networks (/24) that residents come from; attackers have others.
HOMES = 4000


@dataclass(frozen=True, slots=True)
class Flooding:
    """How many starts a second come, for how many seconds, and how many of them only guess."""

    seconds: float
    residents: float
    guesses: float = 0.0
    # How many networks (/24) the guesses come from.
    networks: int = 1
    seed: int = 1


@dataclass(slots=True)
class Starter:
    """Somebody who wants to start: a resident with numbers of the register, or a guesser."""

    # Order of arrival.
    number: int
    address: str
    guesses: bool
    place: str = ""
    polls: int = 0
    admitted: float = 0.0


@dataclass
class Flooded:
    """What came of it; seconds of answers to starts, and how late the generator sent."""

    arrived: int = 0
    # For each resident in order of arrival, when it was let in; 0 for those still waiting.
    admitted: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    guessed: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)
    longest_wait: float = 0.0
    unsent: int = 0
    cpu: float = 0.0
    # Families that nobody was let in for.
    unused: list[int] = field(default_factory=list)
    ran_out: bool = False


class Flood:
    """The starters, their connections, and the families that are left for them."""

    def __init__(
        self, port: int, pairs: list[tuple[str, str]], flooding: Flooding, told: Connection
    ) -> None:
        self.port, self.pairs, self.plan, self.told = port, pairs, flooding, told
        self.unused = list(range(len(pairs)))[::-1]
        self.rng = Random(flooding.seed)
        self.free: deque[Wire] = deque()
        self.waiting: list[tuple[float, int, Starter]] = []
        self.queue: deque[tuple[float, Starter]] = deque()
        self.residents: list[Starter] = []
        self.let_in: list[tuple[int, str, str]] = []
        self.came = Flooded()
        self.serial = 0

    async def run(self) -> Flooded:
        """Send until the time is over; whoever waits then is left waiting."""
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, wire = await loop.create_connection(Wire, "127.0.0.1", self.port)
            self.free.append(wire)
        began = time.perf_counter()
        comers = [(self.plan.residents, False), (self.plan.guesses, True)]
        sent = [0, 0]
        while (now := time.perf_counter()) < began + self.plan.seconds:
            for kind, (rate, guesses) in enumerate(comers):
                while rate and (due := began + sent[kind] / rate) <= now:
                    self.queue.append((due, self.comer(guesses)))
                    sent[kind] += 1
            while self.waiting and self.waiting[0][0] <= now:
                due, _, starter = heapq.heappop(self.waiting)
                self.queue.append((due, starter))
            self.send()
            self.tell()
            await asyncio.sleep(STEP)
        await asyncio.sleep(0.5)
        self.tell()
        return self.result()

    def comer(self, guesses: bool) -> Starter:
        """Return a new starter with an address of its own."""
        home = self.rng.randrange(self.plan.networks if guesses else HOMES)
        first = 172 if guesses else 10
        address = f"{first}.{home >> 8}.{home & 255}.{self.rng.randrange(1, 255)}"
        starter = Starter(len(self.residents), address, guesses)
        if not guesses:
            self.residents.append(starter)
        return starter

    def send(self) -> None:
        """Send as many as there are connections free."""
        while self.queue and self.free:
            due, starter = self.queue.popleft()
            family = -1
            if not starter.guesses:
                if not self.unused:
                    self.came.ran_out = True
                    return
                family = self.unused.pop()
            wire = self.free.popleft()
            if wire.transport is None:
                self.came.answers["no answer"] += 1
                continue
            body = self.body(starter, family)
            now = time.perf_counter()
            self.came.lag.append(now - due)
            wire.answer = asyncio.get_running_loop().create_future()
            wire.answer.add_done_callback(partial(self.answered, wire, starter, family, now))
            wire.transport.write(HEAD.format(starter.address, len(body)).encode() + body)

    def body(self, starter: Starter, family: int) -> bytes:
        nik, kk = self.guess() if family < 0 else self.pairs[family]
        place = f',"place":"{starter.place}"' if starter.place else ""
        return f'{{"nik":"{nik}","kk":"{kk}","language":"id"{place}}}'.encode()

    def guess(self) -> tuple[str, str]:
        """Return two numbers as somebody would guess who knows how they are made."""
        district = f"3325{self.rng.randrange(1, 16):02}"
        day, month = self.rng.randrange(1, 29), self.rng.randrange(1, 13)
        year, serial = self.rng.randrange(100), self.rng.randrange(1, 11)
        issued = f"{self.rng.randrange(1, 29):02}{self.rng.randrange(1, 13):02}"
        issued += f"{self.rng.randrange(5, 21):02}{self.rng.randrange(1, 51):04}"
        return f"{district}{day:02}{month:02}{year:02}{serial:04}", district + issued

    def answered(
        self, wire: Wire, starter: Starter, family: int, sent: float, answer: asyncio.Future
    ) -> None:
        """Take in one answer, and let a guesser try again as soon as it may."""
        if answer.exception() is not None:
            self.came.answers["no answer"] += 1
            return
        self.free.append(wire)
        now = time.perf_counter()
        status, raw = answer.result()
        told = orjson.loads(raw)
        code = "ok" if status == 200 else str(told.get("code"))
        counted = self.came.guessed if starter.guesses else self.came.answers
        counted[code if status < 500 else str(status)] += 1
        if not starter.guesses:
            self.came.seconds.append(now - sent)
        if code == "full-house":
            self.wait(wire, starter, told, now)
        elif code == "ok" and not starter.guesses:
            starter.admitted = now
            self.let_in.append((family, told["session"], told["instrument"]["digest"]))
            return
        if family >= 0:
            self.unused.append(family)

    def wait(self, wire: Wire, starter: Starter, told: dict, now: float) -> None:
        """Come again when told to, with the place."""
        at = wire.head.find(b"retry-after:") + 12
        pause = int(wire.head[at : wire.head.find(b"\r", at) if b"\r" in wire.head[at:] else None])
        starter.place = told["place"]
        starter.polls += 1
        self.serial += 1
        heapq.heappush(self.waiting, (now + pause, self.serial, starter))

    def tell(self) -> None:
        """Hand over those who were let in since the last time."""
        if self.let_in:
            self.told.send(self.let_in)
            self.let_in = []

    def result(self) -> Flooded:
        came = self.came
        came.arrived = len(self.residents)
        came.admitted = [starter.admitted for starter in self.residents]
        came.unsent = len(self.queue)
        came.unused = sorted(self.unused)
        came.cpu = time.process_time()
        return came


def flood(port: int, pairs: list[tuple[str, str]], flooding: Flooding, told: Connection) -> None:
    """Run in a process: tell those who were let in as they are, and at the end what came of it."""
    without_collector()
    told.send(asyncio.run(Flood(port, pairs, flooding, told).run()))


def out_of_order(admitted: list[float]) -> float:
    """Return the share of unfair pairs; `admitted` in order of arrival, 0 for not let in.

    Of all pairs with at least one let in, those in which the later one was and the earlier one
    was not, or was after it.
    """
    unfair = pairs = let_in = 0
    later = Ranks(sorted(moment for moment in admitted if moment))
    # From the last to the first: `let_in` and `later` hold those who arrived after this one.
    for behind, moment in enumerate(reversed(admitted)):
        if moment:
            unfair += later.before(moment)
            pairs += behind
            later.add(moment)
            let_in += 1
        else:
            unfair += let_in
            pairs += let_in
    return unfair / pairs if pairs else 0.0


class Ranks:
    """Counts how many of the moments added so far come before another (a Fenwick tree)."""

    def __init__(self, moments: list[float]) -> None:
        self.rank = {moment: rank for rank, moment in enumerate(moments, start=1)}
        self.tree = [0] * (len(moments) + 1)

    def add(self, moment: float) -> None:
        at = self.rank[moment]
        while at < len(self.tree):
            self.tree[at] += 1
            at += at & -at

    def before(self, moment: float) -> int:
        at, found = self.rank[moment] - 1, 0
        while at > 0:
            found += self.tree[at]
            at -= at & -at
        return found
