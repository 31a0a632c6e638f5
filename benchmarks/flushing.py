"""How long this machine's disk takes to keep 8 KB for good, asked again and again beside a load.

No receipt is given before its submission is on the disk: a disk that stalls for half a second, as
shared ones do, holds up everybody for so long, and no server can help it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

EVERY_SECONDS = 0.02
BLOCK = bytes(8192)
BLOCKS = 2048


@contextmanager
def flushing(folder: Path) -> Iterator[list[float]]:
    """Write a block beside the database every 20 ms and wait for it; give the seconds it took."""
    path, seconds, stop = folder / "flushing", [], Event()
    path.write_bytes(BLOCK * BLOCKS)
    file = os.open(path, os.O_WRONLY)

    def work() -> None:
        while not stop.wait(EVERY_SECONDS):
            began = perf_counter()
            os.pwrite(file, BLOCK, len(seconds) % BLOCKS * len(BLOCK))
            os.fdatasync(file)
            seconds.append(perf_counter() - began)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield seconds
    finally:
        stop.set()
        thread.join()
        os.close(file)
        path.unlink()
