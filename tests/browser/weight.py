"""Counts what crosses the wire during a visit, as Chromium's network layer reports it."""

from __future__ import annotations

from ssl import _create_unverified_context
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page

BUDGET_BYTES = 60_000
BUDGET_REQUESTS = 8


class Meter:
    """Adds up what left the browser and what came: encoded bytes, headers of answers included."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.seen: dict[str, int] = {}
        self.sent = 0
        self._context = context
        self._urls: dict[str, str] = {}
        self._cached: set[str] = set()
        self._session = context.new_cdp_session(page)
        self._session.on("Network.requestWillBeSent", self._began)
        self._session.on("Network.requestServedFromCache", self._from_cache)
        self._session.on("Network.responseReceived", self._answered)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")

    def count_worker(self) -> None:
        """Add the service worker's script, which Chromium loads beside the page, unreported."""
        for worker in self._context.service_workers:
            # The benchmark of the weak link has a certificate of its own making.
            compressed = Request(worker.url, headers={"Accept-Encoding": "gzip, deflate, br"})
            with urlopen(compressed, context=_create_unverified_context()) as answer:
                size = len(answer.read()) + len(str(answer.headers))
            self.seen[f"/{worker.url.split('/', 3)[-1]} worker"] = size

    @property
    def requests(self) -> int:
        return len(self.seen)

    @property
    def bytes(self) -> int:
        return sum(self.seen.values()) + self.sent

    def _began(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]
        self.sent += len(event["request"].get("postData", "").encode())

    def _from_cache(self, event: dict[str, Any]) -> None:
        self._cached.add(event["requestId"])

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            self._cached.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        name, url = event["requestId"], self._urls.get(event["requestId"], "")
        if url.startswith("http") and name not in self._cached:
            path = url.split("/", 3)[-1]
            self.seen[f"/{path} {name}"] = int(event["encodedDataLength"])
