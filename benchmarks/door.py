"""Takes synthetic families through identify and submit over HTTP against the real server.

    .venv/bin/python benchmarks/door.py --families 20000
    .venv/bin/python benchmarks/door.py --families 4000 --kill

Prints one JSON object: figures, versions, and `holds` (true only if the budgets of the door are
met). Every family has four members, as the budget says, and answers of its own. The generator's
own CPU is left out: `cpu_ms_per_family` counts the processes of server and database, and
`families_per_s` is over the time of the cores that the generator did not use.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from door_load import Load, Sending  # noqa: E402
from flushing import flushing  # noqa: E402
from telling import tell  # noqa: E402

AREA = "3325"
MEMBERS = 4
SEED = 1
SATURATING = 32
STEADY_SHARE = 0.3
BUDGET = {"cpu_ms_per_family": 1.0, "families_per_s": 1000, "p99_ms": 500, "p99_ms_at_60": 50}


def cacah(*arguments: str) -> None:
    """Run a command of the product; ends the benchmark if it fails."""
    subprocess.run([sys.executable, "-m", "cacah", *arguments], check=True, stdout=sys.stderr)


def set_up(home: Path, families: int) -> list[Sending]:
    """Make a site with that many synthetic families; return them with their answers."""
    from cacah.rehearsal.answers import answers_for
    from cacah.rehearsal.files import write_register

    register = home / "register.csv"
    now = datetime.now(UTC)
    opens, closes = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=9)).isoformat()
    cacah("keys", "create")
    cacah("migrate", "--verbosity", "0")
    cacah("areas", "load")
    cacah("census", "set", "--opens", opens, "--closes", closes)
    drawn = families_of_four(families)
    write_register(drawn, register)
    cacah("registry", "import", str(register))
    # Else the kernel writes all this half a minute later, in the middle of what is measured.
    os.sync()
    rng = Random(SEED)
    return [
        Sending(family.members[0].nik, family.kk, inside(answers_for(family, rng)))
        for family in drawn
    ]


def families_of_four(wanted: int) -> list[Any]:
    """Return so many synthetic families of four from all over the regency."""
    from cacah.rehearsal.population import population

    of_four: list[Any] = []
    drawn = wanted
    while len(of_four) < wanted:
        drawn *= 2
        of_four = [f for f in population(AREA, drawn, SEED) if len(f.members) == MEMBERS]
    Random(SEED).shuffle(of_four)
    return of_four[:wanted]


def inside(answers: dict[str, Any]) -> bytes:
    """Return answers and no remarks as the inside of a JSON object."""
    return orjson.dumps({"answers": answers, "remarks": {}})[1:-1]


class Site:
    """The real server on a free port, and the processes whose CPU it costs."""

    def __init__(self, home: Path, workers: int, threads: int) -> None:
        self.home, self.workers, self.threads = home, workers, threads
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start `cacah serve` and wait until it is ready."""
        with (self.home / "server.log").open("ab") as log:
            # Folding is measured by benchmarks/progress.py.
            command = ["serve", "--no-prepare", "--no-jobs", "--port", str(self.port)]
            command += ["--workers", str(self.workers), "--threads", str(self.threads)]
            self.server = psutil.Popen(
                [sys.executable, "-m", "cacah", *command],
                stdout=log,
                stderr=log,
            )
        for _ in range(600):
            if self.is_ready():
                return self.settle()
            if self.server.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit((self.home / "server.log").read_text()[-4000:])

    def settle(self) -> None:
        """Wait for the workers that are still reading: starting is no family's cost."""
        for _ in range(60):
            before = self.cpu()["server"]
            time.sleep(0.5)
            if self.cpu()["server"] - before < 0.02:
                return

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as wire:
                wire.sendall(
                    b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                return b"200" in wire.recv(64)
        except OSError:
            return False

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        for process in (self.server, *self.server.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(20)

    def cpu(self) -> dict[str, float]:
        """Return the CPU-seconds that server and database have used so far."""
        postmaster = psutil.Process(
            int((self.home / "postgres/postmaster.pid").read_text().split()[0])
        )
        return {
            "server": sum(map(used, (self.server, *self.server.children(recursive=True)))),
            "database": sum(map(used, (postmaster, *postmaster.children()))),
        }


def used(process: psutil.Process) -> float:
    """Return a process's CPU-seconds, those of its ended children too."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def milliseconds(seconds: list[float], share: float) -> float:
    """Return the quantile of a list of seconds, in milliseconds."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


def stored_of(receipts: list[dict[str, Any]]) -> int:
    """Return how many of these receipts are in the database; checks a sample of signatures."""
    import django

    django.setup()
    from cacah.collection import receipts as of_door
    from cacah.collection.models import Submission

    for receipt in receipts[:: max(1, len(receipts) // 200)]:
        assert of_door.verify(str(receipt["signed"])).number == receipt["number"]
    digests = {of_door.number_digest(str(receipt["number"])) for receipt in receipts}
    there = {bytes(d) for d in Submission.objects.values_list("receipt_digest", flat=True)}
    return len(digests & there)


def measure(site: Site, families: list[Sending]) -> tuple[dict[str, Any], list[Any]]:
    """Saturate with most of the families, then let the rest arrive at 60 % of that rate."""
    split = int(len(families) * (1 - STEADY_SHARE))
    full = Load(site.port, families[:split])
    cpu, own = site.cpu(), time.process_time()
    wall = asyncio.run(full.saturate(SATURATING))
    own = time.process_time() - own
    spent = {name: after - cpu[name] for name, after in site.cpu().items()}
    cores = len(os.sched_getaffinity(0))
    rate = len(full.receipts) / (wall - own / cores)
    steady = Load(site.port, families[split:])
    with flushing(site.home) as disk:
        # What the machine can carry with the generator on it, so that 60 % is 60 % of that.
        asyncio.run(steady.arrive(0.6 * len(full.receipts) / wall, 256))
    receipts = [*full.receipts.values(), *steady.receipts.values()]
    return {
        "families": len(families),
        "acknowledged": len(receipts),
        "persons_per_family": round(sum(r["persons"] for r in receipts) / len(receipts), 3),
        "families_per_s": round(rate, 1),
        "families_per_s_beside_generator": round(len(full.receipts) / wall, 1),
        "cpu_ms_per_family": round(sum(spent.values()) / len(full.receipts) * 1000, 3),
        "cpu_ms_per_family_by": {
            name: round(s / len(full.receipts) * 1000, 3) for name, s in spent.items()
        },
        "cpu_s": {name: round(s, 2) for name, s in spent.items()} | {"generator": round(own, 2)},
        "p50_ms": milliseconds(full.seconds, 0.5),
        "p99_ms": milliseconds(full.seconds, 0.99),
        "p50_ms_at_60": milliseconds(steady.seconds, 0.5),
        "p99_ms_at_60": milliseconds(steady.seconds, 0.99),
        "disk_flush_ms_at_60": {f"p{q}": milliseconds(disk, q / 100) for q in (50, 99, 100)},
        "refused": full.refused | steady.refused,
    }, receipts


def kill_in_the_middle(site: Site, families: list[Sending]) -> tuple[dict[str, Any], Any]:
    """SIGKILL the server while families are sending, start it again, and let them go on."""
    load = Load(site.port, families, retry=True)

    async def run() -> int:
        going = asyncio.create_task(load.saturate(SATURATING))
        while len(load.receipts) < len(families) // 3:
            await asyncio.sleep(0.01)
        before = len(load.receipts)
        site.kill()
        await asyncio.to_thread(site.start)
        await going
        return before

    before = asyncio.run(run())
    receipts = list(load.receipts.values())
    return {
        "families": len(families),
        "acknowledged": len(receipts),
        "acknowledged_before_kill": before,
        "refused": load.refused,
    }, receipts


def holds(figures: dict[str, Any], killed: bool) -> bool:
    """Tell whether nothing was lost and, in a measured run, every budget of the door is met."""
    kept = figures["stored"] == figures["acknowledged"] == figures["families"]
    if killed or not kept:
        return bool(kept)
    return (
        not figures["refused"]
        and figures["families_per_s"] >= BUDGET["families_per_s"]
        and all(figures[name] <= BUDGET[name] for name in BUDGET if name != "families_per_s")
    )


def main() -> int:
    """Run the benchmark in a site of its own under /tmp and print its JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--kill", action="store_true", help="SIGKILL the server in the middle")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-door-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    # What the door costs and carries; benchmarks/full_house.py is about holding starts back.
    os.environ["CACAH_WAITING_ROOM"] = "off"
    # What else the machine did: its share of the caches shows in the CPU of this benchmark too.
    load = os.getloadavg()[0]
    from cacah.site.database import start_embedded

    os.environ["DATABASE_URL"] = start_embedded(home / "postgres")
    site = None
    try:
        families = set_up(home, options.families)
        site = Site(home, options.workers, options.threads)
        figures, receipts = (kill_in_the_middle if options.kill else measure)(site, families)
        figures["stored"] = stored_of(receipts)
    finally:
        if site is not None:
            site.stop()
        shutil.rmtree(home, ignore_errors=True)
    figures["load_average_before"] = round(load, 2)
    figures["budget"] = BUDGET
    figures["holds"] = holds(figures, options.kill)
    return tell(figures, "granian", "psycopg", "cryptography", "orjson", "Django")


if __name__ == "__main__":
    sys.exit(main())
