"""What each family of a rehearsal does in the census, and when: a plan that repeats itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from random import Random

from cacah.rehearsal.curve import Curve
from cacah.rehearsal.families import Family
from cacah.rehearsal.workforce import workforce, zeal

# In a hundred of families without anybody in an office, by the end.
AT_HOME = 20
# In a hundred: who stops at the first sitting, who of them comes back, who is guided at work.
STOP, COME_BACK, GUIDED_AT_WORK, GUIDED_AT_HOME = 30, 55, 45, 4
# In a thousand families: who asks for a visit, and how many more are not in the register.
VISITS, UNLISTED = 4, 4
# Families that somebody who tries the site out is told of, and those that it is checked with.
LEFT_ALONE = 12


class Step(StrEnum):
    """What a family does at one moment."""

    OPEN = "open"
    SUBMIT = "submit"
    VISIT = "visit"
    # A family that the register does not have leaves word, and answers at once.
    LEAVE_WORD = "leave_word"
    LEAVE_WORD_AND_ANSWER = "leave_word_and_answer"


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one family; `index` is its place among the families of the plan."""

    at: datetime
    step: Step
    index: int
    guided: bool = False
    # The token of a seat in a guided session, and the code of an invitation.
    seat: str = ""
    invitation: str = ""


def plan(families: Sequence[Family], seed: int, curve: Curve) -> list[Event]:
    """Return everything that these families do between the census's two ends, oldest first."""
    eager = zeal(workforce(families, seed))
    events = [
        event
        for index, family in enumerate(families)
        if index not in left_alone(len(families))
        for event in _events(index, family, eager.get(family.kk), _random(seed, family), curve)
    ]
    return sorted(events, key=lambda event: (event.at, event.index, event.step))


def left_alone(families: int) -> range:
    """Return the places of the families that do nothing by themselves."""
    start = families // 5
    return range(start, start + LEFT_ALONE)


def _events(
    index: int, family: Family, eager: int | None, rng: Random, curve: Curve
) -> Sequence[Event]:
    if rng.randrange(1000) < VISITS and eager is None:
        at = curve.moment(rng, guided=False)
        return [Event(at, Step.OPEN, index), Event(at + _minutes(rng, 6), Step.VISIT, index)]
    chance = AT_HOME * _reach(family) if eager is None else eager
    if rng.random() * 100 >= chance:
        return []
    guided = rng.randrange(100) < (GUIDED_AT_HOME if eager is None else GUIDED_AT_WORK)
    opened = curve.moment(rng, guided=guided)
    if eager is not None:  # whom an office reminds is earlier
        opened = min(opened, curve.moment(rng, guided=guided))
    first = Event(opened, Step.OPEN, index, guided)
    if guided or rng.randrange(100) >= STOP:
        return [first, Event(opened + _minutes(rng, 18), Step.SUBMIT, index, guided)]
    if rng.randrange(100) >= COME_BACK:
        return [first]
    later = opened + timedelta(days=rng.expovariate(1 / 3)) + _minutes(rng, 18)
    return [first, Event(later, Step.SUBMIT, index)]


def unlisted_plan(count: int, seed: int, curve: Curve) -> list[Event]:
    """Return when families that are not in the register leave word; `index` counts them."""
    rng = Random(seed)  # noqa: S311  (a rehearsal must repeat itself)
    steps = (Step.LEAVE_WORD, Step.LEAVE_WORD_AND_ANSWER)
    drawn = [Event(curve.moment(rng, guided=False), rng.choice(steps), n) for n in range(count)]
    return sorted(drawn, key=lambda event: event.at)


def _minutes(rng: Random, usual: float) -> timedelta:
    return timedelta(minutes=min(90.0, rng.lognormvariate(0, 0.5) * usual))


def _random(seed: int, family: Family) -> Random:
    """A family draws the same whatever the others do and however many they are."""
    return Random(f"{seed} {family.kk}")  # noqa: S311  (a rehearsal must repeat itself)


def _reach(family: Family) -> float:
    """How far the census reaches a place: some villages and neighbourhoods have hardly a signal."""
    village, sls = (_share(place) for place in (family.village, family.village + family.sls))
    return (0.15 if village < 0.12 else 0.5 + 1.2 * village) * (0.6 + 0.8 * sls)


def _share(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32
