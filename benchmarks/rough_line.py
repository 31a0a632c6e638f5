"""A line between a laptop and the centre that breaks in each of the ways which real ones know."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random

RESET = struct.pack("ii", 1, 0)
PIECE = 4096
# Where a connection is cut; after these the line is good.
POINTS = ("in the request", "before the answer", "in the answer", "after the answer")
MOST_CUTS = 2 * len(POINTS)


class RoughLine:
    """Listens on a port of its own and carries to the centre's, until it cuts."""

    def __init__(self, port: int, seed: int) -> None:
        self.behind = port
        self.rng = Random(seed)
        self.cuts: Counter[str] = Counter()
        # How many requests have reached the centre with their whole body, as far as the line knows.
        self.bodies = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._lock = threading.Lock()

    def __enter__(self) -> RoughLine:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._listening.close()

    def wait_for_bodies(self, wanted: int, at_most: float) -> None:
        """Wait until so many answers have begun to come back; raises TimeoutError."""
        end = time.monotonic() + at_most
        while self.bodies < wanted:
            if time.monotonic() > end:
                raise TimeoutError("no delivery came")
            time.sleep(0.01)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                came, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(came,), daemon=True).start()

    def _next_cut(self) -> str:
        """Return where the next connection is cut, "" for nowhere."""
        with self._lock:
            done = sum(self.cuts.values())
            # Two good connections between cuts, so that the one behind makes some way.
            point = POINTS[done % len(POINTS)] if done < MOST_CUTS else ""
            if point:
                self.cuts[point] += 1
            return point

    def _carry(self, came: socket.socket) -> None:
        point = self._next_cut()
        with suppress(OSError), came, socket.create_connection(("127.0.0.1", self.behind)) as there:
            back = threading.Thread(target=self._back, args=(there, came, point), daemon=True)
            back.start()
            left = self.rng.randrange(1, 20_000) if point == "in the request" else None
            while piece := came.recv(PIECE):
                there.sendall(piece)
                left = None if left is None else left - len(piece)
                if left is not None and left < 0:
                    cut(came)
                    return
            back.join(60)

    def _back(self, there: socket.socket, came: socket.socket, point: str) -> None:
        """Carry answers; cut before, in or after the first one."""
        with suppress(OSError):
            while piece := there.recv(PIECE):
                self.bodies += 1
                if point == "before the answer":
                    return cut(came)
                if point == "in the answer":
                    came.sendall(piece[: self.rng.randrange(1, min(len(piece), 80))])
                    return cut(came)
                came.sendall(piece)
                if point == "after the answer":
                    return cut(came)
        return None


def cut(connection: socket.socket) -> None:
    """End a connection as a phone's vanished address does: with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
