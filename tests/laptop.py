"""A laptop that holds a session without a signal, as processes of its own that can be struck down.

Benchmarks share it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
# Of a busy machine; it is only ever waited for until the site is there.
PATIENCE_SECONDS = 180
OURS = ("CACAH", "DATABASE", "DJANGO", "PGHOST", "PGUSER")


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Laptop:
    """A pack on a disk of its own, and the processes that serve it."""

    def __init__(self, pack: Path, passphrase: str, host: str = "127.0.0.1") -> None:
        self.pack, self.host, self.port = pack, host, free_port()
        self.folder = pack.with_name(f"{pack.name}.site")
        self.secret = pack.with_name("passphrase")
        self.secret.write_text(passphrase)
        self.log = pack.with_name("laptop.log")
        self.server: psutil.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def guide_link(self) -> str:
        """Return the address that signs the guide in, as the last start has printed it."""
        found = re.findall(r"http://\S+/kantor/lapangan/\S+/", self.log.read_text())
        return str(found[-1])

    def arguments(self, verb: str, *more: str) -> list[str]:
        given = ["--passphrase-file", str(self.secret), *more]
        return [sys.executable, "-m", "cacah", "session", verb, str(self.pack), *given]

    def environment(self) -> dict[str, str]:
        """Return that of a computer which knows nothing of the centre."""
        return {name: of for name, of in os.environ.items() if not name.startswith(OURS)}

    def start(self) -> None:
        """Serve the pack and wait until phones may come."""
        with self.log.open("a") as log:
            more = ("--host", self.host, "--port", str(self.port))
            self.server = psutil.Popen(
                self.arguments("serve", *more),
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if self.server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(self.log.read_text()[-4000:])
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), 1) as wire:
                wire.sendall(
                    b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                return b" 200 " in wire.recv(64)
        except OSError:
            return False

    def power_cut(self) -> None:
        """End every process of the server and of its database in the same instant."""
        struck = list(self.processes())
        for verb in (signal.SIGSTOP, signal.SIGKILL):
            for process in struck:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(verb)
        psutil.wait_procs(struck, 20)

    def processes(self) -> Iterator[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            if self.server is not None:
                yield from (self.server, *self.server.children(recursive=True))
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            first = (self.folder / "postgres/postmaster.pid").read_text().split()[0]
            postmaster = psutil.Process(int(first))
            yield from (postmaster, *postmaster.children(recursive=True))

    def stop(self) -> None:
        """End the server as Ctrl-C does."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(60)

    def run(self, verb: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Run `cacah session deliver` or `outbox` beside it; returns what it said."""
        return subprocess.run(
            self.arguments(verb, *more),
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def begin(self, verb: str, *more: str) -> psutil.Popen:
        """Begin such a command, to be struck down or waited for."""
        with self.log.open("a") as log:
            return psutil.Popen(
                self.arguments(verb, *more),
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


@contextmanager
def laptop(pack: Path, passphrase: str, host: str = "127.0.0.1") -> Iterator[Laptop]:
    """Give a laptop with this pack, none of whose processes outlives the block."""
    made = Laptop(pack, passphrase, host)
    try:
        yield made
    finally:
        made.power_cut()
