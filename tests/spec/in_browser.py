"""A page in a real Chromium that holds the browser's reader, served under a strict policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.resident import CHROMIUM

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / "cacah/questionnaire/static/questionnaire"
PAGE = b'<!doctype html><title>spec</title><script type="module" src="/harness.js"></script>'
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")


class _Files(SimpleHTTPRequestHandler):
    """Serves the page, the harness and the reader's modules; no eval, no inline script."""

    def translate_path(self, path: str) -> str:
        name = path.partition("?")[0].removeprefix("/questionnaire/")
        found = HERE / "harness.js" if name == "/harness.js" else MODULES / Path(name).name
        return str(found)

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the reader on a free port of this machine; give the page's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(MODULES)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def reader_page(browser: Browser) -> Iterator[Page]:
    """Give a page on which `lookAt` and `checkAll` of harness.js can be called."""
    with served() as address:
        page = browser.new_page()
        try:
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: errors.append(message.text))
            page.goto(address, wait_until="load")
            assert not errors, errors
            yield page
        finally:
            page.close()
