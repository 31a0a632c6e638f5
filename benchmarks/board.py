"""What a look at the board of a session of 500 seats costs: the whole, and what has changed.

    .venv/bin/python benchmarks/board.py
    .venv/bin/python benchmarks/board.py --seats 3000 --polls 30

Between two looks a second's worth of news comes in: each form is heard of every 15 seconds, each
seat moves to another part of the form every 40 and sends its answers after eight minutes. Counted
is the CPU of the page and of its database backend, and the bytes of the compressed answer.

Prints one JSON object. `holds`: a look costs at most a third of the CPU that the whole board costs
(most of what is left is the office's door and Django's) and a fifth of its bytes, what was sent
piece by piece is the whole board in the end, and whoever was away catches up in one answer.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from door import cacah, milliseconds, used  # noqa: E402
from embedded import Embedded  # noqa: E402
from telling import tell  # noqa: E402

ROW = re.compile(r'<tr data-seat="(\d+)".*?</tr>', re.DOTALL)
MINUTES = re.compile(r"(<td data-minutes>)\d*")
BLOCKS = ("card", "tasks", "page:family/home", "page:person/identity", "summary")
NEWS_EVERY, MOVES_EVERY, FINISHES_AFTER = 15, 40, 480
BUDGET_SHARES = {"cpu_ms": 1 / 3, "bytes": 1 / 5}


@dataclass
class Page:
    """A guide's open page: what it asks for, what it has, and what that has cost."""

    desk: Any
    path: str
    backend: psutil.Process
    version: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    cpu: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Ask for what has changed, or for the whole where it has no version."""
        here = psutil.Process()
        before = used(here) + used(self.backend)
        known = {"If-None-Match": f'"{self.version}"'} if self.version else {}
        headers = {"Accept-Encoding": "gzip"} | known
        answer = self.desk.get(self.path, {"sejak": self.version}, headers=headers)
        self.cpu.append(used(here) + used(self.backend) - before)
        self.bytes.append(len(answer.content))
        assert answer.status_code in (200, 304), answer.status_code
        if answer.status_code == 200:
            self.version = answer["ETag"].removeprefix("W/").strip('"')
            is_packed = answer.headers.get("Content-Encoding") == "gzip"
            text = (gzip.decompress(answer.content) if is_packed else answer.content).decode()
            rows = {found[1]: MINUTES.sub(r"\1", found[0]) for found in ROW.finditer(text)}
            self.rows = self.rows | rows if "data-changes" in text else rows

    def figures(self) -> dict[str, Any]:
        """Return means; a poll takes about as long as the clock of a process can tell."""
        return {
            "cpu_ms": round(sum(self.cpu) / len(self.cpu) * 1000, 2),
            "bytes": round(sum(self.bytes) / len(self.bytes)),
            "most_bytes": max(self.bytes),
        }


def pages(seats: int) -> tuple[list[Page], Any]:
    """Open a session with so many seats and three pages with its board."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from cacah.areas.models import Area
    from cacah.outreach.actions.sessions import open_session, take_seat
    from cacah.outreach.models import GuidedSession
    from cacah.staff.tests.cast import officer, signed_in

    settings.ALLOWED_HOSTS = ["*"]
    guide = officer("team", area="3325")
    new = GuidedSession(title="Aula Bupati", area=Area.objects.get(pk="3325"))
    hall = open_session(by=guide, new=new)
    tokens = [take_seat(hall.code).token for _ in range(seats)]
    backend = psutil.Process(connection.connection.info.backend_pid)
    desk, path = signed_in(Client(), guide), f"/en/kantor/penjangkauan/sesi/{hall.pk}/papan/"
    return [Page(desk, path, backend) for _ in range(3)], (hall, tokens)


def a_second(hall: Any, tokens: list[str], rng: Random) -> None:
    """Let a second's news come in, and the answers of those who are done."""
    from datetime import UTC, datetime

    from cacah.collection import guide
    from cacah.outreach.actions.sessions import tell
    from cacah.outreach.models import Seat
    from cacah.registry.models import Case

    now = datetime.now(UTC)
    for token in rng.sample(tokens, max(1, len(tokens) // NEWS_EVERY)):
        seat = guide.seat_of(token)
        block = Seat.objects.get(session=hall, number=int(seat.split(".")[1])).block
        if not block or rng.random() < NEWS_EVERY / MOVES_EVERY:
            block = rng.choice(BLOCKS)
        tell(seat=seat, block=block, wanted=rng.random() < 0.02, at=now)
    for token in rng.sample(tokens, max(1, len(tokens) // FINISHES_AFTER)):
        seat = guide.seat_of(token)
        if not Case.objects.filter(guide=seat).exists():
            expected = Case.objects.filter(guide=None).order_by("pk").first()
            Case.objects.filter(pk=expected.pk).update(
                state="submitted",
                mode="guided",
                revision=1,
                opened_at=now,
                submitted_at=now,
                guide=seat,
            )


def measure(seats: int, polls: int) -> dict[str, Any]:
    """Look at the board once a second's news, by each of three pages."""
    (whole, open_page, away), (hall, tokens) = pages(seats)
    rng = Random(2020)
    for _ in range(30):
        a_second(hall, tokens, rng)
    open_page.look()
    away.look()
    first = open_page.bytes[0]
    open_page.cpu, open_page.bytes = [], []
    waits = []
    for _ in range(polls):
        a_second(hall, tokens, rng)
        began = time.perf_counter()
        open_page.look()
        waits.append(time.perf_counter() - began)
        whole.version = ""
        whole.look()
    for page in (open_page, away):
        page.look()
    idle = Page(open_page.desk, open_page.path, open_page.backend, open_page.version)
    for _ in range(polls):
        idle.look()
    return {
        "seats": seats,
        "polls": polls,
        "first_bytes": first,
        "whole": whole.figures(),
        "changes": open_page.figures() | {"wait_p99_ms": milliseconds(waits, 0.99)},
        "nothing_new": idle.figures(),
        "caught_up_bytes": away.bytes[-1],
        "is_whole_in_the_end": fresh(whole) == open_page.rows == away.rows,
    }


def fresh(page: Page) -> dict[str, str]:
    page.version = ""
    page.look()
    return page.rows


def main() -> int:
    """Measure in a site of its own under /tmp and print its JSON; 1 where it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seats", type=int, default=500)
    parser.add_argument("--polls", type=int, default=60)
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cacah-board-"))
    os.environ |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    database = Embedded(home / "postgres")
    os.environ["DATABASE_URL"] = database.url
    try:
        from door import set_up

        set_up(home, given.seats)
        for words in (("collectstatic", "--no-input", "-v0"), ("shell", "build")):
            cacah(*words)
        figures = measure(given.seats, given.polls)
    finally:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)
    whole, changes = figures["whole"], figures["changes"]
    few = all(changes[name] <= share * whole[name] for name, share in BUDGET_SHARES.items())
    figures |= {
        "budget": {"shares_of_the_whole": BUDGET_SHARES},
        "holds": few and figures["is_whole_in_the_end"],
    }
    return tell(figures)


if __name__ == "__main__":
    sys.exit(main())
