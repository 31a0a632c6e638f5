"""The centre over a real connection: whatever may answer in its place, and where it may be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from cacah.outreach.packs.centre import Centre, Indigestible, NoAddress, TurnedAway, Unheard

STORED = {"outcomes": [{"outcome": "stored"}]}


class Somebody(ThreadingHTTPServer):
    """Answers every request with `status`, `headers` and `content`, or cuts the line."""

    status, headers, content = 200, {}, orjson.dumps(STORED)
    cuts = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, bytes, str | None]] = []
        self.lines = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, status: int, content: Any = b"", **headers: str) -> None:
        self.status, self.headers = status, headers
        self.content = content if isinstance(content, bytes) else orjson.dumps(content)


class Answering(BaseHTTPRequestHandler):
    server: Somebody
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.lines += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, body, self.headers["X-Cacah-Signature"]))
        if self.server.cuts:
            self.server.cuts -= 1
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def somebody() -> Iterator[Somebody]:
    with Somebody() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def hand_over(somebody: Somebody) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    centre = Centre(somebody.address)
    yield lambda: centre.hand_over(b'{"pack":1}', "signature")
    centre.hang_up()


def test_bodies_go_over_one_connection(somebody: Somebody, hand_over: Any) -> None:
    assert hand_over() == hand_over() == STORED["outcomes"]
    assert somebody.asked == [("/api/pack", b'{"pack":1}', "signature")] * 2
    assert somebody.lines == 1


def test_a_line_that_is_cut_is_opened_again(somebody: Somebody, hand_over: Any) -> None:
    hand_over()
    somebody.cuts = 1
    with pytest.raises(Unheard):
        hand_over()
    assert hand_over() == STORED["outcomes"]


def test_a_hotspot_that_answers_for_the_centre_is_not_believed(
    somebody: Somebody, hand_over: Any
) -> None:
    for content in (b"<html>Log in to the wifi</html>", b"[]", {"outcomes": 3}):
        somebody.says(200, content)
        with pytest.raises(Unheard, match="not the centre"):
            hand_over()


def test_a_busy_centre_says_how_long_to_wait(somebody: Somebody, hand_over: Any) -> None:
    somebody.says(503, {"code": "try-later"}, Retry_After="30")
    with pytest.raises(Unheard) as heard:
        hand_over()
    assert heard.value.wait == 30


def test_a_pack_that_is_not_taken_hears_why(somebody: Somebody, hand_over: Any) -> None:
    somebody.says(403, {"code": "pack-unknown", "title": "…", "detail": "…"})
    with pytest.raises(TurnedAway, match="withdrawn, or prepared somewhere else"):
        hand_over()
    somebody.says(301, b"", Location="https://elsewhere.example/api/pack")
    with pytest.raises(TurnedAway, match=r"leads to https://elsewhere\.example"):
        hand_over()


def test_a_body_that_cannot_be_read_is_told_by_its_code(somebody: Somebody, hand_over: Any) -> None:
    for status, code in ((400, "bad-request"), (413, "too-large"), (500, "unexpected")):
        somebody.says(status, {"code": code})
        with pytest.raises(Indigestible) as refused:
            hand_over()
        assert refused.value.code == code


def test_nothing_goes_over_an_open_line_to_another_machine() -> None:
    with pytest.raises(NoAddress, match="not encrypted"):
        Centre("http://sensus.example")
    for nonsense in ("sensus.example", "ftp://sensus.example", "https://", ""):
        with pytest.raises(NoAddress, match="is no address"):
            Centre(nonsense)
    for here in ("http://localhost:8000", "http://127.0.0.1:1", "http://[::1]:8000"):
        Centre(here)
    Centre("https://sensus.example/cacah/")


def test_where_nobody_listens_it_says_so() -> None:
    with Somebody() as gone:
        address = gone.address
    with pytest.raises(Unheard, match="refused"):
        Centre(address).hand_over(b"{}", "")
