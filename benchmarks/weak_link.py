"""A family of four goes from the landing page to its receipt over a very weak link.

    .venv/bin/python benchmarks/weak_link.py            # needs root and iproute2
    .venv/bin/python benchmarks/weak_link.py --http1 --visits 1

Real Chromium in a network namespace of its own, whose only way out is a link of 50 kbit/s, 600 ms
round trip and 5 % loss, each way, packet by packet (weak_wire.py); the real server stands at the
other end behind TLS 1.3 (HTTP/2 as nginx gives it, or HTTP/1.1). Then the same family comes back
(second visit), and another one loses the link for 30 seconds just after it has pressed "send".

Prints one JSON object. `seconds` are what a family waits for, step by step, from the press of a
button to the next page, without the time in which it reads and types; `robot_typing` is what the
benchmark's own typing took beside it. Bytes and requests are those of the browser's network log;
`wire` counts every packet with TLS, TCP and IP headers and what was sent again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from copy import deepcopy
from pathlib import Path
from statistics import median
from threading import Timer
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from bytes import free_port, serving, set_up  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402
from telling import tell  # noqa: E402
from tls_front import make_certificate, tls_front  # noqa: E402
from weak_wire import OUTSIDE, Terms, WeakWire  # noqa: E402

from cacah.site.database import start_embedded  # noqa: E402
from tests.browser.resident import ARGUMENTS, FAMILIES, PHONE, Resident  # noqa: E402
from tests.browser.weight import BUDGET_BYTES, BUDGET_REQUESTS, Meter  # noqa: E402

PATIENCE_MS = 240_000
SILENCE_SECONDS = 30
# The press on "send" takes a moment to become packets; then the link is gone.
SILENCE_AFTER = 0.5


def family_of_four(number: int) -> dict[str, Any]:
    """Return the family of five without the grandmother, with numbers of its own."""
    text = json.dumps(deepcopy(FAMILIES["family of five"]))
    for position, person in enumerate(FAMILIES["family of five"]["prefill"]["persons"]):
        text = text.replace(person["nik"], f"{person['nik'][:12]}{number:02}{position + 1:02}")
    family: dict[str, Any] = json.loads(text)
    del family["prefill"]["persons"][4], family["answers"]["person"][4]
    return family | {"kk": f"33251101020304{number:02}"}


class Steps:
    """Seconds by step, of a visit as the family lives it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._at = time.monotonic()

    def done(self, step: str) -> None:
        now = time.monotonic()
        self.seconds[step] = round(now - self._at, 1)
        self._at = now


def first_visit(resident: Resident, wire: WeakWire, silent: bool) -> Steps:
    """Go from the landing page to the receipt; with `silent`, lose the link while sending."""
    page, steps = resident.page, Steps()
    resident.open("/")
    page.wait_for_selector("a.main")
    steps.done("landing")
    page.locator("a.main").click()
    page.wait_for_selector("#f-nik")
    steps.done("form")
    resident.identify()
    page.wait_for_selector("#f-card-month")
    steps.done("identify")
    resident.answer_card()
    steps.done("card")
    resident.fill_until("confirm")
    steps.done("robot_typing")
    if silent:
        Timer(SILENCE_AFTER, wire.up.clear).start()
        Timer(SILENCE_AFTER + SILENCE_SECONDS, wire.up.set).start()
    resident.main_button.click()
    resident.receipt_number()
    steps.done("send")
    return steps


def second_visit(context: BrowserContext, resident: Resident) -> dict[str, Any]:
    """Come back another day in the same browser, as far as the form."""
    page, steps = context.new_page(), Steps()
    meter = Meter(context, page)
    again = Resident(page, resident.site, {"kk": resident.kk} | family_of_four(0))
    again.open("/")
    steps.done("landing")
    page.locator("a.main").click()
    page.wait_for_selector("#f-nik")
    steps.done("form")
    return {"seconds": steps.seconds, "bytes": meter.bytes, "requests": meter.requests}


def one_family(
    browser: Browser, wire: WeakWire, site: str, family: dict[str, Any], silent: bool
) -> dict[str, Any]:
    """Return the figures of one family's visit, in a browser that has never been here."""
    before = wire.figures()
    with browser.new_context(viewport=PHONE, locale="id-ID") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        meter = Meter(context, page)
        resident = Resident(page, site, family)
        steps = first_visit(resident, wire, silent)
        meter.count_worker()
        figures = {
            "seconds": steps.seconds,
            "landing_to_receipt": round(
                sum(v for k, v in steps.seconds.items() if k != "robot_typing"), 1
            ),
            "with_robot_typing": round(sum(steps.seconds.values()), 1),
            "bytes": meter.bytes,
            "requests": meter.requests,
            "receipt": bool(page.locator(".panel .number").inner_text()),
            "wire": {
                way: {name: count - before[way][name] for name, count in counts.items()}
                for way, counts in wire.figures().items()
            },
        }
        if not silent:
            figures["second_visit"] = second_visit(context, resident)
    return figures


def stored() -> list[int]:
    """Return how many submissions each household has that has any."""
    import django

    django.setup()
    from django.db.models import Count

    from cacah.collection.models import Submission

    counts = Submission.objects.values("household_id").annotate(times=Count("revision"))
    return [row["times"] for row in counts]


def chromium_inside(home: Path, wire: WeakWire) -> str:
    """Write a command that starts Chromium in the namespace; return its path."""
    script = home / "chromium-inside"
    script.write_text(
        f'#!/bin/sh\nexec ip netns exec {wire.name} {shutil.which("chromium")} "$@"\n'
    )
    script.chmod(0o755)
    return str(script)


def measure(home: Path, options: argparse.Namespace, behind: int, port: int) -> dict[str, Any]:
    """Let the families come one after the other; the last one loses the link."""
    site, pin = f"https://{OUTSIDE}:{port}", make_certificate(home, OUTSIDE)
    protocol = "http/1.1" if options.http1 else "h2"
    visits = []
    with WeakWire(Terms(), options.seed) as wire:
        front = tls_front(home / "tls.pem", OUTSIDE, port, behind, protocol)
        with front, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_inside(home, wire),
                args=[*ARGUMENTS, f"--ignore-certificate-errors-spki-list={pin}"],
            )
            for number in range(options.visits + 1):
                silent = number == options.visits
                family = family_of_four(number)
                visits.append(one_family(browser, wire, site, family, silent))
                print(visits[-1], file=sys.stderr)
            chromium = browser.version
            browser.close()
    return {
        "protocol": protocol,
        "visits": visits[:-1],
        "silence": visits[-1],
        "chromium": chromium,
    }


def summary(figures: dict[str, Any], households: list[int]) -> dict[str, Any]:
    """Return the figures with what a reader wants first, and whether they hold."""
    visits, terms = figures["visits"], Terms()
    every = [*visits, figures["silence"]]
    seconds = [visit["landing_to_receipt"] for visit in visits]
    first = {
        "link": {
            "kbit_per_s": terms.bits_per_second // 1000,
            "round_trip_ms": round(terms.delay * 2000),
            "loss": terms.loss,
        },
        "landing_to_receipt_s": {"median": median(seconds), "longest": max(seconds)},
        "with_robot_typing_s": median(visit["with_robot_typing"] for visit in visits),
        "bytes": max(visit["bytes"] for visit in visits),
        "requests": max(visit["requests"] for visit in visits),
        "second_visit": visits[0]["second_visit"],
        "submissions_of_each_family": households,
    }
    holds = (
        first["bytes"] <= BUDGET_BYTES
        and first["requests"] <= BUDGET_REQUESTS
        and all(visit["receipt"] for visit in every)
        and households == [1] * len(every)
    )
    budget = {"bytes": BUDGET_BYTES, "requests": BUDGET_REQUESTS}
    return first | figures | {"budget": budget, "holds": holds}


def main() -> int:
    """Run the benchmark in a site of its own and print its JSON; 1 where it does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--http1", action="store_true", help="HTTP/1.1 instead of HTTP/2")
    options = parser.parse_args()
    if os.geteuid() or not shutil.which("ip") or not Path("/dev/net/tun").exists():
        sys.exit("the weak link needs root, iproute2 and /dev/net/tun")
    with tempfile.TemporaryDirectory(prefix="cacah-weak-") as directory:
        home, behind, port = Path(directory), free_port(), free_port()
        os.environ |= {
            "CACAH_HOME": directory,
            "CACAH_PUBLIC_URL": f"https://{OUTSIDE}:{port}",
            "DJANGO_SETTINGS_MODULE": "cacah.site.settings",
        }
        os.environ["DATABASE_URL"] = start_embedded(home / "postgres")
        set_up(home, [family_of_four(number) for number in range(options.visits + 1)])
        with serving(behind):
            figures = measure(home, options, behind, port)
            figures = summary(figures, stored())
    return tell(figures, chromium=figures.pop("chromium"))


if __name__ == "__main__":
    sys.exit(main())
