"""A database with every table in it, that each process of the tests copies instead of migrating."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import fasteners
import psycopg

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "prepared_cacah_"
MAKING = "making_prepared_cacah"


def prepared() -> str:
    """Return the database's name; it is made for each state of the migrations once."""
    name = PREFIX + state_of_migrations()
    with (
        fasteners.InterProcessLock(ROOT / "var" / ".prepared.lock"),
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server,
    ):
        found = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
            [PREFIX],
        )
        there = [row[0] for row in found]
        if name not in there:
            # Those of the last states stay: somebody may be about to copy them.
            for old in there[2:]:
                server.execute(f"DROP DATABASE {old} WITH (FORCE)".encode())
            make(server, name)
    return name


def state_of_migrations() -> str:
    """Return a digest of our migrations and of the versions of others'; theirs are theirs alone."""
    digest = sha256()
    for path in (*sorted((ROOT / "cacah").rglob("migrations/*.py")), ROOT / "constraints.txt"):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def make(server: psycopg.Connection, name: str) -> None:
    """Migrate a new database, which has its name when it is whole."""
    server.execute(f"DROP DATABASE IF EXISTS {MAKING} WITH (FORCE)".encode())
    server.execute(f"CREATE DATABASE {MAKING}".encode())
    more = {
        "DJANGO_SETTINGS_MODULE": "cacah.site.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/postgres?", f"/{MAKING}?", 1),
    }
    command = [sys.executable, "-m", "cacah", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=os.environ | more, check=True)
    server.execute(f"ALTER DATABASE {MAKING} RENAME TO {name}".encode())
