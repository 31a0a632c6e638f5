"""The worker beside the server: begun again where it fails, ended with the server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cacah.site import beside


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A worker that notes each start, fails the first time, then lives until it is ended."""
    notes = tmp_path / "starts"
    program = (
        "import pathlib, sys, time\n"
        f"notes = pathlib.Path({str(notes)!r})\n"
        "first = not notes.exists()\n"
        "notes.open('a').write('x')\n"
        "sys.exit(3) if first else time.sleep(600)\n"
    )
    monkeypatch.setattr(beside, "COMMAND", [sys.executable, "-c", program])
    monkeypatch.setattr(beside, "SECONDS_BETWEEN", 0.0)
    return notes


def test_a_worker_that_fails_is_started_again_and_ends_with_the_server(stand_in: Path) -> None:
    with beside.worker(True):
        while not stand_in.exists() or stand_in.read_text() != "xx":
            pass
    assert stand_in.read_text() == "xx"


def test_there_is_none_where_none_is_wanted(stand_in: Path) -> None:
    with beside.worker(False):
        pass
    assert not stand_in.exists()
