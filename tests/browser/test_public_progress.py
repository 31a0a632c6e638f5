"""The public progress on a telephone and at a desk: it fits, it is light, and needs no script."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.areas.packaged import packaged_areas
from cacah.monitoring.public.actions import publish
from cacah.registry.models import ProgressDelta
from cacah.site.languages import ROOMS

from .barriers import barriers

BATANG = "/perkembangan/33.25/"
SHEET = ROOMS / "monitoring/static/monitoring/public.css"


@pytest.fixture
def progress(site: str) -> Iterator[str]:
    """Batang after two weeks: its districts are between 6 and 24 per cent, one has just begun."""
    areas = packaged_areas()
    put_areas((code, areas[code]) for code in areas if len(code) == 2 or code.startswith("3325"))
    Area.objects.filter(code="3325").update(
        projected_population=640_000, target_percent=Decimal(17)
    )
    today = timezone.localdate()
    deltas = []
    for n, code in enumerate(sorted(c for c in areas if len(c) == 6 and c.startswith("3325"))):
        deltas.append(delta(code, today - timedelta(days=30), expected=9_000 + 611 * n))
        for ago in range(14) if n else range(1, 2):
            families = 40 + 9 * n + 23 * (ago % 5) if n else 3
            deltas.append(delta(code, today - timedelta(days=ago), families=families))
    ProgressDelta.objects.bulk_create(deltas)
    publish(at=timezone.now())
    cache.clear()
    yield site
    cache.clear()


def delta(area: str, day: object, *, expected: int = 0, families: int = 0) -> ProgressDelta:
    return ProgressDelta(
        area=area, day=day, mode="cawi" if families else "",
        expected_families=expected, expected_persons=expected * 3,
        responded_families=families, responded_persons=families * 3,
        complete_families=families, complete_persons=families * 3,
    )  # fmt: skip


def shown(browser: Browser, width: int) -> Iterator[Page]:
    with browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=width > 320
    ) as context:
        # The site of the tests serves what is built; this sheet is not of the residents' form.
        context.route("**/monitoring/public.css", lambda route: route.fulfill(path=SHEET))
        yield context.new_page()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_public_page_fits_the_screen(
    progress: str, browser: Browser, width: int, tmp_path: Path
) -> None:
    for page in shown(browser, width):
        page.goto(progress + BATANG)
        assert "Kecamatan" in page.inner_text("main")
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()
            assert picture.get_attribute("alt")
        page.wait_for_load_state("networkidle")
        box = page.locator("main").bounding_box()
        assert box and box["width"] <= width
        if width > 320:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not barriers(page, tags=None)
            pictures = Path(os.environ.get("CACAH_PICTURES") or tmp_path)
            name = "public-progress" + ("" if width == 360 else "-wide")
            page.screenshot(path=pictures / f"{name}.png", full_page=True)


def test_the_public_page_is_light_and_leaves_nothing_behind(
    progress: str, browser: Browser
) -> None:
    sizes = [len(gzip.compress(SHEET.read_bytes()))]
    for page in shown(browser, 360):
        page.on("response", lambda r: sizes.append(int(r.headers.get("content-length", 0))))
        page.goto(progress + BATANG)
        page.mouse.wheel(0, 20_000)
        page.wait_for_load_state("networkidle")
        assert sum(sizes) < 40_000
        assert not page.context.cookies()


@pytest.fixture
def newspaper(progress: str) -> Iterator[str]:
    """A page of another origin that frames the embed, and tries to frame the page."""

    class Newspaper(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for name, part in (("embed", "sematan/"), ("page", "")):
                frame = f'<iframe id="{name}" src="{progress}{BATANG}{part}"></iframe>'
                self.wfile.write(frame.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Newspaper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_newspaper_frames_the_embed_and_nothing_else(newspaper: str, browser: Browser) -> None:
    for page in shown(browser, 360):
        page.goto(newspaper)
        assert "Kabupaten Batang" in page.frame_locator("#embed").locator("h1").inner_text()
        assert page.frame_locator("#page").locator(".share").count() == 0
