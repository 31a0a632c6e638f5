"""A synthetic population: families with names, numbers and addresses in real villages."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import repeat
from random import Random

from faker import Faker

from cacah.areas.packaged import packaged_areas, packaged_villages
from cacah.rehearsal.families import FEMALE, MALE, Families, Family, Member

REFERENCE = date(2020, 2, 15)
COLUMNS = (
    "kk",
    "nik",
    "name",
    "relationship",
    "sex",
    "birth_place",
    "birth_date",
    "religion",
    "marital_status",
    "education",
    "citizenship",
    "address",
    "rt",
    "rw",
    "village",
    "sls",
    "sls_name",
)
FAMILIES_PER_SLS = 60
_POOL = 400
_SERIALS = 9999
_TITLE = re.compile(r"^(Kabupaten|Kota) (Administrasi )?")


class NoVillages(ValueError):
    """Raised for an area in which no packaged village lies."""


@cache
def name_pools() -> dict[str, list[str]]:
    """Names and streets drawn once by Faker, so that a person costs a choice and no provider."""
    fake = Faker("id_ID")
    fake.seed_instance(2020)
    return {
        MALE: [fake.first_name_male() for _ in range(_POOL)],
        FEMALE: [fake.first_name_female() for _ in range(_POOL)],
        "last": [fake.last_name() for _ in range(_POOL)],
        "street": [f"Jalan {fake.street()}" for _ in range(_POOL)],
    }


def population(
    area: str, families: int, seed: int, reference: date = REFERENCE
) -> Iterator[Family]:
    """Yield synthetic families, village by village, the same for the same arguments.

    `area` is an undotted code; raises `NoVillages` where no village lies in it. No two persons
    share a NIK and no two families a KK number.
    """
    rng = Random(seed)  # noqa: S311  (a rehearsal must repeat itself)
    villages = packaged_villages(area)
    if not villages:
        raise NoVillages(area)
    draw = Families(rng, reference).draw
    numbers = _Numbers(rng, villages, reference)
    for village, sls, sls_name in _places(rng, villages, families):
        family = draw()
        family.village, family.sls, family.sls_name = village, sls, sls_name
        _settle(rng, family)
        numbers.give(family)
        yield family


def rows(family: Family) -> Iterator[tuple[str, ...]]:
    """Yield one row a member, its cells in the order of `COLUMNS`, as the register import reads."""
    for member in family.members:
        yield (
            family.kk,
            member.nik,
            member.name,
            member.relationship,
            member.sex,
            member.birth_place,
            member.born.isoformat(),
            family.religion,
            member.marital_status,
            member.education,
            "1",
            family.address,
            family.rt,
            family.rw,
            family.village,
            family.sls,
            family.sls_name,
        )


def _places(rng: Random, villages: list[str], families: int) -> Iterator[tuple[str, str, str]]:
    """Yield (village, SLS code of 6 digits, SLS name) for each family; villages differ in size."""
    weights = [rng.lognormvariate(0, 0.6) for _ in villages]
    counts = Counter(rng.choices(range(len(villages)), weights, k=families))
    for index, village in enumerate(villages):
        count = counts[index]
        sls = math.ceil(count / FAMILIES_PER_SLS)
        for n in range(sls):
            size = count // sls + (n < count % sls)
            rt, rw = n % 5 + 1, n // 5 + 1
            yield from repeat((village, f"{n + 1:04}00", f"RT {rt:03} RW {rw:03}"), size)


def _settle(rng: Random, family: Family) -> None:
    """Give a family its address, and its members their names and places of birth."""
    pools = name_pools()
    areas = packaged_areas()
    home = _TITLE.sub("", areas[family.village[:4]])
    family.rt, family.rw = family.sls_name[3:6], family.sls_name[-3:]
    family.address = f"{rng.choice(pools['street'])} No. {rng.randrange(1, 200)}"
    last = rng.choice(pools["last"])
    for member in family.members:
        # Family names are the exception in Indonesia; most people have names of their own.
        own = last if rng.random() < 0.3 else rng.choice(pools["last"])
        member.name = f"{rng.choice(pools[member.sex])} {own}".upper()
        member.birth_place = (home if rng.random() < 0.85 else _elsewhere(rng)).upper()


@cache
def _regencies() -> list[str]:
    return [code for code in packaged_areas() if len(code) == 4]


def _elsewhere(rng: Random) -> str:
    return _TITLE.sub("", packaged_areas()[rng.choice(_regencies())])


class _Numbers:
    """Gives NIK and KK numbers as the civil registry does: area, date, then a running number."""

    def __init__(self, rng: Random, villages: list[str], reference: date) -> None:
        self._rng = rng
        self._reference = reference
        self._districts = sorted({village[:6] for village in villages})
        self._given: Counter[int] = Counter()

    def give(self, family: Family) -> None:
        rng = self._rng
        issued = self._reference - timedelta(days=rng.randrange(30, 3650))
        family.kk = self._next(family.village[:6], issued, 0)
        for member in family.members:
            member.nik = self._nik(family.village[:6], member)

    def _nik(self, home: str, member: Member) -> str:
        """A NIK names the district of first registration, for grown people not always today's."""
        small = (self._reference - member.born).days < 3 * 365
        stayed = small or self._rng.random() < 0.8
        first = home if stayed else self._rng.choice(self._districts)
        return self._next(first, member.born, 40 if member.sex == FEMALE else 0)

    def _next(self, district: str, day: date, added: int) -> str:
        start = int(f"{district}{day.day + added:02}{day:%m%y}")
        self._given[start] += 1
        number = self._given[start]
        # A day's running numbers are used up only in populations far beyond a province.
        if number > _SERIALS:
            raise OverflowError(f"more than {_SERIALS} numbers for {district} on {day}")
        return f"{start:012}{number:04}"
