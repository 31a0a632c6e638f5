"""Keeps a worker of jobs beside the server: begun and ended with it, again where it fails."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

SECONDS_TO_END = 30
SECONDS_BETWEEN = 5.0
COMMAND = [sys.executable, "-m", "cacah", "jobs", "run", "--with-parent"]

log = logging.getLogger(__name__)


class Worker:
    """One process of `cacah jobs run`, and the thread that starts it again."""

    def __init__(self) -> None:
        self.ending = Event()
        self.process = self.start()
        self.watcher = Thread(target=self.watch, name="cacah-jobs", daemon=True)
        self.watcher.start()

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(COMMAND)  # noqa: S603

    def watch(self) -> None:
        """Start the worker again where it has ended by itself: the database may have been away."""
        while True:
            code = self.process.wait()
            if self.ending.wait(SECONDS_BETWEEN):
                return
            log.error("the worker of jobs has ended and is started again", extra={"code": code})
            self.process = self.start()

    def end(self) -> None:
        """Let the worker finish what it does, for some seconds."""
        self.ending.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.watcher.join(timeout=SECONDS_TO_END)


@contextmanager
def worker(wanted: bool) -> Iterator[None]:
    """Have a worker while this holds, if one is wanted."""
    if not wanted:
        yield
        return
    beside = Worker()
    try:
        yield
    finally:
        beside.end()
