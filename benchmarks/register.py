"""Measures the register import against a bare COPY of the same rows into the same tables.

    .venv/bin/python benchmarks/register.py --persons 1000000

Without DATABASE_URL it starts a PostgreSQL of its own in a temporary directory and removes it.
The import is the command itself in a process of its own, from its start to its end. Its rows are
dumped, as they lie in the tables, to files in COPY's binary format; the bare COPY reads these
files and loads the same tables through one connection in one transaction, with the same
partitions, indexes, constraints and durability. Both start from empty tables, a checkpoint and
disks that are in step, and take turns; the medians are set against each other. Memory is what the
command holds (PSS) and what its PostgreSQL backend holds beside the buffers that all backends
share, added up, at its highest in any round.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from itertools import takewhile
from pathlib import Path
from statistics import median

import psutil
import psycopg
from telling import tell

TABLES = (
    "registry_household",
    "registry_person",
    "registry_case",
    "registry_progressdelta",
    "registry_registerimport",
)
LEAST_RATIO = 0.5
MOST_MB = 500
PERSONS_OF_THE_BUDGET = 1_000_000


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--persons", type=int, default=200_000)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-bench-"))
    try:
        result = measure(given.persons, given.rounds, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    server = result.pop("server")
    return tell(result, "duckdb", "pyarrow", postgresql=server)


def measure(wanted: int, rounds: int, home: Path) -> dict[str, object]:
    os.environ["CACAH_HOME"] = str(home)
    own_server = "DATABASE_URL" not in os.environ
    if own_server:
        from cacah.site.database import start_embedded

        os.environ["DATABASE_URL"] = start_embedded(home / "postgres")
    for command in (["migrate", "--verbosity", "0"], ["areas", "load"], ["keys", "create"]):
        cacah(*command)
    file = home / "register.csv"
    note(f"making {wanted:,} synthetic persons")
    families, persons = make_register(wanted, file)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        if count(database, "registry_household"):
            sys.exit("the register is not empty: give this benchmark a database of its own")
        imports, copies, right = [], [], True
        for number in range(rounds):
            note(f"round {number + 1} of {rounds}: importing, then copying the same rows")
            make_ready(database)
            imports.append(import_and_watch(file, database))
            stored = [count(database, table) for table in TABLES]
            right &= stored[:3] == [families, persons, families]
            if number == 0:
                dump(database, home)
            make_ready(database)
            copies.append(copy_back(database, home))
            right &= stored == [count(database, table) for table in TABLES]
        empty(database)
        server = database.info.server_version
    return report(families, persons, imports, copies, right) | {
        "server": f"{server // 10000}.{server % 10000}"
    }


def report(
    families: int,
    persons: int,
    imports: list[dict[str, float]],
    copies: list[dict[str, float]],
    right: bool,
) -> dict[str, object]:
    """Set the figures against the budgets; `right` when every row was stored every time."""
    seconds = median(figures["seconds"] for figures in imports)
    ratio = median(figures["seconds"] for figures in copies) / seconds
    peak = max(figures["peak_mb"] for figures in imports)
    fits = peak <= MOST_MB or persons > PERSONS_OF_THE_BUDGET * 1.01
    return {
        "persons": persons,
        "families": families,
        "persons_per_s": round(persons / seconds),
        "ratio_to_copy": round(ratio, 3),
        "peak_mb": round(peak),
        "import_s": [round(figures["seconds"], 2) for figures in imports],
        "copy_s": [round(figures["seconds"], 2) for figures in copies],
        "cpu_s": {
            "command": round(median(figures["cpu"] for figures in imports), 2),
            "backend": round(median(figures["backend"] for figures in imports), 2),
            "copy": round(median(figures["cpu"] for figures in copies), 2),
        },
        "budgets": {"ratio_to_copy": f">= {LEAST_RATIO}", "peak_mb": f"<= {MOST_MB}"},
        "every_row_stored": right,
        "holds": right and ratio >= LEAST_RATIO and fits,
    }


def empty(database: psycopg.Connection) -> None:
    database.execute(f"TRUNCATE {', '.join(TABLES)}")


def make_ready(database: psycopg.Connection) -> None:
    """Empty the tables, and let neither the database nor the disk owe anything."""
    empty(database)
    os.sync()
    database.execute("CHECKPOINT")


def note(text: str) -> None:
    print(text, "...", file=sys.stderr, flush=True)


def cacah(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cacah", *arguments], check=True, stdout=sys.stderr)


def make_register(wanted: int, file: Path) -> tuple[int, int]:
    """Write a register of at least `wanted` persons; return families and persons."""
    from cacah.rehearsal.files import write_register
    from cacah.rehearsal.population import population

    made = {"families": 0, "persons": 0}

    def enough(family) -> bool:
        if made["persons"] >= wanted:
            return False
        made["families"] += 1
        made["persons"] += len(family.members)
        return True

    # More families than needed are promised, so that every village has its share of those made.
    write_register(takewhile(enough, population("33", wanted // 3, 1)), file)
    return made["families"], made["persons"]


def count(database: psycopg.Connection, table: str) -> int:
    return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def import_and_watch(file: Path, database: psycopg.Connection) -> dict[str, float]:
    """Run the import command; return seconds, CPU-seconds and the highest memory in MB."""
    watched = {"peak_mb": 0.0, "backend": 0.0}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "-m", "cacah", "registry", "import", str(file)], stdout=sys.stderr
    )
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(command.pid, database, done, watched))
    watcher.start()
    status = command.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        sys.exit(f"the import ended with status {status}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu} | watched


def watch(
    pid: int, database: psycopg.Connection, done: threading.Event, watched: dict[str, float]
) -> None:
    """Note memory and the backend's CPU time ten times a second, until told to stop."""
    backends = (
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    while not done.wait(0.1):
        try:
            command = psutil.Process(pid)
            family = [command, *command.children(recursive=True)]
            memory = sum(process.memory_full_info().pss for process in family)
            for (backend_pid,) in database.execute(backends).fetchall():
                backend = psutil.Process(backend_pid)
                held = backend.memory_info()
                memory += held.rss - held.shared
                times = backend.cpu_times()
                watched["backend"] = max(watched["backend"], times.user + times.system)
        except psutil.Error:
            continue
        watched["peak_mb"] = max(watched["peak_mb"], memory / 1e6)


def dump(database: psycopg.Connection, home: Path) -> None:
    """Write the tables to files, partition by partition, in the order in which their rows lie."""
    for table in TABLES:
        rows = f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT binary)"
        with (
            (home / table).open("wb") as file,
            database.cursor() as cursor,
            cursor.copy(rows) as copy,
        ):
            file.writelines(copy)


def copy_back(database: psycopg.Connection, home: Path) -> dict[str, float]:
    """Copy the dump into the empty tables; return seconds with the commit, and CPU-seconds."""
    backend = psutil.Process(database.info.backend_pid)
    cpu_before = time.process_time() + sum(backend.cpu_times()[:2])
    started = time.perf_counter()
    with database.transaction(), database.cursor() as cursor:
        for table in TABLES:
            into = f"COPY {table} FROM STDIN (FORMAT binary)"
            with (home / table).open("rb") as file, cursor.copy(into) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
    seconds = time.perf_counter() - started
    cpu = time.process_time() + sum(backend.cpu_times()[:2]) - cpu_before
    return {"seconds": seconds, "cpu": cpu}


if __name__ == "__main__":
    sys.exit(main())
