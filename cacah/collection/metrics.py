"""What the door counts for Prometheus: answers by result code, and how long they took."""

from __future__ import annotations

import os
from functools import cache

from prometheus_client import Counter, Histogram, values

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # The server names the directory after the library was imported, and workers are forked.
    values.ValueClass = values.get_value_class()

REQUESTS = Counter("cacah_door_requests", "Answers of the door by result.", ["route", "code"])
SECONDS = Histogram(
    "cacah_door_seconds",
    "Seconds from the request's first byte read to its answer.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def count(route: str, code: str, seconds: float) -> None:
    """Count one answer; `code` is `ok` or a problem's code."""
    requests_of(route, code).inc()
    seconds_of(route).observe(seconds)


@cache
def requests_of(route: str, code: str) -> Counter:
    """Return the counter of one route and code, found once."""
    return REQUESTS.labels(route, code)


@cache
def seconds_of(route: str) -> Histogram:
    """Return the histogram of one route, found once."""
    return SECONDS.labels(route)
