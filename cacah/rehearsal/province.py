"""The population of a rehearsal: one regency in full and some families of other places.

Nobody may rehearse on a real register, so whoever changes anything asks `recognise` first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from cacah.areas.codes import parse
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.queries import has_registered_beside, registered_count
from cacah.rehearsal.families import Family
from cacah.rehearsal.population import population

SEED = 2020
# Kabupaten Batang, where 6,500 people answered and 3,200 held their proof in 2020; then two
# neighbours, two cities where the province's offices and a university are, and Kota Kupang.
HOME = "33.25"
# How many in a hundred of the families live in these; the others are of `HOME`.
BESIDE = {"33.26": 10, "33.24": 10, "33.75": 10, "33.74": 10, "53.71": 16}


class NotARehearsal(Exception):
    """The register holds families that no rehearsal made, or none at all."""


@cache
def province(families: int, seed: int = SEED) -> tuple[Family, ...]:
    """Return so many synthetic families, those of `HOME` first; the same for the same arguments."""
    return tuple(_drawn(families, seed))


def _drawn(families: int, seed: int) -> Iterator[Family]:
    beside = {area: families * share // 100 for area, share in BESIDE.items()}
    yield from population(parse(HOME), families - sum(beside.values()), seed)
    for area, many in beside.items():
        if many:
            yield from population(parse(area), many, seed)


def household_ids(families: Sequence[Family]) -> list[int]:
    """Return the id that each has in the register of this site."""
    digests = server_keys().kk_digests([family.kk.encode() for family in families])
    return [household_id_of(digest) for digest in digests]


def recognise(families: Sequence[Family]) -> list[int]:
    """Return the household ids of a register that holds these synthetic families and no other.

    Raises NotARehearsal: a census with a single real family is a real census, whatever somebody
    says on the command line.
    """
    ids = household_ids(families)
    if has_registered_beside(ids):
        raise NotARehearsal(
            "the register holds families that are not of this rehearsal; nothing was changed"
        )
    if not registered_count():
        raise NotARehearsal("the register is empty: import the rehearsal's population first")
    return ids
