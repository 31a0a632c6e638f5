"""A village session offline and delivered: a real laptop whose power is cut, and a real centre."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.core.management import call_command
from django.db.models import Sum
from playwright.sync_api import Browser, Page, expect

from cacah.collection.models import Beside, Submission
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession
from cacah.registry.models import Case, ProgressDelta, Unlisted
from cacah.staff.tests.cast import area, officer
from tests.laptop import Laptop, laptop

from .register import register
from .resident import FAMILIES, PATIENCE, PHONE, Resident
from .test_institutions import opened_by

VILLAGE = "3325111015"


@dataclass
class Village:
    """The session, its laptop, and the families of the village by what becomes of them."""

    hall: GuidedSession
    laptop: Laptop
    # As phones reach it over the hotspot: by no name that a browser trusts.
    site: str
    families: dict[str, dict[str, Any]]


@pytest.fixture
def village(site: str) -> Iterator[Village]:
    families = {
        name: deepcopy(FAMILIES["family of five"]) | {"kk": f"332511010203040{n}"}
        for n, name in enumerate(("first", "second", "online"), 5)
    }
    for family in families.values():
        register(family)
    leader = officer("team", area=VILLAGE)
    new = GuidedSession(title="Balai Desa Tersono", area=area(VILLAGE))
    hall = verbs.open_session(by=leader, new=new)
    with tempfile.TemporaryDirectory(prefix="desa-", dir=quick_disk()) as folder:
        path, told = Path(folder) / "desa.cacah", StringIO()
        call_command("session", "prepare", hall.code, "--out", str(path), stdout=told)
        passphrase = told.getvalue().partition("Passphrase: ")[2].split("\n")[0]
        with laptop(path, passphrase) as held:
            yield Village(hall, held, f"http://laptop.test:{held.port}", families)


def quick_disk() -> str | None:
    """Return where a database is made in half the time: processes are killed, not the machine."""
    memory = Path("/dev/shm")
    is_large = memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30
    return str(memory) if is_large else None


def test_a_village_session_offline_and_delivered(
    browser: Browser, page: Page, site: str, village: Village
) -> None:
    village.laptop.start()
    first = Resident(page, village.site, village.families["first"])
    joined(first, village)
    first.identify().answer_card()
    expect(page.get_by_text("Jangan tutup halaman ini sebelum mengirim")).to_be_visible()
    proof = sent(first)
    with browser.new_context(viewport=dict(PHONE), locale="id-ID") as second:
        second.set_default_timeout(PATIENCE)
        waiting = Resident(second.new_page(), village.site, village.families["second"])
        joined(waiting, village)
        waiting.identify().answer_card().fill_until("confirm")
        village.laptop.power_cut()
        waiting.main_button.click()
        expect(waiting.page.get_by_role("button", name="Coba lagi sekarang")).to_be_visible()
        village.laptop.start()
        number = waiting.try_again().receipt_number()
    asked_again(village, proof)
    beside = by_hand(village, site)
    seen_by_the_guide(browser, village)
    before_delivery(page, site, proof)
    delivered(village)
    assert Submission.objects.count() == 4
    assert Beside.objects.get().household_id == beside
    after_delivery(page, site, proof, number)
    counted_as_guided(browser, site, village)


def joined(resident: Resident, village: Village) -> None:
    """Take a number at the laptop, over plain HTTP: nothing is kept on the phone."""
    resident.page.goto(f"{village.site}/sesi/{village.hall.code}/")
    resident.page.get_by_role("button", name="Isi di HP saya sendiri").click()
    resident.page.wait_for_selector("aside.seat")
    assert not resident.page.evaluate("isSecureContext")


@dataclass(frozen=True)
class Proof:
    """What stands on a provisional proof."""

    number: str
    signed: str
    # The request that it answered.
    body: bytes


def sent(resident: Resident) -> Proof:
    """Send; the proof calls itself provisional and leads to the centre."""
    with resident.page.expect_response("**/api/submit") as answered:
        number = resident.send()
    expect(resident.page.get_by_role("heading", name="bukti sementara")).to_be_visible()
    told = answered.value.json()
    assert told["number"] == number
    return Proof(number, told["signed"], answered.value.request.post_data_buffer or b"")


def asked_again(village: Village, proof: Proof) -> None:
    """Send what the first phone had sent before the power went: the laptop knows its receipt."""
    told = ask(village.laptop.address, "submit", proof.body)
    assert (told["number"], told["signed"]) == (proof.number, proof.signed)


def by_hand(village: Village, site: str) -> int:
    """Let a family that is not in the register answer, and another both here and online.

    Return the id of that one.
    """
    there = village.laptop.address
    word = {"name": "Sri", "village": VILLAGE, "address": "Dukuh Krajan", "persons": 5}
    word |= {"key": key(1), "visit": False}
    told = answered(there, ask(there, "unlisted", word), village.families["first"], key(2))
    assert told["to_be_verified"]
    who = village.families["online"]
    numbers = {"nik": who["prefill"]["persons"][0]["nik"], "kk": who["kk"]}
    for address, own in ((there, key(3)), (site, key(4))):
        answered(address, ask(address, "identify", numbers), who, own)
    return int(Submission.objects.get().household_id)


def ask(address: str, route: str, body: Any) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{address}/api/{route}", content, headers), timeout=60) as answer:
        return dict(json.load(answer))


def answered(
    address: str, known: dict[str, Any], family: dict[str, Any], own: str
) -> dict[str, Any]:
    """Send a family's answers as its form does; return the receipt."""
    body = {"session": known["session"], "key": own, "instrument": known["instrument"]["digest"]}
    return ask(
        address, "submit", body | {"answers": family["answers"], "remarks": family["remarks"]}
    )


def key(n: int) -> str:
    return urlsafe_b64encode(n.to_bytes(16, "big")).decode().rstrip("=")


def seen_by_the_guide(browser: Browser, village: Village) -> None:
    """Sign the guide in by the link of this start; the board has both phones, finished."""
    with browser.new_context(locale="id-ID") as context:
        context.set_default_timeout(PATIENCE)
        board = context.new_page()
        board.goto(village.laptop.guide_link)
        finished(board)


def finished(board: Page) -> None:
    for number in (1001, 1002):
        link = board.get_by_role("link", name=str(number), exact=True)
        expect(board.get_by_role("row").filter(has=link)).to_contain_text("Selesai")


def before_delivery(page: Page, site: str, proof: Proof) -> None:
    """Scan the provisional proof: its signature is right, and the answers are on their way."""
    page.goto(f"{site}/bukti/{proof.signed}")
    expect(page.get_by_role("heading", name="Bukti ini sementara")).to_be_visible()
    page.goto(f"{site}/bukti/{proof.number}")
    expect(page.get_by_role("heading", name="Bukti ini asli")).to_have_count(0)


def delivered(village: Village) -> None:
    """Deliver twice at once, and once more; the report says what became of each proof."""
    both = [village.laptop.begin("deliver") for _ in range(2)]
    assert [each.wait(PATIENCE) for each in both] == [0, 0], village.laptop.log.read_text()
    last = village.laptop.run("deliver")
    assert "0 of 0" in last.stdout
    assert "Nothing is waiting" in last.stdout
    report = village.laptop.pack.with_name(f"{village.laptop.pack.name}.report.csv")
    with report.open(newline="") as file:
        outcomes = [line["outcome"] for line in csv.DictReader(file)]
    assert outcomes.count("beside") == 1
    assert set(outcomes) <= {"stored", "again", "beside"}


def after_delivery(page: Page, site: str, proof: Proof, number: str) -> None:
    """Check both proofs at the centre: they are worth what every proof is."""
    for code in (proof.signed, proof.number, number):
        page.goto(f"{site}/bukti/{code}")
        expect(page.get_by_role("heading", name="Bukti ini asli")).to_be_visible()
        expect(page.get_by_text("Bukti ini sementara")).to_have_count(0)


def counted_as_guided(browser: Browser, site: str, village: Village) -> None:
    """Find both phones on the centre's board, and their families in the progress as guided."""
    guided = ProgressDelta.objects.filter(mode="guided").aggregate(n=Sum("responded_families"))
    assert guided["n"] == 2
    code = village.hall.code
    seats = Case.objects.filter(mode="guided").order_by("guide").values_list("guide", flat=True)
    assert list(seats) == [f"{code}.1001", f"{code}.1002"]
    assert Unlisted.objects.get().area == VILLAGE
    with opened_by(browser, site, village.hall.opened_by, wide=True) as context:
        board = context.new_page()
        board.goto(f"{site}/kantor/penjangkauan/sesi/{village.hall.pk}/")
        finished(board)
