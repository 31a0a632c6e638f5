"""A coordinator at work: a family sends its answers, a receipt comes in, reminders are copied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cacah.collection import receipts
from cacah.collection.models import Submission
from cacah.institutions import actions
from cacah.institutions.actions import Person
from cacah.institutions.models import Institution
from cacah.institutions.tests.cast import answers, family, institution, opens, people
from cacah.staff.models import Officer
from cacah.staff.tests.cast import area, officer, signed_in

from .barriers import barriers
from .resident import PATIENCE, PHONE, Resident

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")
UNITS = ("Puskesmas Batang", "Puskesmas Tersono", "Sekretariat Dinas", "Rumah Sakit Umum Daerah")


@pytest.fixture
def dinas(resident: Resident) -> Institution:
    """A department with four units, the first person of the resident's family among them."""
    dinas = institution("Dinas Kesehatan Kabupaten Batang")
    for n, name in enumerate(UNITS):
        unit = institution(name, parent=dinas)
        start = 100 * (n + 1)
        for household in range(start, start + 12, 4):
            family(household, *range(household, household + 4))
        opens(start)
        for household in range(start + 4, start + 12, 8 if n % 2 else 4):
            answers(household)
        numbers = range(start, start + 13)
        actions.add_entries(by=None, institution=unit.pk, people=people(*numbers))
    head = Person(resident.nik, "Slamet Riyadi", "198004032005012001")
    actions.add_entries(by=None, institution=dinas.pk, people=[head])
    return dinas


def opened_by(browser: Browser, site: str, who: Officer, *, wide: bool) -> BrowserContext:
    """Return a browser in which an officer is signed in."""
    viewport = {"width": 1280, "height": 800} if wide else dict(PHONE)
    context = browser.new_context(viewport=viewport, locale="id-ID")
    context.set_default_timeout(PATIENCE)
    cookie = signed_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return context


@pytest.fixture
def desk(browser: Browser, site: str, dinas: Institution) -> Iterator[Page]:
    ani = officer("coordinator", "33.25", institution=dinas.pk, email="ani@example.org")
    with opened_by(browser, site, ani, wide=True) as context:
        yield context.new_page()


def look_at(page: Page, name: str) -> None:
    """Find no barrier and nothing wider than the screen, on a desk and on a phone."""
    wide = page.viewport_size
    for viewport, where in ((wide, "desk"), (dict(PHONE), "phone")):
        page.set_viewport_size(viewport)
        assert not barriers(page), (name, where)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{where}.png", full_page=True)
    page.set_viewport_size(wide)


def test_a_family_that_sends_its_answers_changes_its_institutions_figure(
    resident: Resident, desk: Page, site: str, dinas: Institution
) -> None:
    desk.goto(f"{site}/kantor/instansi/")
    expect(desk.get_by_role("heading", name="Dinas Kesehatan Kabupaten Batang")).to_be_visible()
    expect(desk.get_by_text("24 dari 53 orang sudah mengisi")).to_be_visible()
    look_at(desk, "institution")
    desk.get_by_label("Nama atau nomor induk").fill("slamet")
    desk.keyboard.press("Enter")
    row = desk.get_by_role("row", name="Slamet Riyadi")
    expect(row).to_contain_text("Belum")
    resident.begin().identify().answer_card()
    resident.send()
    # The open page asks by itself; what it does not keep true, the names, it offers to read again.
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(desk.get_by_text("25 dari 53 orang sudah mengisi")).to_be_visible()
    expect(row).to_contain_text("Belum")
    desk.get_by_role("link", name="Buka daftar terbaru").click()
    expect(row).to_contain_text("Sudah mengisi")


def test_a_receipt_is_scanned_and_bound_once(desk: Page, site: str, dinas: Institution) -> None:
    number = issued(900)
    address = f"{site}/kantor/instansi/{dinas.pk}/tanda-terima/"
    desk.goto(address)
    look_at(desk, "hand-in")
    by_keyboard(desk, "Nama", "Budi Santoso")
    scan(desk, number)
    expect(desk.get_by_label("Nomor bukti")).to_have_value(number)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Bukti pengisian asli.")).to_be_visible()
    expect(desk.locator(".state-done")).to_be_visible()
    look_at(desk, "person")
    desk.goto(address)
    by_keyboard(desk, "Nama", "Orang Lain")
    by_keyboard(desk, "Nomor bukti", number)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("sudah pernah diserahkan")).to_be_visible()
    assert "Budi" not in desk.locator("main").inner_text()


def issued(household: int) -> str:
    """Let a family answer that holds a receipt; return its number."""
    family(household, 9_000 + household)
    answers(household)
    number = receipts.number_for(b"k" * 16, household, 1)
    Submission.objects.create(
        household_id=household,
        revision=1,
        issued_at=datetime.now(UTC).replace(microsecond=0),
        mode="cawi",
        persons=1,
        instrument="0" * 16,
        key_digest=bytes(16),
        receipt_digest=receipts.number_digest(number),
        nik_digests=[],
        sealed=b"",
    )
    return number


def by_keyboard(page: Page, label: str, text: str) -> None:
    page.get_by_label(f"{label}:", exact=True).focus()
    page.keyboard.type(text)


def scan(page: Page, value: str) -> None:
    """Choose a picture of the code; Chromium has no detector here, so it is ours that reads it."""
    png = BytesIO()
    segno.make_qr(value).save(png, kind="png", scale=4)
    picture = page.get_by_label("Atau pilih gambarnya")
    picture.set_input_files({"name": "qr.png", "mimeType": "image/png", "buffer": png.getvalue()})


def test_reminders_are_ready_for_those_who_are_left(
    desk: Page, site: str, dinas: Institution
) -> None:
    desk.goto(f"{site}/kantor/instansi/{dinas.pk}/pengingat/")
    look_at(desk, "reminders")
    first = desk.locator("ol.texts > li").first
    expect(first.locator("[data-text]")).to_contain_text("Yth. Slamet Riyadi,")
    link = first.get_by_role("link", name="WhatsApp").get_attribute("href") or ""
    assert link.startswith("https://wa.me/?text=")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    first.get_by_role("button", name="Salin").click()
    expect(first.get_by_role("button", name="Tersalin")).to_be_visible()
    assert "Slamet Riyadi" in desk.evaluate("navigator.clipboard.readText()")


def test_an_officer_compares_institutions(browser: Browser, site: str, dinas: Institution) -> None:
    university = institution("Universitas Batang Raya")
    Institution.objects.filter(pk=university.pk).update(kind="university", obliged=False)
    actions.add_entries(by=None, institution=university.pk, people=people(*range(700, 709)))
    area("33.25.11")
    budi = officer("regency", "33.25", email="budi@example.org")
    with opened_by(browser, site, budi, wide=True) as context:
        page = context.new_page()
        page.goto(f"{site}/kantor/instansi/")
        look_at(page, "league")
        page.get_by_role("link", name="Orang di daftar").click()
        names = page.locator("table.participation tbody th")
        expect(names.first).to_contain_text("Dinas Kesehatan")
        page.get_by_label("Jenis").select_option("university")
        page.get_by_role("button", name="Tampilkan").click()
        expect(names).to_have_count(1)
        page.goto(f"{site}/kantor/instansi/{dinas.pk}/")
        look_at(page, "institution-from-above")
        assert "Pegawai" not in page.content()
        page.get_by_role("link", name="Kelola instansi ini").click()
        look_at(page, "manage")
        page.get_by_role("link", name="Tambah unit").click()
        look_at(page, "add")
        add_by_keyboard(page)


def add_by_keyboard(page: Page) -> None:
    """Add a unit with nothing but the keyboard; its area is found as one types."""
    page.get_by_label("Nama:", exact=True).focus()
    page.keyboard.type("Gudang Farmasi")
    page.get_by_label("Wilayah:", exact=True).focus()
    page.keyboard.type("area 3325")
    expect(page.get_by_role("radio", name="Area 332511")).to_be_visible()
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "3325":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gudang Farmasi")).to_be_visible()
    expect(page.get_by_text("Area 332511, Area 3325, Area 33")).to_be_visible()
