"""Weighs a first visit, landing page to proof of completion, in a real Chromium.

    .venv/bin/python benchmarks/bytes.py

Prints one JSON object: `bytes` over the wire (answers with their headers, and the bodies that are
sent: `sent`) and `requests`, each request with its weight, versions, and `holds` (true only within
60 KB and 8 requests). The site is the real server in a home of its own; the family is the family of
five of the browser tests.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402
from telling import tell  # noqa: E402

from cacah.rehearsal.families import Family, Member  # noqa: E402
from cacah.rehearsal.files import write_register  # noqa: E402
from tests.browser.resident import ARGUMENTS, FAMILIES, PHONE, Resident  # noqa: E402
from tests.browser.weight import BUDGET_BYTES, BUDGET_REQUESTS, Meter  # noqa: E402

KK = "3325110102030405"
VILLAGE = "33.25.11.1015"


def cacah(*arguments: str) -> None:
    """Run a command of the product; ends the benchmark if it fails."""
    subprocess.run([sys.executable, "-m", "cacah", *arguments], check=True, stdout=sys.stderr)


def member(person: dict[str, Any]) -> Member:
    # The register of a real office has whole dates; where the family does not know, June will do.
    month, day = int(person["birth_month"]) % 98 or 6, int(person["birth_day"]) % 98 or 15
    born = date(int(person["birth_year"]), month, day)
    return Member(
        relationship=person["relationship"],
        sex=person["sex"],
        born=born,
        marital_status=person["marital_status"],
        education=person.get("education", "1"),
        name=person["name"],
        nik=person["nik"],
        birth_place=person["birth_place"],
    )


def set_up(home: Path, families: list[dict[str, Any]]) -> None:
    """Make a site whose register holds these families, each with its `kk`."""
    register = home / "register.csv"
    now = datetime.now(UTC)
    opens, closes = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=9)).isoformat()
    drawn = []
    for family in families:
        members = [member(person) for person in family["prefill"]["persons"]]
        address = family["prefill"]["household"]["address"]
        drawn.append(Family(members, "1", kk=family["kk"], village=VILLAGE, address=address))
    write_register(drawn, register)
    (home / "office").mkdir()
    cacah("keys", "create", "--office", str(home / "office"))
    cacah("migrate", "--verbosity", "0")
    cacah("areas", "load")
    cacah("census", "set", "--opens", opens, "--closes", closes)
    cacah("registry", "import", str(register))
    cacah("collectstatic", "--no-input", "--verbosity", "0")
    cacah("shell", "build")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serving(port: int) -> Iterator[None]:
    """Run the real server, ready, for as long as it is needed."""
    command = ["serve", "--no-prepare", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen([sys.executable, "-m", "cacah", *command], stdout=sys.stderr)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield
    finally:
        server.terminate()
        server.wait(30)


def wait_until_ready(site: str) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{site}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except URLError:
            time.sleep(0.1)
    sys.exit("the server did not become ready")


def visit(site: str, family: dict[str, Any]) -> tuple[Meter, str]:
    """Take the family from the landing page to its proof; return what crossed the wire."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        with playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS) as browser:
            context = browser.new_context(viewport=PHONE, locale="id-ID")
            page = context.new_page()
            meter = Meter(context, page)
            resident = Resident(page, site, family)
            resident.begin().identify().answer_card().send()
            meter.count_worker()
            return meter, browser.version


def main() -> int:
    family = FAMILIES["family of five"] | {"kk": KK}
    with tempfile.TemporaryDirectory(prefix="cacah-bytes-") as directory:
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        os.environ |= {"CACAH_HOME": directory, "CACAH_PUBLIC_URL": site}
        set_up(Path(directory), [family])
        with serving(port):
            meter, chromium = visit(site, family)
    figures = {
        "bytes": meter.bytes,
        "sent": meter.sent,
        "requests": meter.requests,
        "each": [
            {"request": name.split(" ")[0], "bytes": size} for name, size in meter.seen.items()
        ],
        "budget": {"bytes": BUDGET_BYTES, "requests": BUDGET_REQUESTS},
        "holds": meter.bytes <= BUDGET_BYTES and meter.requests <= BUDGET_REQUESTS,
    }
    return tell(figures, chromium=chromium)


if __name__ == "__main__":
    sys.exit(main())
