"""Souvenirs at an event: a code is scanned, the second try refused, and a dead link bridged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import segno
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Error, Page, expect

from cacah.collection import receipts
from cacah.collection.numbers import normalise
from cacah.collection.packs.tests.conftest import Laptop
from cacah.collection.receipts import Receipt
from cacah.outreach.actions import stock
from cacah.outreach.models import Handout, HandoutDouble, Item, Place
from cacah.outreach.tests.cast import team
from cacah.outreach.tests.test_handing import issued
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .conftest import SERVERS
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

# The page itself stands in the cache beside its parts.
KEPT = """async () => {
    while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20));
    while (!(await caches.match(location.pathname))) await new Promise((go) => setTimeout(go, 20));
}"""
EVERYTHING = """async () => ({
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    names: Object.keys(localStorage),
})"""
FORGOTTEN = """async () => !(await caches.keys()).length
    && !(await navigator.serviceWorker.getRegistrations()).length"""
THIRTEEN_HOURS_LATER = """async () => {
    const cache = await caches.open("cacah-office-souvenirs");
    const kept = await cache.match(location.pathname);
    const headers = new Headers(kept.headers);
    headers.set("X-Kept-At", Date.now() - 13 * 3600000);
    await cache.put(location.pathname, new Response(await kept.blob(), { headers }));
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
    member = officer("team", area=KUPANG)
    crew = team("", KUPANG, member)
    stock.set_teams(by=member, place=hall.pk, teams=[crew])
    with opened_by(browser, site, member, wide=False) as context:
        page = context.new_page()
        page.goto(f"{site}/kantor/penjangkauan/cenderamata/serah/{choice(hall)}")
        yield page


def choice(hall: Place) -> str:
    return f"?tempat={hall.pk}&barang={Item.objects.get().pk}"


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
    fresh, number = signed(9), receipts.number_for(b"k" * 16, 8, 2)
    # Signed by a session's laptop, of whose key the counter knows nothing; the office does.
    said = {"number": number, "issued_at": "2020-02-20T03:04:05Z", "persons": 1, "revision": 2}
    other = Laptop().signed(said)
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


def test_it_opens_without_a_signal_and_forgets_all_but_what_waits(
    counter: Page, hall: Place, site: str
) -> None:
    counter.evaluate(KEPT)
    SERVERS[0].signal = False
    opened_without_a_signal(counter, hall)
    SERVERS[0].signal = True
    # Nobody is signed in any more: what waits stays, and waits for somebody who is.
    Session.objects.all().delete()
    counter.get_by_role("button", name="Laporkan sekarang").click()
    expect(counter.locator("[data-answer]")).to_contain_text("sudah keluar")
    counter.goto(counter.url)
    counter.wait_for_url("**/masuk/**")
    counter.wait_for_function(FORGOTTEN)
    assert counter.evaluate(EVERYTHING)["names"] == ["cacah-souvenirs"]
    again = signed_in(Client(), Officer.objects.get(grants__role="team"))
    cookie = again.cookies[settings.SESSION_COOKIE_NAME].value
    counter.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}]
    )
    counter.goto(f"{site}/kantor/penjangkauan/cenderamata/serah/{choice(hall)}")
    expect(counter.get_by_role("heading", name="Serahkan cenderamata")).to_be_visible()
    counter.wait_for_function("() => !localStorage.length")
    assert Handout.objects.get().offline
    after_twelve_hours(counter)


def opened_without_a_signal(counter: Page, hall: Place) -> None:
    """A new tab shows the page, with nobody's name, and takes a receipt."""
    counter.goto(counter.url)
    expect(counter.get_by_text("Dibuka tanpa sinyal")).to_be_visible()
    look_at(counter, "souvenir-without-a-signal")
    who = Officer.objects.get(grants__role="team").name
    kept = counter.content()
    assert hall.name in kept
    assert who not in kept
    assert "csrfmiddlewaretoken" not in kept
    show(counter, signed(9))
    expect(counter.locator("[data-answer]")).to_contain_text("Tidak ada sinyal")
    # No other page of the office is there.
    with pytest.raises(Error):
        counter.context.new_page().goto(counter.url.split("serah")[0])


def after_twelve_hours(counter: Page) -> None:
    counter.evaluate(KEPT)
    counter.evaluate(THIRTEEN_HOURS_LATER)
    SERVERS[0].signal = False
    # In a tab of its own: one that shows the browser's error may still be on its way to that.
    with pytest.raises(Error):
        counter.context.new_page().goto(counter.url)
    SERVERS[0].signal = True
    counter.goto(counter.url.split("serah")[0])
    assert counter.evaluate(EVERYTHING)["caches"] == []
