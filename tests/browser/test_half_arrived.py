"""A file that arrives only in part: the page says another way on, and a reload mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cacah.collection import shell

from .conftest import SERVERS
from .resident import Resident


@pytest.fixture
def broken_off(site: str) -> Iterator[set[str]]:
    """Paths of which the server sends half, with the length of the whole, and hangs up."""
    server, broken = SERVERS[0], set[str]()
    whole = server.get_app()

    def half(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = b"".join(whole(environ, start_response))
        return [body[: len(body) // 2]] if environ["PATH_INFO"] in broken else [body]

    server.set_app(half)
    yield broken
    server.set_app(whole)


def test_a_reload_is_enough_after_half_a_script(
    resident: Resident, page: Page, broken_off: set[str]
) -> None:
    broken_off.update(shell.assets().scripts)
    resident.open("/isi/")
    expect(page.get_by_role("link", name="formulir polos")).to_be_visible()
    broken_off.clear()
    page.reload()
    page.wait_for_selector("#f-nik")
    resident.identify()
    page.wait_for_selector("#f-card-month")


def test_half_a_page_is_asked_for_again_by_itself(
    resident: Resident, page: Page, broken_off: set[str]
) -> None:
    broken_off.add(shell.assets().forms["id"])
    page.on("request", lambda request: request.is_navigation_request() and broken_off.clear())
    resident.open("/isi/")
    page.wait_for_selector("#f-nik")


def test_half_of_the_second_script_takes_nothing_from_the_page(
    resident: Resident, page: Page, broken_off: set[str]
) -> None:
    broken_off.add(shell.assets().more)
    resident.open("/isi/")
    page.fill("#f-nik", resident.nik)
    page.get_by_role("button", name="Saya punya kode lanjut").click()
    expect(page.locator(".saved")).to_contain_text("Sambungan internet")
    expect(page.locator("#f-nik")).to_have_value(resident.nik)
    broken_off.clear()
    page.get_by_role("button", name="Saya punya kode lanjut").click()
    page.wait_for_selector("#f-code")
