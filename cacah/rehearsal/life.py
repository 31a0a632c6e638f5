"""Plays the weeks of a census on a rehearsal's register: what is due happens, through the door.

Every answer is a real submission: checked by every rule, sealed to the office's key, receipted and
counted as one that a device had sent, only at the moment that the plan says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from random import Random

from django.utils import timezone

from cacah.areas.codes import parse
from cacah.collection import instruments, intake, pool, sessions, unlisted
from cacah.collection.actions import mark_opened, notice
from cacah.collection.intake import NotFirst, Sent, census_day
from cacah.collection.receipts import reference_for
from cacah.registry import cases
from cacah.registry.actions import add_unlisted, ask_for_a_visit
from cacah.registry.keys import server_keys
from cacah.registry.models import Mode, Reason
from cacah.registry.queries import census, states, visits
from cacah.rehearsal.answers import answers_for
from cacah.rehearsal.curve import Curve
from cacah.rehearsal.families import Family
from cacah.rehearsal.fates import UNLISTED, Event, Step, plan, unlisted_plan
from cacah.rehearsal.population import population
from cacah.rehearsal.province import HOME, recognise

Progress = Callable[[int, int], None]
# What a visit is asked for with; nobody's words.
NOTE = "Rumah cat hijau di belakang masjid."


@dataclass
class Life:
    """The families of a rehearsal on this site, and how far each has come."""

    families: Sequence[Family]
    seed: int
    # By the family's place: its household and the state of its case.
    ids: list[int]
    states: dict[int, str]
    # Households that have asked for a visit.
    asked: set[int]
    code: str

    def play(self, event: Event) -> bool:
        """Let one thing happen; False where it has happened before."""
        done: bool = getattr(self, event.step.value)(event)
        return done

    def open(self, event: Event) -> bool:
        """Let a family see its form."""
        household_id, mode = self.ids[event.index], mode_of(event)
        if self.states.get(household_id) not in cases.sources("open"):
            return False
        day, at = census_day(event.at), event.at
        pool.run(lambda c: mark_opened(c, household_ids=[household_id], at=at, day=day, mode=mode))
        self.states[household_id] = cases.target("open")
        return True

    def submit(self, event: Event) -> bool:
        """Let a family send its answers."""
        return bool(self.submit_together([event]))

    def submit_together(self, events: Sequence[Event]) -> int:
        """Let those send that have not, all at the moment of the first; return how many did."""
        batch = []
        for event in events:
            household_id, family = self.ids[event.index], self.families[event.index]
            if self.may_answer(event.index):
                self.states[household_id] = cases.target("submit")
                niks = sessions.prefixes([member.nik for member in family.members])
                batch.append(self.sent(household_id, family, event, niks))
        return take(batch, events[0].at) if batch else 0

    def visit(self, event: Event) -> bool:
        """Let a family that cannot fill in ask for an officer."""
        household_id = self.ids[event.index]
        if household_id in self.asked:
            return False
        reason = Reason.values[household_id % len(Reason.values)]
        sealed = server_keys().seal_record(household_id, {"note": NOTE})
        pool.run(
            lambda c: ask_for_a_visit(
                c, household_id=household_id, reason=reason, sealed=sealed, at=event.at
            )
        )
        return True

    def leave_word(self, event: Event) -> int | None:
        """Let a family that the register does not have leave word; its household, None if known."""
        family = unlisted_family(self.seed, event.index)
        stored = unlisted.words_of(word_of(family), reference_for(key_of(self.seed, event)))
        at, day, household_id = event.at, census_day(event.at), stored.household_id
        if not pool.run(lambda c: add_unlisted(c, family=stored, at=at, day=day)):
            return None
        digests = [server_keys().nik_digest(family.members[0].nik)]
        pool.run(lambda c: notice(c, household_id=household_id, digests=digests, at=at))
        return household_id

    def leave_word_and_answer(self, event: Event) -> bool:
        """Let such a family answer at once besides."""
        household_id = self.leave_word(event)
        if household_id is None:
            return False
        family = unlisted_family(self.seed, event.index)
        return bool(take([self.sent(household_id, family, event, b"")], event.at))

    def may_answer(self, index: int) -> bool:
        """Tell whether a family has not answered yet."""
        return self.states.get(self.ids[index]) in cases.sources("submit")

    def sent(self, household_id: int, family: Family, event: Event, registered: bytes) -> Sent:
        """Return a family's answers as its device would send them."""
        session = sessions.Session(
            household_id=household_id,
            revision=0,
            persons_before=0,
            identified=1,
            begun=int(event.at.timestamp()),
            instrument=instruments.current().digest,
            mode=mode_of(event),
            registered=registered,
        )
        answers = answers_for(family, Random(f"{self.seed} {family.kk}"))  # noqa: S311
        body = {"answers": answers, "language": "id", "remarks": {}}
        body |= {"guide": event.seat, "invitation": event.invitation}
        return Sent(session, key_of(self.seed, event), self.code, body)


def live(
    families: Sequence[Family], *, seed: int, progress: Progress = lambda done, total: None
) -> Counter[Step]:
    """Let everything happen that is due by now and has not happened; return how often each did.

    Safe to repeat: what a former run or a visitor has done stays. Raises NotARehearsal where the
    register is not that of these families, NoCensus, and DatabaseUnreachable.
    """
    life = awake(families, seed=seed)
    found, now = census(), timezone.localtime()
    curve = Curve(timezone.localtime(found.opens_at), timezone.localtime(found.closes_at))
    more = unlisted_plan(len(families) * UNLISTED // 1000, seed, curve)
    due = [event for event in (*plan(families, seed, curve), *more) if event.at < now]
    done: Counter[Step] = Counter()
    with hurried():
        for n, event in enumerate(due, start=1):
            done[event.step] += bool(life.play(event))
            progress(n, len(due))
    return done


def take(batch: list[Sent], at: datetime) -> int:
    """Hand answers to the door that come at one moment; return how many were not there yet.

    Raises the door's own Problem where a rule refuses them.
    """
    fresh = 0
    for outcome in intake.take(batch, at):
        if isinstance(outcome, Exception) and not isinstance(outcome, NotFirst):
            raise outcome
        fresh += not isinstance(outcome, NotFirst)
    return fresh


def awake(families: Sequence[Family], *, seed: int) -> Life:
    """Return the families of a rehearsal as they stand now; raises NotARehearsal, NoCensus."""
    ids = recognise(families)
    asked = {each.household_id for each in visits(area="")}
    return Life(families, seed, ids, states(ids), asked, census().code)


@contextmanager
def hurried() -> Iterator[None]:
    """Do not wait for the disk at each family: should the machine fail, the next run repeats it."""
    pool.run(lambda connection: connection.execute("SET synchronous_commit = off"))
    try:
        yield
    finally:
        pool.close()


def mode_of(event: Event) -> str:
    """Return how the answers come."""
    return Mode.GUIDED.value if event.guided else Mode.CAWI.value


def key_of(seed: int, event: Event) -> bytes:
    """Return the 16 bytes that a device would have drawn, the same at every run."""
    return blake2b(f"{seed} {event.step} {event.index}".encode(), digest_size=16).digest()


def unlisted_family(seed: int, number: int) -> Family:
    """Return the family of that number among those that the register does not have."""
    family = next(islice(population(parse(HOME), number + 1, seed + 1), number, None))
    for place, member in enumerate(family.members):
        # Running numbers that no registered person has.
        member.nik = f"{member.nik[:12]}{9000 + (number * 20 + place) % 1000}"
    return family


def word_of(family: Family) -> dict[str, object]:
    """Return what the family leaves at the door."""
    first = family.members[0]
    return {
        "name": first.name,
        "village": family.village,
        "address": f"{family.address}, RT {family.rt} RW {family.rw}",
        "contact": "0812-0000-0000",
        "persons": len(family.members),
        "nik": first.nik,
        "visit": len(family.members) % 3 == 0,
    }
