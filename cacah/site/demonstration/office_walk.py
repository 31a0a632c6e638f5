"""Signs an officer in over HTTP, as a browser does without its scripts, and opens office pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from cacah.site.demonstration.officers import AREA_POSTS, Logins, address
from cacah.site.walk import WalkFailed

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REPORTS = "/kantor/perkembangan/laporan/"
READY = re.compile(rf'href="({REPORTS}[0-9]+/)"')
REGENCY = next(post for post in AREA_POSTS if post.login == "kabupaten")
SECONDS = 20
# A worker of jobs begins at once; a busy machine takes its time to draw.
SECONDS_FOR_A_REPORT = 90


class Desk:
    """An officer's browser: it keeps cookies and goes where it is sent."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return the address arrived at and the page; raises WalkFailed unless it is there."""
        url, content = self.fetch(path, form)
        return url, content.decode()

    def fetch(self, path: str, form: dict[str, str] | None = None) -> tuple[str, bytes]:
        """Return the same as bytes."""
        # With the address of a form goes where it was: Django asks for it.
        data = urlencode(form).encode() if form is not None else None
        request = Request(self.site + path, data, {"Origin": self.site})  # noqa: S310
        try:
            with self.opener.open(request, timeout=SECONDS) as response:
                return response.url.removeprefix(self.site), response.read()
        except HTTPError as error:
            raise WalkFailed(f"{path} answered {error.code}") from error

    def fill_in(self, path: str, *, to: str = "", **fields: str) -> tuple[str, str]:
        """Open a form, send it (`to` where it goes) with its token, and return where that led."""
        _, page = self.open(path)
        token = TOKEN.search(page)
        if token is None:
            raise WalkFailed(f"{path} has no form")
        return self.open(to or path, {"csrfmiddlewaretoken": token[1], **fields})


def sign_in(site: str, logins: Logins) -> Desk:
    """Sign the regency's officer in with password and code; raises WalkFailed."""
    desk = Desk(site)
    second_step, _ = desk.fill_in(
        "/kantor/masuk/", login=address(REGENCY), password=logins.password
    )
    for code in logins.codes():
        # A code is good once, so that a check soon after another takes the next one.
        if second_step.startswith("/kantor/masuk/langkah-kedua/"):
            second_step, _ = desk.fill_in(second_step, code=code)
    if second_step != "/kantor/":
        raise WalkFailed(f"after signing in the officer is at {second_step}")
    return desk


def responded(desk: Desk) -> int:
    """Return how many families of the regency have responded, by the office's own table."""
    path = f"/kantor/perkembangan/wilayah/{REGENCY.area}/unduh/areas/?kolom=keluarga&format=json"
    _, page = desk.open(path)
    return sum(row["responded_families"] for row in json.loads(page)["rows"])


def take_report(desk: Desk) -> bytes:
    """Ask for the regency's weekly report and return the PDF that the worker of jobs makes."""
    before = set(READY.findall(desk.open(REPORTS)[1]))
    area = f"/kantor/perkembangan/wilayah/{REGENCY.area}/"
    _, page = desk.fill_in(area, to=f"{area}laporan/")
    end = time.monotonic() + SECONDS_FOR_A_REPORT
    while not (ready := set(READY.findall(page)) - before):
        if time.monotonic() > end:
            raise WalkFailed("no worker has made the weekly report")
        time.sleep(0.5)
        _, page = desk.open(REPORTS)
    _, content = desk.fetch(ready.pop())
    if not content.startswith(b"%PDF"):
        raise WalkFailed("the weekly report is no PDF")
    return content


def pages(offices: dict[str, int]) -> Iterator[str]:
    """Yield what an officer looks at: the home, progress, institutions, what everybody sees."""
    yield "/kantor/"
    yield f"/kantor/perkembangan/wilayah/{REGENCY.area}/"
    yield "/kantor/instansi/"
    yield f"/kantor/instansi/{offices['batang-04']}/"
    yield "/perkembangan/"
    yield f"/perkembangan/{REGENCY.area}/"
