"""Souvenirs at an event: a code is scanned, the second try refused, and a dead link bridged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from cacah.collection import receipts
from cacah.collection.numbers import normalise
from cacah.collection.receipts import Receipt
from cacah.outreach.actions import stock
from cacah.outreach.models import Handout, HandoutDouble, Item, Place
from cacah.outreach.tests.test_handing import issued
from cacah.staff.tests.cast import area, officer

from .test_institutions import look_at, opened_by

KUPANG = "5371"
# A camera that shows what is held before it.
CAMERA = """(picture) => {
    const canvas = document.createElement("canvas");
    const image = new Image();
    image.onload = () => {
        [canvas.width, canvas.height] = [image.width, image.height];
        const draw = () => canvas.getContext("2d").drawImage(image, 0, 0);
        setInterval(draw, 50);
    };
    image.src = picture;
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}"""


def signed(household: int) -> str:
    """Let a household hold a receipt; return what its code says."""
    issued(household)
    number = normalise(receipts.number_for(b"k" * 16, household, 1))
    return receipts.sign(Receipt("sp2020", number, datetime.now(UTC), 1, 1))


@pytest.fixture
def hall(site: str) -> Place:
    keeper = officer("regency", area=KUPANG)
    made = stock.add_place(by=keeper, name="Aula Bupati", area=area(KUPANG))
    stock.receive(by=keeper, place=made.pk, kind="Pulpen", pieces=5)
    return made


@pytest.fixture
def counter(browser: Browser, site: str, hall: Place) -> Iterator[Page]:
    """The phone of a team at the counter."""
    team = officer("team", area=KUPANG)
    with opened_by(browser, site, team, wide=False) as context:
        page = context.new_page()
        where = f"?tempat={hall.pk}&barang={Item.objects.get().pk}"
        page.goto(f"{site}/kantor/penjangkauan/cenderamata/serah/{where}")
        yield page


def show(page: Page, code: str) -> None:
    """Hold a receipt's code before the camera."""
    page.evaluate(CAMERA, segno.make_qr(code).png_data_uri(scale=6))
    page.get_by_role("button", name="Pindai kode QR").click()


def type_in(page: Page, code: str) -> None:
    page.get_by_label("Nomor bukti").fill(code)
    page.keyboard.press("Enter")


def test_one_for_each_family_by_camera_and_without_a_signal(counter: Page, hall: Place) -> None:
    answer = counter.locator("[data-answer]")
    show(counter, signed(7))
    expect(answer).to_contain_text("Serahkan cenderamatanya.")
    look_at(counter, "souvenir-given")
    type_in(counter, signed(8))
    expect(answer).to_contain_text("Serahkan")
    # Seen on this device already: refused without asking anybody.
    show(counter, receipts.number_for(b"k" * 16, 7, 1))
    expect(answer).to_contain_text("sudah pernah ditunjukkan di sini")
    assert Handout.objects.count() == 2
    without_a_signal(counter, hall)


def without_a_signal(counter: Page, hall: Place) -> None:
    answer = counter.locator("[data-answer]")
    counter.context.set_offline(True)
    fresh, other = signed(9), receipts.number_for(b"k" * 16, 8, 2)
    issued(8, 2)
    for code in (fresh, other):
        type_in(counter, code)
        expect(answer).to_contain_text("Tidak ada sinyal")
    type_in(counter, fresh)
    expect(answer).to_contain_text("sudah pernah ditunjukkan di sini")
    type_in(counter, signed(10).replace(".1.1.", ".4.1."))
    expect(answer).to_contain_text("Kode ini tidak asli")
    type_in(counter, "7K2M-9QXA-4TDR-3")
    expect(answer).to_contain_text("bukan nomor bukti")
    expect(counter.locator("[data-many]")).to_have_text("2")
    counter.context.set_offline(False)
    expect(counter.locator("[data-waiting]")).to_be_hidden()
    expect(counter.locator("[data-doubles] li")).to_contain_text("Aula Bupati")
    assert Handout.objects.count() == 3
    assert HandoutDouble.objects.get().first.household_id == 8
