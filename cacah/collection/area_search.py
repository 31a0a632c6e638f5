"""Answers `GET /api/areas?q=…`: villages found while somebody types, which anybody may cache.

It asks nobody's data and no database, so it stands beside the door's POST requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs

import orjson

from cacah.areas.queries import search_villages
from cacah.areas.search import Village
from cacah.collection import metrics

ADDRESS = "/api/areas"
MOST_ANSWERS = 8
# What is typed beyond this changes no village.
LONGEST_QUERY = 80
LONGEST_ADDRESS = 1000
HEADERS = [("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff")]
FOUND = [*HEADERS, ("Cache-Control", "public, max-age=86400")]
REFUSED = [*HEADERS, ("Cache-Control", "no-store"), ("Allow", "GET, HEAD")]
BUSY = [*HEADERS, ("Cache-Control", "no-store"), ("Retry-After", "1")]

# One search at a time in a process: eight misspelt words cost as much as forty families, and
# whoever asks for them all night must neither hold up submissions nor open the waiting room.
LONGEST_WAIT = 0.1
_searching = Lock()


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Return at most eight villages with the areas they lie in, the likeliest first."""
    began = perf_counter()
    method, asked = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if method not in ("GET", "HEAD"):
        return respond(start_response, "405 Method Not Allowed", REFUSED, {"areas": []})
    if len(asked) > LONGEST_ADDRESS:
        return respond(start_response, "400 Bad Request", REFUSED, {"areas": []})
    try:
        text = parse_qs(asked, max_num_fields=10).get("q", [""])[0][:LONGEST_QUERY]
    except ValueError:  # more fields
        return respond(start_response, "400 Bad Request", REFUSED, {"areas": []})
    found = search_in_turn(text, most=MOST_ANSWERS, patience=LONGEST_WAIT)
    if found is None:
        metrics.count("areas", "slow-down", perf_counter() - began)
        return respond(start_response, "429 Too Many Requests", BUSY, {"areas": []})
    areas = [{"code": each.code, "name": each.name, "path": each.path} for each in found]
    body = respond(start_response, "200 OK", FOUND, {"areas": areas})
    metrics.count("areas", "ok", perf_counter() - began)
    return body if method == "GET" else [b""]


def search_in_turn(text: str, *, most: int, patience: float) -> list[Village] | None:
    """Return what is found; None where it was not this search's turn within `patience` seconds."""
    if not _searching.acquire(timeout=patience):
        return None
    try:
        return search_villages(text, most=most)
    finally:
        _searching.release()


def respond(
    start_response: Callable[..., Any],
    status: str,
    headers: list[tuple[str, str]],
    content: dict[str, Any],
) -> list[bytes]:
    """Begin the response and return its body."""
    body = orjson.dumps(content)
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]
