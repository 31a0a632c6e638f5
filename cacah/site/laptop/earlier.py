"""Ends an earlier start of a pack whose window was closed, so that the same command goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE_SECONDS = 15


def end_earlier_starts(pack: Path) -> int:
    """End every process that serves this very pack beside our own; return how many there were.

    Closing a window does not end a server, and one that was struck down may leave its workers:
    they would keep the port, and nobody in a village hall knows how to find them.
    """
    found = list(_serving(pack.resolve()))
    for each in found:
        with suppress(psutil.Error):
            each.terminate()
    _gone, stubborn = psutil.wait_procs(found, PATIENCE_SECONDS)
    for each in stubborn:
        with suppress(psutil.Error):
            each.kill()
    return len(found)


def _serving(pack: Path) -> Iterator[psutil.Process]:
    # `sudo cacah session serve …` bears the same words, twice even.
    own = {os.getpid(), *(each.pid for each in psutil.Process().parents())}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            words = process.cmdline()
            if process.pid in own or not {"session", "serve"} <= set(words):
                continue
            named = (word for word in words if Path(word).name == pack.name)
            if any((Path(process.cwd()) / word).resolve() == pack for word in named):
                yield process
