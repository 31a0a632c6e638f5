"""Requests whose connection is cut on purpose, each in one of the ways that real links know."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

HEAD = (
    "POST /api/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Content-Length: {}\r\n\r\n"
)
# Longer than the door may take after a restart of the database, shorter than a device's patience.
ANSWER_WITHIN = 20.0
# A phone in a tunnel says nothing for a while, then its connection is gone.
SILENCE = (0.5, 3.0)
# With SO_LINGER of zero seconds the kernel sends RST, as it does when a phone's address is gone.
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer: the HTTP status, the seconds to wait (0: none named), and the body."""

    status: int
    wait: int
    body: bytes


class Line:
    """One connection to the door, and the two ways in which it can end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> Answer:
        """Read one whole answer; raises OSError or EOFError where it ends too early."""
        async with asyncio.timeout(ANSWER_WITHIN):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            body = await self.reader.readexactly(int(fields["content-length"]))
        return Answer(int(lines[0].split()[1]), int(fields.get("retry-after", 0)), body)

    def reset(self) -> None:
        """Cut the connection with RST; whatever was on its way is lost."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()

    def finish(self) -> None:
        """Close the connection with FIN, answer or not."""
        self.writer.close()


def request(route: str, body: bytes) -> bytes:
    return HEAD.format(route, len(body)).encode() + body


async def ask(port: int, whole: bytes) -> Answer:
    """Send a request and read its answer, undisturbed; raises OSError or EOFError."""
    line = await Line.open(port)
    try:
        await line.send(whole)
        return await line.answer()
    finally:
        line.reset()


async def nothing_sent(line: Line, whole: bytes, rng: Random) -> None:
    pass


async def part_of_the_head(line: Line, whole: bytes, rng: Random) -> None:
    await line.send(whole[: rng.randrange(1, whole.index(b"\r\n\r\n"))])


async def part_of_the_body(line: Line, whole: bytes, rng: Random) -> None:
    await line.send(whole[: rng.randrange(whole.index(b"\r\n\r\n") + 4, len(whole))])


async def all_is_sent(line: Line, whole: bytes, rng: Random) -> None:
    await line.send(whole)


async def at_work(line: Line, whole: bytes, rng: Random) -> None:
    """Send all, and be gone while the door is at work on it."""
    await line.send(whole)
    await asyncio.sleep(rng.uniform(0, 0.03))


async def part_of_the_answer(line: Line, whole: bytes, rng: Random) -> None:
    await line.send(whole)
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN):
            await line.reader.read(rng.randrange(1, 400))


Until = Callable[[Line, bytes, Random], Awaitable[None]]
POINTS: dict[str, Until] = {
    "before the request": nothing_sent,
    "in the request's head": part_of_the_head,
    "in the request's body": part_of_the_body,
    "after the request": all_is_sent,
    "before the answer": at_work,
    "in the answer": part_of_the_answer,
}
# How a connection ends at each of these points; silence first, then RST, is a stalled link.
ENDS = ("RST", "FIN", "silence")
# Cuts after which the device has seen a whole answer, and knows nothing of it.
UNSEEN = ("after the answer, which is lost", "sent twice at once, both answers lost")
KINDS = [f"{point}, {end}" for point in POINTS for end in ENDS] + list(UNSEEN)


async def cut(kind: str, port: int, whole: bytes, rng: Random) -> list[Answer]:
    """Send a request and lose its connection; return the whole answers that nobody has seen."""
    if kind in UNSEEN:
        times = 1 + UNSEEN.index(kind)
        answers = await asyncio.gather(
            *(ask(port, whole) for _ in range(times)), return_exceptions=True
        )
        return [answer for answer in answers if isinstance(answer, Answer)]
    point, end = kind.rsplit(", ", 1)
    with suppress(OSError):
        line = await Line.open(port)
        with suppress(OSError):
            await POINTS[point](line, whole, rng)
        if end == "silence":
            await asyncio.sleep(rng.uniform(*SILENCE))
        if end == "FIN":
            line.finish()
        else:
            line.reset()
    return []
