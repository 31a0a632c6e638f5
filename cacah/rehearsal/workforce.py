"""Who works and studies in the institutions of a rehearsal: people of its families, and others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from cacah.institutions.models import Exemption
from cacah.rehearsal.families import FEMALE, Family, Member
from cacah.rehearsal.offices import INVITED, STAFFED, Office
from cacah.rehearsal.population import REFERENCE, name_pools

# So many families carry the whole of `offices`; fewer carry a part of each.
FULL_AT = 8000
# In a thousand: registered somewhere else, or excused.
STRANGERS, EXEMPT = 35, 20
EXCUSES = (Exemption.ABROAD, Exemption.VISITED, Exemption.OTHER)
STUDENT_AGES, STAFF_AGES = range(18, 22), range(22, 59)
SECONDARY_SCHOOL = "5"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person of a roster as the coordinator writes the file."""

    nik: str
    name: str
    number: str
    # Empty where the office has no units.
    unit: str
    # Empty unless excused.
    excuse: str = ""
    # The person's family among those of the rehearsal, by KK number; empty for a stranger.
    kk: str = ""


Workforce = dict[str, list[Colleague]]


def workforce(families: Sequence[Family], seed: int) -> Workforce:
    """Return the people of each office by its key; the same for the same arguments."""
    rng = Random(seed)  # noqa: S311  (a rehearsal must repeat itself)
    pools = {
        (area, students): _candidates(families, area, students, rng)
        for area, students in dict.fromkeys((office.area, office.students) for office in STAFFED)
    }
    scale = min(1.0, len(families) / FULL_AT)
    return {
        office.key: list(
            _staff(office, max(2, round(office.people * scale)), pools, rng),
        )
        for office in (*STAFFED, INVITED)
    }


def zeal(force: Workforce) -> dict[str, int]:
    """Return by KK number how many in a hundred of the most eager office of a family take part."""
    found: dict[str, int] = defaultdict(int)
    for office in STAFFED:
        for colleague in force[office.key]:
            if colleague.kk and not colleague.excuse:
                found[colleague.kk] = max(found[colleague.kk], office.zeal)
    return dict(found)


Pools = dict[tuple[str, bool], Iterator[tuple[Family, Member]]]


def _candidates(
    families: Sequence[Family], area: str, students: bool, rng: Random
) -> Iterator[tuple[Family, Member]]:
    """Yield whoever could work or study there, each once, in no order."""
    ages = STUDENT_AGES if students else STAFF_AGES
    found = [
        (family, member)
        for family in families
        if family.village.startswith(area)
        for member in family.members
        if REFERENCE.year - member.born.year - 1 in ages and member.education >= SECONDARY_SCHOOL
    ]
    rng.shuffle(found)
    return iter(found)


def _staff(office: Office, people: int, pools: Pools, rng: Random) -> Iterator[Colleague]:
    for n in range(people):
        number = f"{office.key.upper()}-{n + 1:04}"
        unit = rng.choice(office.units) if office.units else ""
        chosen = next(pools[office.area, office.students], None)
        if chosen is None or rng.randrange(1000) < STRANGERS:
            yield _stranger(office, number, unit, rng)
            continue
        family, member = chosen
        excuse = rng.choice(EXCUSES) if rng.randrange(1000) < EXEMPT else ""
        yield Colleague(member.nik, member.name, number, unit, excuse, family.kk)


def _stranger(office: Office, number: str, unit: str, rng: Random) -> Colleague:
    """Somebody whose family card lies in another province, so nobody here answers for them."""
    born = f"{rng.randrange(41, 69):02}{rng.randrange(1, 13):02}{rng.randrange(65, 99):02}"
    nik = f"{rng.choice(('340401', '317103', '327301'))}{born}{rng.randrange(1, 9999):04}"
    pools = name_pools()
    name = f"{rng.choice(pools[FEMALE])} {rng.choice(pools['last'])}".upper()
    return Colleague(nik, name, number, unit)
