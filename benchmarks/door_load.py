"""The load generator of benchmarks/door.py: one process, raw keep-alive connections, own clock."""

from __future__ import annotations

import asyncio
import gc
import time
from base64 import urlsafe_b64encode
from collections import deque
from dataclasses import dataclass, field

import orjson

HEAD = "POST /api/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n"
# Between identify and submit a real family takes minutes; the marks of opened forms are written
# within a second, so this is long enough to have them counted in the cost.
PAUSE = 1.5
# Four a second: a server that was killed may take a minute to come back on a busy machine.
TRIES = 240
# Seconds in which the generator prepares those who are to come.
BEGINNING = 1.0


def without_collector() -> None:
    """Stop this process's garbage collector: its pauses would be taken for the server's."""
    gc.collect()
    gc.freeze()
    gc.disable()


class Wire(asyncio.Protocol):
    """One keep-alive connection: a request at a time, the answer's status and body."""

    def __init__(self) -> None:
        self.buffer = b""
        # The head of the last answer, in lower case.
        self.head = b""
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.answer is None:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : (head.find(b"\r", at) + 1 or end + 1) - 1 or end])
        if len(self.buffer) < end + 4 + length:
            return
        body = self.buffer[end + 4 : end + 4 + length]
        self.buffer = self.buffer[end + 4 + length :]
        self.head = head
        answer, self.answer = self.answer, None
        if not answer.done():
            answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError())


class Client:
    """Sends requests over one `Wire` at a time and connects again when it breaks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.wire: Wire | None = None

    async def post(self, route: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body; raises OSError where no answer came."""
        loop = asyncio.get_running_loop()
        if self.wire is None or self.wire.transport is None:
            _, self.wire = await loop.create_connection(Wire, "127.0.0.1", self.port)
        wire = self.wire
        assert wire.transport is not None
        wire.answer = loop.create_future()
        wire.transport.write(HEAD.format(route, len(body)).encode() + body)
        return await wire.answer

    def close(self) -> None:
        if self.wire is not None and self.wire.transport is not None:
            self.wire.transport.close()


@dataclass(frozen=True, slots=True)
class Sending:
    """A family: how it is identified, and the JSON of its answers and remarks without braces."""

    nik: str
    kk: str
    answers: bytes


@dataclass
class Load:
    """The families that are sent, and what came back."""

    port: int
    families: list[Sending]
    retry: bool = False
    receipts: dict[int, dict[str, object]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    async def identify(self, client: Client, n: int, due: float) -> tuple[str, str] | None:
        of = self.families[n]
        body = b'{"nik":"%b","kk":"%b","language":"id"}' % (of.nik.encode(), of.kk.encode())
        status, answer = await self.ask(client, "identify", body, due)
        if status != 200:
            return None
        told = orjson.loads(answer)
        return told["session"], told["instrument"]["digest"]

    async def submit(self, client: Client, n: int, known: tuple[str, str], due: float) -> None:
        key = urlsafe_b64encode(n.to_bytes(16, "big")).rstrip(b"=")
        session, digest = (text.encode() for text in known)
        body = b'{"session":"%b","key":"%b","instrument":"%b","language":"id",%b}' % (
            session,
            key,
            digest,
            self.families[n].answers,
        )
        status, answer = await self.ask(client, "submit", body, due)
        if status in (200, 201):
            self.receipts[n] = orjson.loads(answer)

    async def ask(self, client: Client, route: str, body: bytes, due: float) -> tuple[int, bytes]:
        """Send once, or with `retry` until an answer comes, as a resident's device does."""
        for _ in range(TRIES):
            try:
                status, answer = await client.post(route, body)
            except OSError:
                if not self.retry:
                    self.count("no answer")
                    return 0, b""
                await asyncio.sleep(0.25)
                continue
            if status == 503 and self.retry:
                await asyncio.sleep(0.25)
                continue
            self.seconds.append(time.perf_counter() - due)
            if status >= 300:
                self.count(str(orjson.loads(answer).get("code")))
            return status, answer
        self.count("no answer")
        return 0, b""

    def count(self, code: str) -> None:
        self.refused[code] = self.refused.get(code, 0) + 1

    async def saturate(self, connections: int) -> float:
        """Send as fast as answers come on so many connections; return the seconds it took."""
        without_collector()
        waiting: deque[tuple[float, int, tuple[str, str]]] = deque()
        upcoming = iter(range(len(self.families)))
        left = len(self.families)
        began = time.perf_counter()

        async def one() -> None:
            nonlocal left
            client = Client(self.port)
            while left > 0 or waiting:
                now = time.perf_counter()
                if waiting and now - waiting[0][0] > PAUSE:
                    _, n, known = waiting.popleft()
                    await self.submit(client, n, known, time.perf_counter())
                elif left > 0:
                    left -= 1
                    n = next(upcoming)
                    told = await self.identify(client, n, now)
                    if told:
                        waiting.append((time.perf_counter(), n, told))
                else:
                    await asyncio.sleep(0.01)
            client.close()

        await asyncio.gather(*(one() for _ in range(connections)))
        return time.perf_counter() - began

    async def arrive(self, per_second: float, connections: int) -> float:
        """Let families come at an even rate, whatever the server does; return the seconds."""
        without_collector()
        free: asyncio.Queue[Client] = asyncio.Queue()
        for _ in range(connections):
            free.put_nowait(Client(self.port))
        began = time.perf_counter() + BEGINNING

        async def family(n: int) -> None:
            due = began + n / per_second
            await asyncio.sleep(due - time.perf_counter())
            client = await free.get()
            told = await self.identify(client, n, due)
            free.put_nowait(client)
            if told is None:
                return
            due += PAUSE
            await asyncio.sleep(due - time.perf_counter())
            client = await free.get()
            await self.submit(client, n, told, due)
            free.put_nowait(client)

        await asyncio.gather(*(family(n) for n in range(len(self.families))))
        took = time.perf_counter() - began
        while not free.empty():
            free.get_nowait().close()
        return took
