"""An officer's way in: invitation, password, second step by app and by passkey, the role's home."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from cacah.staff.roles import Role
from cacah.staff.tests.cast import PASSWORD, TOTP_SECRET, area, officer

from .barriers import barriers
from .resident import PATIENCE

SHOTS = os.environ.get("CACAH_SCREENSHOTS", "")
OWN = "gajah minum kopi susu"


@pytest.fixture
def office(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    # A passkey belongs to a name; an address of digits has none.
    address = site.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(settings, "CACAH_PUBLIC_URL", address)
    return address


@pytest.fixture
def desk(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE)
        yield context


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def look_at(page: Page, name: str) -> None:
    """Find no barrier, nothing wider than the screen and no refused script on a page."""
    assert not barriers(page), name
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{name} is {width} px too wide"
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def follow(way: Locator) -> None:
    """Press a button or a link, and wait for the page that it leads to."""
    with way.page.expect_navigation():
        way.click()


def enter(page: Page, office: str, email: str, password: str) -> None:
    page.goto(f"{office}/kantor/")
    page.get_by_label("Surel").fill(email)
    page.get_by_label("Kata sandi").fill(password)
    follow(page.get_by_role("button", name="Masuk", exact=True))


def invited_by_hand(page: Page, office: str) -> str:
    """Sign in as an officer of Batang, invite one of Tersono; return the link that is shown."""
    boss = officer(Role.REGENCY, "33.25", email="atasan@example.org")
    enter(page, office, boss.email, PASSWORD)
    look_at(page, "second-step")
    page.get_by_label("Kode").fill(code(TOTP_SECRET))
    follow(page.get_by_role("button", name="Lanjutkan"))
    look_at(page, "home-desk")
    follow(page.get_by_role("navigation").get_by_role("link", name="Petugas", exact=True))
    follow(page.get_by_role("button", name="Undang petugas"))
    look_at(page, "invite-desk")
    page.get_by_label("Surel").fill("baru@example.org")
    page.get_by_label("Nama").fill("Siti Baru")
    page.get_by_label("Peran").select_option("district")
    page.get_by_label("Wilayah").fill("33.25.07")
    follow(page.get_by_role("button", name="Kirim undangan"))
    link = page.get_by_label("Tautan sekali pakai").input_value()
    look_at(page, "officer-desk")
    page.set_viewport_size({"width": 360, "height": 740})
    look_at(page, "officer-phone")
    page.set_viewport_size({"width": 1280, "height": 800})
    follow(page.get_by_role("link", name="Jejak audit"))
    look_at(page, "trail-desk")
    return link


def test_an_invited_officer_comes_home(
    desk: BrowserContext, context: BrowserContext, office: str
) -> None:
    area("33.25.07")
    link = invited_by_hand(desk.new_page(), office)
    page = context.new_page()
    page.goto(link)
    look_at(page, "accept")
    page.get_by_label("Pilih kata sandi").fill(OWN)
    follow(page.get_by_role("button", name="Terima akses ini"))
    look_at(page, "second-step-missing")
    follow(page.get_by_role("link", name="Pasang aplikasi autentikator"))
    look_at(page, "authenticator-app")
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Enam angka").fill(code(secret))
    follow(page.get_by_role("button", name="Pasang", exact=True))
    look_at(page, "recovery-codes")
    assert page.locator(".codes li").count() == 10
    follow(page.get_by_role("button", name="Sudah saya simpan"))
    page.get_by_role("heading", name="Hari ini", exact=True).wait_for()
    look_at(page, "home-phone")
    page.goto(link)
    page.get_by_role("heading", name="Tautan ini sudah tidak berlaku").wait_for()
    with_a_passkey(context, page, office)


def with_a_passkey(context: BrowserContext, page: Page, office: str) -> None:
    """Add a passkey on a virtual authenticator, sign out, and come in with nothing else."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{office}/kantor/masuk/pengaman/")
    look_at(page, "account")
    follow(page.get_by_role("link", name="Tambah kunci sandi"))
    look_at(page, "add-passkey")
    page.get_by_label("Apa sebutannya?").fill("Ponsel merah")
    page.get_by_role("button", name="Tambah kunci sandi").click()
    page.get_by_text("Ponsel merah").wait_for()
    page.goto(f"{office}/kantor/")
    follow(page.get_by_role("button", name="Keluar"))
    page.goto(f"{office}/kantor/")
    look_at(page, "sign-in")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.get_by_role("heading", name="Hari ini", exact=True).wait_for()
    follow(page.get_by_role("button", name="Keluar"))
    enter(page, office, "baru@example.org", OWN)
    page.get_by_role("button", name="Pakai kunci sandi").click()
    page.get_by_role("heading", name="Hari ini", exact=True).wait_for()


def test_the_keyboard_alone_signs_in(context: BrowserContext, office: str) -> None:
    boss = officer(Role.REGENCY, "33.25")
    page = context.new_page()
    page.goto(f"{office}/en/kantor/")
    for _ in range(20):
        if page.evaluate("document.activeElement.name") == "login":
            break
        page.keyboard.press("Tab")
    for keys in (boss.email, "Tab", PASSWORD, "Enter"):
        (page.keyboard.press if keys in ("Tab", "Enter") else page.keyboard.type)(keys)
    page.get_by_role("heading", name="Second step").wait_for()
    page.keyboard.type(code(TOTP_SECRET))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Today", exact=True).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
