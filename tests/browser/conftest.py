"""A real site on a free port, a Chromium of phone size, and the families of the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

import pytest
from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cacah.areas.queries import prepare_search
from cacah.collection import door, opened, pages, pool, shell, window
from cacah.registry.actions import set_census

from .register import register
from .resident import CHROMIUM, FAMILIES, PATIENCE, PHONE, Resident

expect.set_options(timeout=PATIENCE)


# What an answer weighs is measured, so this server names itself as the real one does.
ServerHandler.server_software = "granian"


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


def bounded(application: door.Application) -> door.Application:
    """Let a body end where Content-Length says, which granian does and wsgiref does not."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = LimitedStream(environ["wsgi.input"], length)
        return application(environ, start_response)

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Without a signal every connection breaks, the service worker's too.
    signal = True

    def process_request(self, request: Any, client_address: Any) -> None:
        if self.signal:
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="there is no chromium on this machine")
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            # A browser is a dozen processes on a machine that others use too: what fails once is
            # tried once more, and named at the end either way.
            item.add_marker(pytest.mark.flaky(reruns=1))
            if CHROMIUM is None:
                item.add_marker(missing)


def moments(phase: str) -> dict[str, datetime]:
    """Return a window in which now is `early`, `open` or `closed`."""
    opens = datetime.now(UTC) + timedelta(days={"early": 2, "open": -1, "closed": -31}[phase])
    return {"opens_at": opens, "closes_at": opens + timedelta(days=30)}


@pytest.fixture
def census(transactional_db: None) -> Any:
    made = set_census(**moments("open"), help_phone="1500 123", help_hours="08.00–20.00 WIB")
    # Also what a page of the test before has asked for meanwhile.
    window.forget()
    pages.forget()
    yield made
    opened._marks.clear()
    window.forget()
    pages.forget()
    pool.close()


def serve_what_is_built(server: _Server) -> None:
    """Let the server answer as one that has just been started: with the files that are there."""
    server.set_app(bounded(door.wrap(get_wsgi_application(), background=False)))


SERVERS: list[_Server] = []


@pytest.fixture(scope="session")
def running_site() -> Iterator[Callable[[], str]]:
    """Start the site at the first call, when a census is there to build the form with."""
    servers = SERVERS
    # Each request has its own thread here; a connection kept by one would outlive the database.
    connections.settings["default"]["CONN_MAX_AGE"] = 0

    def start() -> str:
        if not servers:
            shell.build()
            # As a server does: a cold search takes seconds on a busy machine.
            prepare_search()
            server = _Server(("127.0.0.1", 0), _Handler)
            serve_what_is_built(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
        return f"http://127.0.0.1:{servers[0].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(census: Any, running_site: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    address = running_site()
    monkeypatch.setattr(settings, "CACAH_PUBLIC_URL", address)
    SERVERS[0].signal = True
    return address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=PHONE, locale="id-ID", has_touch=True) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: print("a script failed:", error.stack))

    yield page


@pytest.fixture
def five() -> dict[str, Any]:
    """The family of five, as the register has it and as it answers."""
    return deepcopy(FAMILIES["family of five"]) | {"kk": "3325110102030405"}


@pytest.fixture
def resident(page: Page, site: str, five: dict[str, Any]) -> Resident:
    register(five)
    return Resident(page, site, five)
