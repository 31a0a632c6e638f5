"""What the demo tells a newcomer to try."""

from __future__ import annotations

from cacah.rehearsal.offices import INVITED
from cacah.rehearsal.province import SEED, province
from cacah.rehearsal.workforce import workforce
from cacah.site.demonstration.telling import on_the_roster


def test_one_family_to_try_has_somebody_on_the_roster_to_upload() -> None:
    families = province(300)
    (found,) = on_the_roster(families, families)
    niks = {each.nik for each in workforce(families, SEED)[INVITED.key]}
    assert any(member.nik in niks for member in found.members)
    rest = [each for each in families if on_the_roster([each], families) == []]
    assert on_the_roster(rest, families) == []
