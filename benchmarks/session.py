"""A guided session of 500 people on one uplink of 2 Mbit/s: who finishes, how late the board is.

    .venv/bin/python benchmarks/session.py                  # needs root and iproute2
    .venv/bin/python benchmarks/session.py --people 60 --arrive 40

The people are in a network namespace of their own, whose only way out is one shaped link (2 Mbit/s
and 30 ms each way, 0.1 % loss; weak_wire.py); the guide's board shares it. Each loads the join
page, the form and both of its scripts as a phone that has never been there, tells its news, and
sends complete answers; some call the guide. The link is cut once for 20 seconds in the middle.

Prints one JSON object. `board_p99_s` is from the moment somebody presses "call" to the moment the
board has it, in seconds, without calls made while the link was cut and just after. `holds`:
everybody has a receipt that is stored once and counted as guided in this session, and the board is
at most 2 seconds late for 99 of 100 calls.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from door import Site, set_up  # noqa: E402
from embedded import Embedded  # noqa: E402
from telling import tell  # noqa: E402
from weak_wire import OUTSIDE, Terms, WeakWire  # noqa: E402

UPLINK = Terms(bits_per_second=2_000_000, delay=0.03, loss=0.001)
BUDGET_SECONDS = 2.0
CUT_AFTER_SHARE, CUT_SECONDS = 0.5, 20.0
# So long after a cut a connection that tried in vain may wait before it tries again.
RECOVERY = 16.0
PIECE = 65536


def carry(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes until one end is closed."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def front(port: int) -> int:
    """Listen at the outer end of the link for the server, which is on loopback; return the port."""
    listening = socket.create_server((OUTSIDE, 0), backlog=1024)

    def serve() -> None:
        while True:
            came, _ = listening.accept()
            behind = socket.create_connection(("127.0.0.1", port))
            for pair in ((came, behind), (behind, came)):
                threading.Thread(target=carry, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return int(listening.getsockname()[1])


def open_hall() -> tuple[Any, str]:
    """Open a session and sign its guide in; return it and the guide's cookie."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from cacah.areas.models import Area
    from cacah.outreach.actions.sessions import open_session
    from cacah.outreach.models import GuidedSession
    from cacah.staff.tests.cast import officer, signed_in

    settings.ALLOWED_HOSTS = ["*"]
    guide = officer("team", area="3325")
    area = Area.objects.get(pk="3325")
    hall = open_session(by=guide, new=GuidedSession(title="Aula Bupati", area=area))
    name = settings.SESSION_COOKIE_NAME
    return hall, f"{name}={signed_in(Client(), guide).cookies[name].value}"


def stored(hall: Any, receipts: dict[str, str]) -> dict[str, int]:
    """Return what the database says of the families that hold a receipt."""
    from django.db.models import Count

    from cacah.collection.models import Submission
    from cacah.collection.receipts import number_digest
    from cacah.outreach.actions.sessions import settle
    from cacah.outreach.models import Seat
    from cacah.registry.models import Case

    settle(hall)
    digests = [number_digest(number) for number in receipts.values()]
    times = Submission.objects.values("household_id").annotate(n=Count("revision"))
    return {
        "stored": Submission.objects.filter(receipt_digest__in=digests).count(),
        "doubles": times.filter(n__gt=1).count(),
        "guided": Case.objects.filter(mode="guided", guide__startswith=hall.code).count(),
        "seats_finished": Seat.objects.filter(session=hall, state="finished").count(),
    }


def measure(site: Site, families: list[Any], options: argparse.Namespace) -> dict[str, Any]:
    """Let the crowd in over the shaped link, cut it once, and compare with the database."""
    hall, cookie = open_hall()
    with WeakWire(UPLINK, options.seed) as wire:
        orders = {
            "host": OUTSIDE,
            "port": front(site.port),
            "name": f"127.0.0.1:{site.port}",
            "code": hall.code,
            "board": f"/en/kantor/penjangkauan/sesi/{hall.pk}/papan/",
            "cookie": cookie,
            "families": [(f.nik, f.kk, f.answers.decode()) for f in families],
            "arrive": options.arrive,
            "fill": options.fill,
            "calling": 0.3,
            "at_most": options.arrive + options.fill + 400,
        }
        cut = threading.Timer(options.arrive * CUT_AFTER_SHARE, wire.up.clear)
        mend = threading.Timer(options.arrive * CUT_AFTER_SHARE + CUT_SECONDS, wire.up.set)
        for timer in (cut, mend):
            timer.daemon = True
            timer.start()
        done = subprocess.run(
            ["ip", "netns", "exec", wire.name, sys.executable, str(ROOT / "benchmarks/crowd.py")],
            input=json.dumps(orders).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        crowd = json.loads(done.stdout)
        link = wire.figures()
    cut_at = options.arrive * CUT_AFTER_SHARE
    return crowd | {"wire": link, "cut_at": cut_at} | stored(hall, crowd["receipts"])


def summary(people: int, found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with what a reader wants first, and whether they hold."""
    # Whoever called about the cut was heard when connections had found their way again.
    calls, cut = found["late"], found["cut_at"]
    late = sorted(each for at, each in calls if not cut - 3 < at < cut + CUT_SECONDS + RECOVERY)
    p99 = late[min(len(late) - 1, int(len(late) * 0.99))] if late else None
    receipts = len(found["receipts"])
    counts = ("stored", "guided", "seats_finished")
    every = receipts == people and all(found[name] == people for name in counts)
    seen = found["calls_seen"] >= 0.97 * found["calls"]
    return {
        "people": people,
        "receipts": receipts,
        **{name: found[name] for name in (*counts, "doubles", "seconds", "tries", "calls")},
        "calls_seen": found["calls_seen"],
        "calls_about_the_cut": len(calls) - len(late),
        "slowest_about_the_cut_s": max((each for _at, each in calls), default=None),
        "board_p50_s": late[len(late) // 2] if late else None,
        "board_p99_s": p99,
        "wire": found["wire"],
        "link": {
            "kbit_per_s": 2000,
            "round_trip_ms": 60,
            "loss": UPLINK.loss,
            "cut_s": CUT_SECONDS,
        },
        "budget": {"board_p99_s": BUDGET_SECONDS},
        "holds": every
        and not found["doubles"]
        and seen
        and p99 is not None
        and p99 <= BUDGET_SECONDS,
    }


def main() -> int:
    """Hold the session in a site of its own under /tmp and print its JSON; 1 where it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--arrive", type=float, default=300, help="seconds in which they come in")
    parser.add_argument("--fill", type=float, default=60, help="seconds that filling in takes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-hall-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    database = Embedded(home / "postgres")
    os.environ["DATABASE_URL"] = database.url
    site = None
    try:
        families = set_up(home, options.people)
        for words in (("collectstatic", "--no-input", "-v0"), ("shell", "build")):
            subprocess.run([sys.executable, "-m", "cacah", *words], check=True, stdout=sys.stderr)
        site = Site(home, workers=2, threads=32)
        found = measure(site, families, options)
    finally:
        if site is not None:
            site.stop()
        database.stop()
        shutil.rmtree(home, ignore_errors=True)
    figures = summary(options.people, found)
    return tell(figures)


if __name__ == "__main__":
    sys.exit(main())
