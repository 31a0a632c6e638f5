"""A laptop's small disk that can be filled to the last byte, and people who send then.

It is a tmpfs, so only root has one.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import orjson
from cutting import request

if TYPE_CHECKING:
    from pack import Village

    from tests.laptop import Laptop

MEGABYTES = 900
TRIES_WHILE_FULL = 3
RECOVERS_WITHIN_SECONDS = 30.0


class Disk:
    """A folder with a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with self.ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def free(self) -> None:
        self.ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk | None]:
    """Give the folder a small disk while the block runs; None where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False).returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def sent_to_a_full_disk(village: Village, disk: Disk, held: Laptop) -> dict[str, Any]:
    """Let families send while nothing can be stored, and again when there is room.

    Whatever they hold in the end is in `village.receipts`, also what was given while it was full.
    """
    bodies = {n: await village.ready(n, Random(n)) for n in range(len(village.families))}
    disk.fill()
    heard: Counter[int] = Counter()
    for _ in range(TRIES_WHILE_FULL):
        for n, body in bodies.items():
            answer = await village.unharmed(request("submit", body))
            heard[answer.status] += 1
            village.note(n, "submit", answer)
    given = len(village.answers)
    disk.free()
    restarted = not await is_back(held)
    if restarted:
        # As the guide would, who is told that the database cannot be reached.
        await asyncio.to_thread(held.power_cut)
        await asyncio.to_thread(held.start)
    for n, body in bodies.items():
        receipt = await village.pass_through(n, "again", body, Random(n))
        village.receipts[n] = orjson.loads(receipt)
    return {
        "full_disk": {
            "families": len(bodies),
            "answers_while_full": {str(status): times for status, times in heard.items()},
            "receipts_while_full": given,
            "had_to_be_started_again": restarted,
        }
    }


async def is_back(held: Laptop) -> bool:
    """Tell whether the site can store again by itself."""
    with suppress(TimeoutError):
        async with asyncio.timeout(RECOVERS_WITHIN_SECONDS):
            while not await asyncio.to_thread(held.is_ready):
                await asyncio.sleep(0.2)
            return True
    return False


def add(village: Village, late: Village) -> None:
    """Count the late families among the village's, so that all are compared alike."""
    first = len(village.families)
    village.families += late.families
    for name in ("answers", "receipts", "seats"):
        getattr(village, name).update({first + n: of for n, of in getattr(late, name).items()})
    village.refused += late.refused
    village.cuts += late.cuts
    village.tries += late.tries
