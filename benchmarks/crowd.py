"""The people of benchmarks/session.py, run inside its namespace: each joins, fills in and sends.

Reads its orders as JSON from standard input, prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

# As the form does (more/guided.js, sending.js): news every so often, patience, pauses.
NEWS_EVERY, PATIENCE, PAUSE = 15.0, 60.0, 4.0
BOARD_EVERY = 1.0
BLOCKS = ("identify", "card", "tasks", "page:family/home", "page:person/identity", "summary")
PARTS = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"')
MORE = re.compile(r'"(?:script|texts)": ?"(/static/[^"]+)"')
CALLING = re.compile(r'\?nomor=(\d+)"(?:(?!</tr>).)*?class="calls"', re.DOTALL)


@dataclass
class Crowd:
    """Everybody in the hall, what came of each, and what the board showed when."""

    orders: dict[str, Any]
    receipts: dict[int, dict[str, Any]] = field(default_factory=dict)
    tries: int = 0
    # Moment of each seat's call, and when the board had it.
    called: dict[int, float] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)
    polls: list[float] = field(default_factory=list)
    over: bool = False

    async def person(self, n: int) -> None:
        """Come in, join, load the form, fill it in, call the guide perhaps, and send."""
        rng = Random(n)
        await asyncio.sleep(rng.uniform(0, self.orders["arrive"]))
        code = self.orders["code"]
        await self.insist("GET", f"/sesi/{code}/")
        _status, head, _body = await self.insist("POST", f"/sesi/{code}/", b"")
        address = head["location"]
        token = address.partition("sesi=")[2]
        await self.load(address)
        known = await self.identify(n)
        for block in BLOCKS:
            calls = block == "summary" and rng.random() < self.orders["calling"]
            await self.news(token, block, calls)
            await asyncio.sleep(rng.uniform(0.5, 1.5) * self.orders["fill"] / len(BLOCKS))
        await self.send(n, known, token)
        await self.news(token, "receipt", False)

    async def load(self, address: str) -> None:
        """Fetch the form as a phone does that has never been here, the second script too."""
        status, head, body = await self.insist("GET", address)
        if status == 302:
            status, head, body = await self.insist("GET", head["location"])
        page = body.decode("utf-8", "replace")
        for part in dict.fromkeys([*PARTS.findall(page), *MORE.findall(page)]):
            await self.insist("GET", part)

    async def identify(self, n: int) -> dict[str, Any]:
        nik, kk, _answers = self.orders["families"][n]
        body = {"nik": nik, "kk": kk, "language": "id"}
        while True:
            status, _head, found = await self.insist(
                "POST", "/api/identify", json.dumps(body).encode()
            )
            told = json.loads(found)
            if status == 200:
                return dict(told)
            body["place"] = told.get("place") or body.get("place", "")
            await asyncio.sleep(PAUSE)

    async def news(self, token: str, block: str, calls: bool) -> None:
        number = int(token.split(".")[1])
        if calls:
            self.called[number] = time.monotonic()
        told = json.dumps({"token": token, "block": block, "wanted": calls}).encode()
        await self.insist("POST", "/sesi/kabar", told)

    async def send(self, n: int, known: dict[str, Any], token: str) -> None:
        answers = self.orders["families"][n][2]
        key = urlsafe_b64encode(n.to_bytes(16, "big")).rstrip(b"=").decode()
        head = {"session": known["session"], "key": key, "language": "id", "guide": token}
        head["instrument"] = known["instrument"]["digest"]
        body = json.dumps(head)[:-1] + "," + answers + "}"
        status, _head, receipt = await self.insist("POST", "/api/submit", body.encode())
        if status in (200, 201):
            self.receipts[n] = json.loads(receipt)

    async def board(self) -> None:
        """Ask for the board every second, as the guide's page does, over the same uplink."""
        version = ""
        cookie = {"Cookie": self.orders["cookie"]}
        while not self.over:
            began = time.monotonic()
            more = cookie | ({"If-None-Match": f'"{version}"'} if version else {})
            address = f"{self.orders['board']}?sejak={quote(version)}"
            status, head, body = await self.insist("GET", address, None, more)
            now = time.monotonic()
            self.polls.append(now - began)
            if status == 200:
                version = head.get("etag", "").removeprefix("W/").strip('"')
                for number in map(int, CALLING.findall(body.decode())):
                    self.seen.setdefault(number, now)
            await asyncio.sleep(max(0.0, BOARD_EVERY - (time.monotonic() - began)))

    async def insist(
        self, verb: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask until an answer comes that is no 5xx; each try has a connection of its own."""
        while True:
            self.tries += 1
            try:
                answer = await asyncio.wait_for(self.ask(verb, path, body, more or {}), PATIENCE)
                if answer[0] < 500 and answer[0] != 429:
                    return answer
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(PAUSE)

    async def ask(
        self, verb: str, path: str, body: bytes | None, more: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        reader, writer = await asyncio.open_connection(self.orders["host"], self.orders["port"])
        try:
            coding = "gzip" if "Cookie" in more else "br, gzip"
            fields = {"Host": self.orders["name"], "Connection": "close", "Accept-Encoding": coding}
            if body is not None:
                fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
            lines = [f"{verb} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in (fields | more).items())]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
            return parsed(await reader.read())
        finally:
            writer.close()

    async def run(self) -> dict[str, Any]:
        """Let everybody in; return what they hold and what the board showed."""
        board = asyncio.create_task(self.board())
        began = time.monotonic()
        people = [self.person(n) for n in range(len(self.orders["families"]))]
        await asyncio.wait_for(asyncio.gather(*people), self.orders["at_most"])
        seconds = time.monotonic() - began
        await asyncio.sleep(3 * BOARD_EVERY)
        self.over = True
        await board
        late = [(at - began, self.seen[n] - at) for n, at in self.called.items() if n in self.seen]
        return {
            "seconds": round(seconds, 1),
            "receipts": {n: receipt["number"] for n, receipt in self.receipts.items()},
            "tries": self.tries,
            "calls": len(self.called),
            "calls_seen": len(self.seen),
            # Seconds after the first came in, and until the board had it.
            "late": [(round(at, 1), round(each, 2)) for at, each in sorted(late)],
            "polls": len(self.polls),
        }


def parsed(raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, head and body of an answer; raises IncompleteReadError for part of one."""
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        raise asyncio.IncompleteReadError(raw, None)
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    if "content-length" in fields and len(body) < int(fields["content-length"]):
        raise asyncio.IncompleteReadError(raw, None)
    if fields.get("content-encoding") == "gzip":
        import gzip

        body = gzip.decompress(body)
    elif fields.get("content-encoding") == "br":
        import brotli

        body = brotli.decompress(body)
    return int(first.split()[1]), fields, body


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Crowd(json.load(sys.stdin)).run())))
