"""Projections and targets of a rehearsal's areas, in the file that `cacah areas` imports."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cacah.rehearsal.families import Family

# Per cent of the projected population, by regency: the targets of 2020 lay between 17 and 23.
TARGETS = {"3325": 17, "3326": 17, "3324": 18, "3375": 23, "3374": 23, "5371": 23}
PROVINCE_TARGET = 20
# The office projects a few more people than the register has.
PROJECTED = 1.03
LEVELS = (2, 4, 6, 10)


def write_targets(families: Sequence[Family], path: Path) -> None:
    """Write a projection and a target for every area with families, from province to village."""
    persons: Counter[str] = Counter()
    for family in families:
        for digits in LEVELS:
            persons[family.village[:digits]] += len(family.members)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "projected_population", "target_percent"))
        for code, count in sorted(persons.items()):
            target = TARGETS.get(code[:4], PROVINCE_TARGET)
            writer.writerow((code, round(count * PROJECTED), target))
