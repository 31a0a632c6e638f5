"""The demo, as a newcomer runs it: a fresh home, one family through over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def demo(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CACAH_KEYS"}}
    environment |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    command = [sys.executable, "-m", "cacah", "demo", "--check", "--families", "30"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def home() -> Iterator[Path]:
    # pytest's own folders have paths too long for a socket.
    with TemporaryDirectory(prefix="cacah-") as folder:
        yield Path(folder) / "home"


def test_it_takes_a_family_through_and_does_so_again_on_the_same_home(home: Path) -> None:
    numbers = set()
    for _ in range(2):
        done = demo(home)
        assert done.returncode == 0, done.stdout + done.stderr
        last = done.stdout.strip().splitlines()[-1]
        number = re.fullmatch(r"demo ok: receipt ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-.)", last)
        assert number, last
        numbers.add(number[1])
    assert len(numbers) == 2
