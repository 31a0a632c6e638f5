"""Takes one synthetic family through the real door over HTTP, from identify to receipt."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlsplit

from cacah.rehearsal.answers import answers_for
from cacah.rehearsal.families import Family

# Servers that start side by side on a small, busy machine take half a minute, and are no failure.
PATIENCE_SECONDS = 120.0


class WalkFailed(Exception):
    """A step of the walk was refused or did not answer; says which, and what came back."""


def take_one_family_through(site: str, families: Iterator[Family]) -> str:
    """Identify, submit and verify for the first family that has not answered; its receipt number.

    `site` is like `http://127.0.0.1:8000`. Raises WalkFailed.
    """
    wait_until_ready(site)
    for family in families:
        kk, nik = family.kk, family.members[0].nik
        status, found = post(site, "/api/identify", {"kk": kk, "nik": nik})
        if status == 409:  # answered in an earlier run
            continue
        if status != 200:
            raise WalkFailed(f"identify answered {status}: {found}")
        submission = {
            "session": found["session"],
            "key": secrets.token_urlsafe(16),
            "instrument": found["instrument"]["digest"],
            "language": "id",
            "answers": answers_for(family, Random(0)),  # noqa: S311  (synthetic answers)
            "remarks": {},
        }
        status, receipt = post(site, "/api/submit", submission)
        if status != 201:
            raise WalkFailed(f"submit answered {status}: {receipt}")
        if post(site, "/api/submit", submission) != (200, receipt):
            raise WalkFailed("the same submission, sent again, did not get the same receipt")
        status, _ = exchange(site, "GET", urlsplit(receipt["verify_url"]).path)
        if status != 200:
            raise WalkFailed(f"the receipt's page answered {status}")
        return str(receipt["number"])
    raise WalkFailed("every family of this population has answered already")


def wait_until_ready(site: str) -> None:
    """Return when the site says that it is ready; raises WalkFailed after two minutes."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if exchange(site, "GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise WalkFailed(f"{site} was not ready after {PATIENCE_SECONDS:.0f} seconds")


def post(site: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Send JSON, return the status and the JSON that came back."""
    status, answer = exchange(site, "POST", path, json.dumps(body).encode())
    return status, json.loads(answer)


def exchange(site: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Make one HTTP request; return status and body."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
