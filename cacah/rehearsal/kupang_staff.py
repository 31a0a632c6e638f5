"""Who works in the institutions of Kupang: people of the rehearsal's families there, and others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from cacah.institutions.actions import Person
from cacah.rehearsal.families import FEMALE, Family, Member
from cacah.rehearsal.kupang_offices import OFFICES, TOWN
from cacah.rehearsal.population import REFERENCE, name_pools
from cacah.rehearsal.province import SEED
from cacah.rehearsal.workforce import SECONDARY_SCHOOL, STAFF_AGES

SMALLEST, LARGEST = 4, 60
# As far as the families go; who is no part of them is registered elsewhere.
FROM_HERE = 0.95
ELSEWHERE = ("530301", "530401", "531001")


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person of a roster; `family` is its place among the rehearsal's, None for others."""

    person: Person
    family: int | None


def staff_of_offices(families: Sequence[Family]) -> list[list[Colleague]]:
    """Return the people of each of `OFFICES`; the same for the same families."""
    rng = Random(SEED)  # noqa: S311  (a rehearsal must repeat itself)
    sizes = [min(LARGEST, int(SMALLEST * rng.paretovariate(1.1))) for _ in OFFICES]
    there = [
        (index, next(filter(may_work, family.members)))
        for index, family in enumerate(families)
        if family.village.startswith(TOWN) and any(map(may_work, family.members))
    ]
    rng.shuffle(there)
    # As large as the families can fill them.
    scale = min(1.0, len(there) / FROM_HERE / sum(sizes))
    sizes = [max(SMALLEST, round(size * scale)) for size in sizes]
    share = min(FROM_HERE, len(there) / sum(sizes))
    drawn = iter(there)
    return [list(_staff(number, size, share, drawn, rng)) for number, size in enumerate(sizes)]


def may_work(member: Member) -> bool:
    """Tell whether somebody is of the age and the schooling of an office."""
    age = REFERENCE.year - member.born.year - 1
    return age in STAFF_AGES and member.education >= SECONDARY_SCHOOL


def _staff(
    office: int, size: int, share: float, drawn: Iterator[tuple[int, Member]], rng: Random
) -> Iterator[Colleague]:
    for number in range(size):
        chosen = next(drawn, None) if rng.random() < share else None
        if chosen is None:
            yield Colleague(_stranger(office, number, rng), None)
        else:
            index, member = chosen
            yield Colleague(Person(member.nik, member.name), index)


def _stranger(office: int, number: int, rng: Random) -> Person:
    born = f"{rng.randrange(41, 69):02}{rng.randrange(1, 13):02}{rng.randrange(65, 99):02}"
    pools = name_pools()
    name = f"{rng.choice(pools[FEMALE])} {rng.choice(pools['last'])}".upper()
    return Person(f"{rng.choice(ELSEWHERE)}{born}{office * 100 + number:04}", name)
