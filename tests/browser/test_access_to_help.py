"""No barrier, and nothing wider than a small phone, before who is not found or needs help."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from . import small, tour_of_help
from .barriers import barriers
from .resident import PHONE, Resident
from .test_access import shoot


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
@pytest.mark.parametrize("walk", [tour_of_help.not_in_the_register, tour_of_help.wanting_help])
def test_it_puts_no_barrier_before_who_is_not_found_or_needs_help(
    resident: Resident, walk: Callable[[Resident, str], Iterator[str]], prefix: str
) -> None:
    found = {}
    for name in walk(resident, prefix):
        shoot(resident, f"{prefix[1:] or 'id'}-{name}")
        wrong = [] if prefix else barriers(resident.page)
        # A narrower window would close the open list.
        if name != "village-list":
            wrong += small.faults(resident.page, PHONE)
        if wrong:
            found[name] = wrong
    assert not found, "\n".join(f"{name}: {wrong}" for name, wrong in found.items())
