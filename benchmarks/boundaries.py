"""Measures how boundaries of the largest size that is taken are read, and what they hold in memory.

    .venv/bin/python benchmarks/boundaries.py --mb 125

Writes a GeoJSON of all districts of Indonesia, each with a coast of its own that its neighbours
share to the last digit, as offices export them, and reads it as `cacah areas boundaries` does, in a
process of its own. No database is needed: storing 7,000 paths takes a second. It checks that every
district was drawn and that neighbours still touch.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
settings.configure(INSTALLED_APPS=["cacah.areas"])
django.setup()

from telling import tell  # noqa: E402

from cacah.areas.outlines import MOST_BYTES, read  # noqa: E402
from cacah.areas.packaged import packaged_areas  # noqa: E402

BUDGET = {"seconds": 120.0, "peak_mb": 1_000.0}
COLUMNS = 120
WEST, SOUTH, WIDE, HIGH = 95.5, -10.5, 0.37, 0.26
# A position as it is written, "[109.123456, -7.123456], ".
BYTES_A_POSITION = 24
WAVES = 30


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mb", type=float, default=125, help="how large a file is made")
    arguments.add_argument("--districts", type=int, default=7_277)
    arguments.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.read:
        print(json.dumps(measured(given.read)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kecamatan.geojson"
        codes = [code for code in packaged_areas() if len(code) == 6][: given.districts]
        write(file, codes, given.mb * 2**20)
        result = {"mb": round(file.stat().st_size / 2**20, 1), "most_mb": MOST_BYTES / 2**20}
        child = [sys.executable, __file__, "--read", str(file)]
        done = subprocess.run(child, check=True, capture_output=True, text=True)
        result |= json.loads(done.stdout)
    result["budget"] = BUDGET
    result["holds"] = (
        result["drawn"] == len(codes)
        and result["apart"] == 0
        and all(result[name] <= most for name, most in BUDGET.items())
    )
    return tell(result, "shapely")


def write(file: Path, codes: list[str], size: float) -> None:
    """Write a square of the sea for each code, with as many positions as make the size."""
    points = max(2, int(size / len(codes) / BYTES_A_POSITION / 4))
    with file.open("w") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for n, (code, ring) in enumerate(zip(codes, rings(points), strict=False)):
            feature = {
                "type": "Feature",
                "properties": {"KDCPUM": f"{code[:2]}.{code[2:4]}.{code[4:]}"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
            }
            out.write((",\n" if n else "\n") + json.dumps(feature))
        out.write("\n]}\n")


def rings(points: int) -> Iterator[list[list[float]]]:
    """Yield closed rings of squares, row by row; what two squares share is the same in both."""
    for n in range(10**6):
        row, column = divmod(n, COLUMNS)
        south, north = across(row, column, points), across(row + 1, column, points)
        west, east = up(row, column, points), up(row, column + 1, points)
        ring = [*south[:-1], *east[:-1], *north[:0:-1], *west[::-1]]
        yield ring


def across(row: int, column: int, points: int) -> list[list[float]]:
    """Return the side from one corner to the next one east, as rugged as a coast."""
    t = np.linspace(0, 1, points + 1)
    x = WEST + (column + t) * WIDE
    y = SOUTH + (row + rugged(row, column, 0, t)) * HIGH
    return np.round(np.column_stack([x, y]), 6).tolist()


def up(row: int, column: int, points: int) -> list[list[float]]:
    """Return the side from one corner to the next one north."""
    t = np.linspace(0, 1, points + 1)
    x = WEST + (column + rugged(row, column, 1, t)) * WIDE
    y = SOUTH + (row + t) * HIGH
    return np.round(np.column_stack([x, y]), 6).tolist()


def rugged(row: int, column: int, side: int, t: Any) -> Any:
    """Return how far a side strays: nothing at its ends, and never across another one."""
    chance = np.random.default_rng((row, column, side))
    k = np.arange(1, WAVES + 1)
    heights = chance.uniform(-0.05, 0.05, WAVES) / k**1.5
    return (heights[:, None] * np.sin(np.pi * k[:, None] * t)).sum(axis=0)


def measured(file: Path) -> dict[str, Any]:
    """Read the file; return how long that took, what it held, and what came of it."""
    begin = time.monotonic()
    drawn, wrong = read(file)
    seconds = time.monotonic() - begin
    boxes = {each.code: each.box for each in drawn}
    return {
        "seconds": round(seconds, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "drawn": len(drawn),
        "wrong": len(wrong),
        "bytes_drawn": sum(len(each.path) for each in drawn),
        "apart": apart(boxes),
    }


def apart(boxes: dict[str, tuple[int, int, int, int]]) -> int:
    """Return how many siblings beside each other do not touch any more."""
    codes = list(boxes)
    pairs = zip(codes, islice(codes, 1, None), strict=False)
    beside = [
        (a, b) for n, (a, b) in enumerate(pairs) if a[:4] == b[:4] and n % COLUMNS != COLUMNS - 1
    ]
    return sum(boxes[a][2] < boxes[b][0] for a, b in beside)


if __name__ == "__main__":
    sys.exit(main())
