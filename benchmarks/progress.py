"""Measures pages of progress at national size, and folding beside a thousand submissions a second.

    .venv/bin/python benchmarks/progress.py

Three to five minutes and 3 GB of disk; `--households 200000` is a first look. A site of its own
under /tmp: all 83,763 villages, households and their cases written straight into the tables, 50,000
of them first and then five million, all of which have answered in the course of 45 days. Each time
an officer's page of the nation, a province, a regency, a district and a village
is fetched from the real server while two thousand changes wait to be folded; counted is the CPU
of the server and of its database backends. Then a thousand families a second open and answer (what
the door writes of them, in one statement for many), `cacah jobs run` folds, and the pages are
compared with a recount of every case, in the middle of it and at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from door import Site, used  # noqa: E402
from telling import tell  # noqa: E402

AREAS = {"nation": "", "province": "33", "regency": "3325", "district": "332511"}
AREAS |= {"village": "3325111015"}
BUDGET = {"cpu_ms_a_page": 20.0, "families_per_s": 1000.0}
FEW = 50_000
DAYS = 45
PENDING = 2000
RATE, SECONDS = 1000, 20
# The worker folds every second: more than three rounds of changes never wait.
MOST_WAITING = 2 * RATE * 3
BIG = ("registry_household", "registry_case")

PREPARE = """
CREATE UNLOGGED TABLE village AS
    SELECT row_number() OVER (ORDER BY code) - 1 AS n, code FROM areas_area WHERE level = 4;
ANALYZE village;
"""
# A family for each number, spread over villages, days and modes.
FAMILIES = """
SELECT i AS id, code AS area, (1 + i %% 6)::int AS expected, (1 + i %% 5)::int AS persons,
    CASE WHEN i %% 10 < 8 THEN 'cawi' ELSE 'guided' END AS mode,
    %(begin)s::date + (i %% 7919 %% %(days)s)::int AS day
FROM generate_series(%(first)s::int8, %(last)s) AS i JOIN village ON n = i * 7919 %% 83763
"""
HOUSEHOLDS = f"""
INSERT INTO registry_household (id, kk_digest, area, persons, record, content_digest, source_id)
SELECT id, '', area, expected, '', '', 0 FROM ({FAMILIES}) AS family
"""
CASES = f"""
INSERT INTO registry_case
    (household_id, area, state, mode, persons, revision, opened_at, submitted_at)
SELECT id, area, 'submitted', mode, persons, 1, day + interval '4 hours', day + interval '5 hours'
FROM ({FAMILIES}) AS family
"""
# The counts that the fold would have made of them one by one, beside those that are there.
COUNTED = f"""
CREATE UNLOGGED TABLE counted AS
SELECT area, day, mode, {{sums}} FROM (
    SELECT area, day, mode, {{names}} FROM monitoring_progress WHERE length(area) = 10
    UNION ALL
    SELECT area, day, mode, 1, expected, 1, 1, persons, 1, persons, 0, 0, 0, 0, 1
    FROM ({FAMILIES}) AS family
) AS parts GROUP BY area, day, mode
"""
REPLACED = """
ALTER TABLE monitoring_progress DROP CONSTRAINT monitoring_progress_pkey;
TRUNCATE monitoring_progress;
INSERT INTO monitoring_progress (area, day, mode, {names})
    SELECT area, day, mode, {names} FROM counted ORDER BY area, day, mode;
DROP TABLE counted;
"""
ABOVE = """
INSERT INTO monitoring_progress (area, day, mode, {names})
SELECT left(area, {size}), day, mode, {sums} FROM monitoring_progress
WHERE length(area) = {below} GROUP BY 1, 2, 3;
"""
# What the door's statements write of families that open their form and answer at once.
ANSWER = """
WITH chosen AS (
    SELECT i AS id, 1 + i %% 6 AS persons, code AS area
    FROM generate_series(%(first)s::int8, %(last)s) AS i JOIN village ON n = i * 7919 %% 83763
), household AS (
    INSERT INTO registry_household
        (id, kk_digest, area, persons, record, content_digest, source_id)
    SELECT id, '', area, persons, '', '', 0 FROM chosen
), expected AS (
    INSERT INTO registry_case
        (household_id, area, state, mode, persons, revision, opened_at, submitted_at)
    SELECT id, area, 'submitted', 'cawi', persons, 1, now(), now() FROM chosen
)
INSERT INTO registry_progressdelta (area, day, mode, expected_families, expected_persons,
    opened_families, responded_families, responded_persons, complete_families, complete_persons,
    household_id, opened_at)
SELECT area, %(day)s::date, 'cawi', kind, kind * persons, kind, 1 - kind, (1 - kind) * persons,
    1 - kind, (1 - kind) * persons, id, now()
FROM chosen, unnest(ARRAY[1, 0]) AS kind
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--households", type=int, default=5_000_000)
    arguments.add_argument("--requests", type=int, default=100)
    given = arguments.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cprog-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    from cacah.site.database import start_embedded

    # The set-up is no part of what is measured, and its tables need not survive a power cut.
    url = start_embedded(home / "postgres", max_wal_size="8GB", fsync="off", wal_level="minimal",
                         max_wal_senders="0", work_mem="256MB")  # fmt: skip
    os.environ["DATABASE_URL"] = url
    try:
        result = measure(url, home, given.households, given.requests)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    server = result.pop("server")
    return tell(result, "Django", postgresql=server)


def measure(url: str, home: Path, households: int, requests: int) -> dict[str, Any]:
    set_up()
    with psycopg.connect(url, autocommit=True) as database:
        for table in BIG:
            # No page reads a case, only the judge does, all of them: heaps of rows are enough.
            database.execute(
                f"ALTER TABLE {table} RENAME TO {table}_proper;"
                f"CREATE UNLOGGED TABLE {table} (LIKE {table}_proper INCLUDING DEFAULTS)"
                " WITH (autovacuum_enabled = false)"
            )
        database.execute("ALTER TABLE monitoring_progress SET UNLOGGED")
        database.execute(PREPARE)
        cookie = officers_cookie()
        site = Site(home, 1, 8)
        try:
            pages = {}
            for first, last in ((1, FEW), (FEW + 1, households)):
                note(f"making households {first:,} to {last:,}")
                make(database, first, last)
                pages[f"{last}"] = of_pages(site, database, cookie, requests)
        finally:
            site.stop()
        folding = fold_beside(database, home)
        server = database.info.server_version
    return {
        "villages": 83763,
        "cpu_ms_a_page": pages,
        "folding": folding,
        "budget": BUDGET,
        "holds": holds(pages, folding),
        "server": f"{server // 10000}.{server % 10000}",
    }


def holds(pages: dict[str, Any], folding: dict[str, Any]) -> bool:
    dearest = max(level["cpu_ms"] for size in pages.values() for level in size.values())
    return (
        dearest <= BUDGET["cpu_ms_a_page"]
        and folding["families_per_s"] >= BUDGET["families_per_s"] * 0.99
        and folding["most_waiting"] <= MOST_WAITING
        and folding["left_over"] == 0
        and not folding["differences"]
    )


def set_up() -> None:
    """Bring the site up to the day on which everybody looks at its pages."""
    from django.utils import timezone

    for command in (["keys", "create"], ["migrate", "--verbosity", "0"], ["areas", "load"]):
        cacah(*command)
    import django

    django.setup()
    today = timezone.localdate()
    opens, closes = today - timedelta(days=DAYS), today + timedelta(days=10)
    cacah("census", "set", "--opens", str(opens), "--closes", str(closes))
    cacah("collectstatic", "--no-input", "--verbosity", "0")
    cacah("shell", "build")


def officers_cookie() -> str:
    """Return the cookie of a national officer who has shown the second factor."""
    from django.test import Client

    from cacah.staff.tests.cast import officer, signed_in

    client = signed_in(Client(), officer("national"))
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def make(database: psycopg.Connection, first: int, last: int) -> None:
    """Write households, their cases and the counts of them, as if folded."""
    from django.utils import timezone

    from cacah.monitoring.actions import fold_all
    from cacah.monitoring.figures import COUNTS

    fold_all()
    begin = timezone.localdate() - timedelta(days=DAYS)
    given = {"first": first, "last": last, "begin": begin, "days": DAYS}
    in_halves(database, HOUSEHOLDS, given)
    in_halves(database, CASES, given)
    names = ", ".join(COUNTS)
    sums = ", ".join(f"sum({name})::int AS {name}" for name in COUNTS)
    database.execute(COUNTED.format(names=names, sums=sums), given)
    database.execute(REPLACED.format(names=names))
    for size, below in ((6, 10), (4, 6), (2, 4), (0, 2)):
        database.execute(ABOVE.format(size=size, below=below, names=names, sums=sums))
    database.execute("ALTER TABLE monitoring_progress ADD PRIMARY KEY (area, day, mode)")
    database.execute("TRUNCATE monitoring_total")
    database.execute(
        f"INSERT INTO monitoring_total (area, {names})"
        f" SELECT area, {sums} FROM monitoring_progress GROUP BY area"
    )
    database.execute("VACUUM ANALYZE monitoring_progress, monitoring_total")
    answer(database, 100_000_000 + last, PENDING // 2)
    database.execute("CHECKPOINT")


def in_halves(database: psycopg.Connection, statement: str, given: dict[str, Any]) -> None:
    """Run a statement for the two halves of its numbers at once."""
    middle = (given["first"] + given["last"]) // 2
    halves = ({**given, "last": middle}, {**given, "first": middle + 1})
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda half: run(database.info.dsn, statement, half), halves))


def run(dsn: str, statement: str, given: dict[str, Any]) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(statement, given)


def answer(database: psycopg.Connection, first: int, families: int) -> None:
    from django.utils import timezone

    given = {"first": first, "last": first + families - 1, "day": timezone.localdate()}
    database.execute(ANSWER, given)


def of_pages(
    site: Site, database: psycopg.Connection, cookie: str, requests: int
) -> dict[str, dict[str, float]]:
    """Return for each level what one page costs: CPU of server and database, bytes, seconds."""
    from django.urls import reverse

    wire = HTTPConnection("127.0.0.1", site.port, timeout=60)
    found = {}
    for level, code in AREAS.items():
        path = reverse("progress-area", args=[code])
        for _ in range(10):
            size = fetch(wire, path, cookie)
        cost, seconds = fetched(site, database, partial(fetch, wire, path, cookie), requests)
        found[level] = {
            "cpu_ms": round(sum(cost.values()) / requests * 1000, 2),
            **{f"{name}_ms": round(s / requests * 1000, 2) for name, s in cost.items()},
            "wall_ms": round(seconds / requests * 1000, 2),
            "bytes": size,
        }
        note(f"{level}: {found[level]}")
    return found


def fetched(
    site: Site, database: psycopg.Connection, ask: Callable[[], Any], times: int
) -> tuple[dict[str, float], float]:
    """Ask so many times; return the CPU-seconds of server and database, and the seconds.

    Asked anew where a backend ends in the midst of it: what that one used is not known.
    """
    while True:
        backends = backends_of(database)
        before, began = spent(site, backends), time.perf_counter()
        for _ in range(times):
            ask()
        seconds = time.perf_counter() - began
        if backends_of(database) == backends:
            return {n: s - before[n] for n, s in spent(site, backends).items()}, seconds


def fetch(wire: HTTPConnection, path: str, cookie: str) -> int:
    wire.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    response = wire.getresponse()
    body = response.read()
    if response.status != 200:
        sys.exit(f"{path} answered {response.status}: {body[:400]!r}")
    return len(body)


def spent(site: Site, backends: set[int]) -> dict[str, float]:
    """Return the CPU-seconds of the server and of the backends that work for it."""
    return {
        "server": sum(map(used, (site.server, *site.server.children(recursive=True)))),
        "database": sum(used(psutil.Process(pid)) for pid in backends),
    }


def of_backends(database: psycopg.Connection) -> float:
    return sum(used(psutil.Process(pid)) for pid in backends_of(database))


def backends_of(database: psycopg.Connection) -> set[int]:
    others = database.execute(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    ).fetchall()
    return {pid for (pid,) in others}


def fold_beside(database: psycopg.Connection, home: Path) -> dict[str, Any]:
    """Let families answer for some seconds while the worker folds, and recount."""
    from cacah.monitoring.queries import pending
    from cacah.monitoring.recounting import differences

    note("families answer while the worker folds")
    log = (home / "jobs.log").open("wb")
    worker = psutil.Popen([sys.executable, "-m", "cacah", "jobs", "run"], stdout=log, stderr=log)
    wait_until_folded(pending)
    before = used(worker) + of_backends(database)
    wrong, most = [], 0
    began = time.perf_counter()
    for batch in range(SECONDS * 10):
        answer(database, 200_000_000 + batch * RATE // 10, RATE // 10)
        most = max(most, pending()[0])
        time.sleep(max(0.0, began + (batch + 1) / 10 - time.perf_counter()))
    seconds = time.perf_counter() - began
    cost = used(worker) + of_backends(database) - before
    # The door's changes go on while every case is counted.
    answer(database, 300_000_000, 5 * RATE)
    for code in ("", "33", "3325111015"):
        wrong += [f"in the middle {code}: {each}" for each in differences(code)]
    wait_until_folded(pending)
    for code in AREAS.values():
        wrong += [f"at the end {code}: {each}" for each in differences(code)]
    worker.terminate()
    worker.wait(30)
    changes = 2 * RATE * SECONDS
    return {
        "families_per_s": round(RATE * SECONDS / seconds, 1),
        "changes_per_s": round(changes / seconds, 1),
        "most_waiting": most,
        "cpu_us_a_change": round(cost / changes * 1e6, 1),
        "left_over": pending()[0],
        "differences": wrong,
    }


def wait_until_folded(pending: Any) -> None:
    for _ in range(600):
        if not pending()[0]:
            return
        time.sleep(0.1)
    sys.exit("the worker does not fold")


def note(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def cacah(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cacah", *arguments], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
