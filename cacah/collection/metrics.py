"""What the door counts for Prometheus: answers by result code, and how long they took."""

from __future__ import annotations

import os
from collections import deque
from functools import cache

from prometheus_client import Counter, Gauge, Histogram, values

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # The server names the directory after the library was imported, and workers are forked.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]

REQUESTS = Counter("cacah_door_requests", "Answers of the door by result.", ["route", "code"])
SECONDS = Histogram(
    "cacah_door_seconds",
    "Seconds from the request's first byte read to its answer.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
WAITING = Gauge(
    "cacah_waiting_families",
    "Places in the waiting room that have not been called.",
    multiprocess_mode="mostrecent",
)
LAG = Gauge(
    "cacah_waiting_lag_seconds",
    "How long ago those arrived who may start now; 0 while nobody waits.",
    multiprocess_mode="mostrecent",
)
RATE = Gauge(
    "cacah_starts_allowed_per_second",
    "Families a second that may start, as learned from the load.",
    multiprocess_mode="mostrecent",
)
STARTS = Counter("cacah_starts", "Families that were let in.")
# Answers not yet added to the counters: route, code, seconds.
_answers: deque[tuple[str, str, float]] = deque(maxlen=100_000)


def waiting_room(*, waiting: int, lag: float, rate: float) -> None:
    """Say how the waiting room stands."""
    WAITING.set(waiting)
    LAG.set(lag)
    RATE.set(rate)


DRAFTS_FORGOTTEN = Counter(
    "cacah_drafts_forgotten", "Drafts removed: the family has submitted, or they are old.", ["why"]
)


def count(route: str, code: str, seconds: float) -> None:
    """Count one answer; `code` is `ok` or a problem's code."""
    _answers.append((route, code, seconds))


def flush() -> None:
    """Add what was counted to what Prometheus reads: shared counters are dear one by one."""
    answered: dict[tuple[str, str], int] = {}
    while _answers:
        route, code, seconds = _answers.popleft()
        answered[route, code] = answered.get((route, code), 0) + 1
        seconds_of(route).observe(seconds)
    for (route, code), number in answered.items():
        REQUESTS.labels(route, code).inc(number)


@cache
def seconds_of(route: str) -> Histogram:
    """Return the histogram of one route, found once."""
    return SECONDS.labels(route)
