"""What the demo tells a newcomer to try."""

from __future__ import annotations

import re

from cacah.rehearsal.offices import INVITED
from cacah.rehearsal.province import SEED, province
from cacah.rehearsal.workforce import workforce
from cacah.site.demonstration.telling import on_the_roster, without_a_signal


def test_one_family_to_try_has_somebody_on_the_roster_to_upload() -> None:
    families = province(300)
    (found,) = on_the_roster(families, families)
    niks = {each.nik for each in workforce(families, SEED)[INVITED.key]}
    assert any(member.nik in niks for member in found.members)
    rest = [each for each in families if on_the_roster([each], families) == []]
    assert on_the_roster(rest, families) == []


def test_it_says_how_to_hold_its_session_without_a_signal() -> None:
    told = "\n".join(without_a_signal("7K2M9QX", province(300)[:1]))
    assert re.search(r"session prepare 7K2M9QX --out \S+ --area 33\.25\.\d\d\.\d{4}$", told)
    assert list(without_a_signal("7K2M9QX", [])) == []
