"""Lets three times as many families come as the real server can carry, and looks who is served.

    .venv/bin/python benchmarks/full_house.py

Finds the saturation load first (with the waiting room off), then takes the site through 60 % of
it, through three times of it, and through an attack that guesses pairs of numbers from many
addresses. Prints one JSON object: figures, versions, and `holds` (true only if the budgets are
met). Starts come at an even rate whatever the server does; the generator runs in processes of its
own, and submissions are timed by one that does nothing else. Everything stays on the loopback
address, and it stops by itself.

`residents_served_share` is of those who came in the first two thirds of the attack. Fairness: of
all pairs of families in which one arrived before the other and at least one was let
in, the share in which the later one was let in while the earlier one was not, or was before it.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from door import SATURATING, Site, milliseconds, set_up, stored_of  # noqa: E402
from door_load import PAUSE, Client, Load, Sending, without_collector  # noqa: E402
from flood import Flooded, Flooding, flood, out_of_order  # noqa: E402
from guessing import arithmetic  # noqa: E402
from telling import tell  # noqa: E402

BUDGET = {
    "submit_p99_ms_at_60": 50,
    "submit_p99_ms_at_3x": 500,
    "server_errors": 0,
    "out_of_order_share": 0.05,
    "pairs_found_by_guessing": 0,
    "submit_p99_ms_beside_guessing": 500,
}


def saturation(site: Site, families: list[Sending]) -> float:
    """Return how many families a second the server carries beside the generator."""
    load = Load(site.port, families)
    wall = asyncio.run(load.saturate(SATURATING))
    return len(load.receipts) / wall


class Submits:
    """Sends the answers of those who were let in, some time after they were."""

    def __init__(self, port: int, families: list[Sending], connections: int = 128) -> None:
        self.load = Load(port, families)
        self.free: asyncio.Queue[Client] = asyncio.Queue()
        for _ in range(connections):
            self.free.put_nowait(Client(port))
        self.going: set[asyncio.Task[None]] = set()

    def soon(self, family: int, session: str, digest: str) -> None:
        """Send this family's answers when the pause is over."""
        task = asyncio.create_task(self.send(family, (session, digest)))
        self.going.add(task)
        task.add_done_callback(self.going.discard)

    async def send(self, family: int, known: tuple[str, str]) -> None:
        await asyncio.sleep(PAUSE)
        due = time.perf_counter()
        client = await self.free.get()
        await self.load.submit(client, family, known, due)
        self.free.put_nowait(client)

    async def end(self) -> None:
        while self.going:
            await asyncio.gather(*self.going)
        while not self.free.empty():
            self.free.get_nowait().close()


def run(site: Site, families: list[Sending], flooding: Flooding) -> tuple[Flooded, Load]:
    """Let starts come from another process, and send here for those who were let in."""
    ours, theirs = multiprocessing.Pipe()
    pairs = [(family.nik, family.kk) for family in families]
    process = multiprocessing.Process(target=flood, args=(site.port, pairs, flooding, theirs))

    async def sending() -> tuple[Flooded, Load]:
        submits = Submits(site.port, families)
        came: asyncio.Future[Flooded] = asyncio.get_running_loop().create_future()

        def take() -> None:
            while not came.done() and ours.poll():
                told = ours.recv()
                if isinstance(told, Flooded):
                    came.set_result(told)
                    return
                for admitted in told:
                    submits.soon(*admitted)

        asyncio.get_running_loop().add_reader(ours.fileno(), take)
        flooded = await came
        asyncio.get_running_loop().remove_reader(ours.fileno())
        await submits.end()
        return flooded, submits.load

    process.start()
    without_collector()
    try:
        return asyncio.run(sending())
    finally:
        process.join(10)
        if process.is_alive():
            process.kill()


def quantile(seconds: list[float], share: float) -> float:
    """Return the quantile in milliseconds; without anything measured, more than any budget."""
    return milliseconds(seconds, share) if seconds else float("inf")


def empty_the_line() -> None:
    """Take those out of the line who were left waiting when a load ended."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("DELETE FROM collection_arrival")
    time.sleep(4)


def figures_of(came: Flooded, load: Load, name: str) -> dict[str, Any]:
    """Return what is told of one load."""
    let_in = [moment for moment in came.admitted if moment]
    failed = sum(n for code, n in (came.answers + came.guessed).items() if code[:1] == "5")
    failed += sum(n for code, n in load.refused.items() if code in ("unexpected", "try-later"))
    return {
        f"starts_{name}": came.arrived,
        f"let_in_{name}": len(let_in),
        f"answers_to_starts_{name}": dict(came.answers),
        f"start_p50_ms_{name}": quantile(came.seconds, 0.5),
        f"start_p99_ms_{name}": quantile(came.seconds, 0.99),
        f"submits_{name}": len(load.receipts),
        f"submits_refused_{name}": load.refused,
        f"submit_p50_ms_{name}": quantile(load.seconds, 0.5),
        f"submit_p99_ms_{name}": quantile(load.seconds, 0.99),
        f"server_errors_{name}": failed,
        f"generator_lag_p99_ms_{name}": quantile(came.lag, 0.99),
        f"generator_unsent_{name}": came.unsent,
        f"generator_cpu_s_{name}": round(came.cpu, 2),
        f"families_ran_out_{name}": came.ran_out,
    }


def loads(rate: float, options: argparse.Namespace) -> dict[str, Flooding]:
    """Return the loads in their order, for a site that carries `rate` families a second."""
    return {
        # A new site does not know yet what it carries.
        "at_first": Flooding(options.warm, 0.3 * rate),
        "at_60": Flooding(options.warm, 0.6 * rate),
        "beside_guessing": Flooding(
            options.guessing, 20, guesses=options.guesses, networks=options.networks
        ),
        "at_3x": Flooding(options.seconds, 3 * rate),
    }


def measure(site: Site, families: list[Sending], options: argparse.Namespace) -> dict[str, Any]:
    """Take the site through all loads; returns figures, and receipts under `receipts`."""
    found = len(families) // 10
    rate = saturation(site, families[:found])
    site.stop()
    os.environ["CACAH_WAITING_ROOM"] = "on"
    site.start()
    left = families[found:]
    figures: dict[str, Any] = {"saturation_families_per_s": round(rate, 1)}
    receipts: list[dict[str, object]] = []
    for name, flooding in loads(rate, options).items():
        empty_the_line()
        cpu = site.cpu()
        came, load = run(site, left, flooding)
        print(name, came.answers, came.guessed, load.refused, file=sys.stderr)
        figures |= figures_of(came, load, name)
        spent = {part: round(after - cpu[part], 2) for part, after in site.cpu().items()}
        figures[f"cpu_s_{name}"] = spent
        receipts += load.receipts.values()
        # Another family for everybody who comes in the next load.
        used = sum(map(bool, came.admitted))
        left = [left[family] for family in came.unused]
        if name == "at_3x":
            figures["out_of_order_share"] = round(out_of_order(came.admitted), 4)
            figures["let_in_per_s_at_3x"] = round(used / flooding.seconds, 1)
        if name == "beside_guessing":
            figures["guesses"] = dict(came.guessed)
            figures["pairs_found_by_guessing"] = came.guessed["ok"]
            first = came.admitted[: len(came.admitted) * 2 // 3]
            figures["residents_served_share"] = round(sum(map(bool, first)) / len(first), 4)
    figures["server_errors"] = sum(v for k, v in figures.items() if k.startswith("server_errors_"))
    figures["guessing_for_an_hour"] = arithmetic(options.guesses, options.networks)
    return figures | {"receipts": receipts}


def holds(figures: dict[str, Any]) -> bool:
    """Tell whether every budget is met and every acknowledged receipt is stored."""
    return (
        figures["stored"] == figures["acknowledged"]
        and not any(v for k, v in figures.items() if k.startswith("families_ran_out"))
        and figures["answers_to_starts_at_3x"].get("full-house", 0) > 0
        and figures["guessing_for_an_hour"]["expected_finds"] < 0.05
        and figures["residents_served_share"] >= 0.9
        and all(figures[name] <= most for name, most in BUDGET.items())
    )


def options_given() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=90_000)
    parser.add_argument("--seconds", type=float, default=60, help="of three times the load")
    parser.add_argument("--warm", type=float, default=15, help="seconds of 60 %% of the load")
    parser.add_argument("--guessing", type=float, default=30, help="seconds of guessing")
    parser.add_argument("--guesses", type=float, default=1000, help="guesses a second")
    parser.add_argument("--networks", type=int, default=1000, help="that guesses come from")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=32)
    return parser.parse_args()


def main() -> int:
    """Run the benchmark in a site of its own under /tmp and print its JSON."""
    options = options_given()
    home = Path(tempfile.mkdtemp(prefix="cacah-full-"))
    os.environ |= {
        "CACAH_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "cacah.site.settings",
        "CACAH_TRUSTED_PROXIES": "1",
        "CACAH_WAITING_ROOM": "off",
    }
    os.environ.pop("DATABASE_URL", None)
    before = os.getloadavg()[0]
    from cacah.site.database import start_embedded

    os.environ["DATABASE_URL"] = start_embedded(home / "postgres")
    site = None
    try:
        families = set_up(home, options.families)
        site = Site(home, options.workers, options.threads)
        figures = measure(site, families, options)
        receipts = figures.pop("receipts")
        figures["acknowledged"], figures["stored"] = len(receipts), stored_of(receipts)
    finally:
        if site is not None:
            site.stop()
        shutil.rmtree(home, ignore_errors=True)
    figures["load_average_before"] = round(before, 2)
    figures["budget"] = BUDGET
    figures["holds"] = holds(figures)
    return tell(figures, "granian", "psycopg", "orjson", "Django")


if __name__ == "__main__":
    sys.exit(main())
