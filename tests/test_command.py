"""The `cacah` command on a machine where something is missing: a sentence, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cacah


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CACAH_KEYS"}}
    environment |= {"CACAH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cacah.site.settings"}
    environment |= more
    command = [sys.executable, "-m", "cacah", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


def test_it_tells_its_own_version(tmp_path: Path) -> None:
    assert run(tmp_path, "version").stdout == f"{cacah.__version__}\n"


def test_it_says_to_migrate_first(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "areas", "load")
    assert done.returncode != 0
    assert "cacah migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_says_which_home_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    done = run(tmp_path / "home", "migrate")
    assert done.returncode != 0
    assert "CACAH_HOME" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("CACAH_TRUSTED_PROXIES", "two"),
        ("CACAH_TIME_ZONE", "Asia/Batang"),
        ("CACAH_LOG_FORMAT", "xml"),
        ("CACAH_LOG_LEVEL", "loud"),
        ("CACAH_PREFILL", "everything"),
        ("CACAH_PUBLIC_URL", "batang"),
        ("CACAH_HSTS_SECONDS", "a year"),
        ("DATABASE_URL", "sqlite:///census.db"),
    ],
)
def test_it_names_the_setting_that_it_cannot_use(tmp_path: Path, setting: str, value: str) -> None:
    done = run(tmp_path, "keys", "create", **{setting: value})
    assert done.returncode != 0
    assert setting in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_a_home_whose_path_no_socket_can_have(tmp_path: Path) -> None:
    done = run(tmp_path / ("long" * 30), "migrate")
    assert done.returncode != 0
    assert "CACAH_HOME" in done.stderr
    assert "Traceback" not in done.stderr
