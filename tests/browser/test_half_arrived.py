"""A file that arrives only in part: the page says another way on, and a reload mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cacah.collection import shell

from .conftest import SERVERS
from .resident import Resident


class Broken(set[str]):
    """Paths of which only half arrives, as if the connection broke off."""

    # Paths of which something between sends half as if it were all, the first time.
    cut: set[str]


@pytest.fixture
def broken_off(site: str) -> Iterator[Broken]:
    """Let the server send half: with the length of the whole, or with its own."""
    server, broken = SERVERS[0], Broken()
    broken.cut = set()
    whole = server.get_app()

    def half(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in broken | broken.cut:
            return whole(environ, start_response)
        told: list[Any] = []
        body = b"".join(whole(environ, lambda *status: told.extend(status)))
        body = body[: len(body) // 2]
        if path in broken.cut:
            broken.cut.remove(path)
            told[1] = [(n, v) for n, v in told[1] if n.lower() != "content-length"]
        start_response(*told)
        return [body]

    server.set_app(half)
    yield broken
    server.set_app(whole)


def test_a_reload_is_enough_after_half_a_script(
    resident: Resident, page: Page, broken_off: Broken
) -> None:
    broken_off.update(shell.assets().scripts)
    resident.open("/isi/")
    expect(page.get_by_role("link", name="formulir polos")).to_be_visible()
    broken_off.clear()
    page.reload()
    page.wait_for_selector("#f-nik")
    resident.identify()
    page.wait_for_selector("#f-card-month")


def test_half_a_page_that_passes_for_a_whole_one_is_asked_for_again_by_itself(
    resident: Resident, page: Page, broken_off: Broken
) -> None:
    broken_off.cut.add(shell.assets().forms["id"])
    # The page leaves before it has loaded.
    page.goto(resident.site + "/isi/", wait_until="commit")
    page.wait_for_selector("#f-nik")
    assert not broken_off.cut


def test_half_of_the_second_script_takes_nothing_from_the_page(
    resident: Resident, page: Page, broken_off: Broken
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
