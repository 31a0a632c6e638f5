"""A weak link: a network namespace whose only way out is slow, far and lossy, packet by packet.

Two TUN devices, one in the namespace and one outside, and between them this module, which does to
every IP packet what `tc qdisc … netem rate 50kbit delay 300ms loss 5%` does, each way; not every
kernel has netem. Both ends are ordinary kernel TCP, so slow start, retransmission and its
timeouts are the real ones. Needs root and iproute2.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from random import Random

# linux/if_tun.h
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
# Addresses set aside for benchmarks (RFC 2544), so that no real network is in the way.
OUTSIDE, INSIDE = "198.18.77.1", "198.18.77.2"
PACKET = 2048
# As netem's own limit: how many packets may wait before further ones are dropped.
MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """How weak the link is, each way."""

    bits_per_second: int = 50_000
    delay: float = 0.3
    loss: float = 0.05


@dataclass
class Way:
    """One direction: what waits in it, and what has passed."""

    source: int
    target: int
    free_at: float = 0.0
    waiting: deque[tuple[float, bytes]] = field(default_factory=deque)
    packets: int = 0
    bytes: int = 0
    lost: int = 0


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def tun(name: str) -> int:
    """Make a TUN device; return its file descriptor, one IP packet a read. Raises OSError."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


class WeakWire:
    """The namespace and its link, while it is open; `up` takes a switch to cut it for a while."""

    def __init__(self, terms: Terms, seed: int) -> None:
        self.terms, self.rng = terms, Random(seed)
        self.up = threading.Event()
        self.up.set()
        self.name = f"weak{os.getpid()}"
        self._ended = False

    def __enter__(self) -> WeakWire:
        here, there = f"{self.name}o", f"{self.name}i"
        out, into = tun(here), tun(there)
        self.down_way, self.up_way = Way(out, into), Way(into, out)
        run("ip", "netns", "add", self.name)
        run("ip", "link", "set", there, "netns", self.name)
        inside = ("ip", "-n", self.name)
        run("ip", "addr", "add", OUTSIDE, "peer", INSIDE, "dev", here)
        run("ip", "link", "set", here, "up")
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "addr", "add", INSIDE, "peer", OUTSIDE, "dev", there)
        run(*inside, "link", "set", there, "up")
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._thread.join()
        for way in (self.down_way, self.up_way):
            os.close(way.source)
        run("ip", "netns", "del", self.name)

    def figures(self) -> dict[str, dict[str, int]]:
        """Return packets, bytes (IP headers included) and losses so far, each way."""
        ways = {"down": self.down_way, "up": self.up_way}
        return {
            name: {"packets": way.packets, "bytes": way.bytes, "lost": way.lost}
            for name, way in ways.items()
        }

    def _carry(self) -> None:
        """Take packets in, keep each for as long as the link would, and hand it on."""
        ways = (self.down_way, self.up_way)
        while not self._ended:
            due = min((way.waiting[0][0] for way in ways if way.waiting), default=None)
            patience = 0.1 if due is None else min(0.1, max(0.0, due - time.monotonic()))
            ready, _, _ = select.select([way.source for way in ways], [], [], patience)
            for way in ways:
                if way.source in ready:
                    self._take(way)
                self._hand_on(way)

    def _take(self, way: Way) -> None:
        try:
            packet = os.read(way.source, PACKET)
        except BlockingIOError:
            return
        now = time.monotonic()
        way.packets += 1
        way.bytes += len(packet)
        full = len(way.waiting) >= MOST_WAITING
        if full or not self.up.is_set() or self.rng.random() < self.terms.loss:
            way.lost += 1
            return
        way.free_at = max(now, way.free_at) + len(packet) * 8 / self.terms.bits_per_second
        way.waiting.append((way.free_at + self.terms.delay, packet))

    def _hand_on(self, way: Way) -> None:
        while way.waiting and way.waiting[0][0] <= time.monotonic():
            _, packet = way.waiting.popleft()
            if self.up.is_set():
                os.write(way.target, packet)
            else:
                way.lost += 1
