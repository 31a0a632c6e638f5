"""The embedded database starts again after a power cut, whatever that has left behind."""

from __future__ import annotations

import os
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from cacah.site import database
from cacah.site.database import forget_a_dead_server

MARK, LIST, SOCKET = "postmaster.pid", ".handle_pids.json", ".s.PGSQL.5432.lock"


def left_behind(directory: Path, mark: str) -> list[str]:
    """Return which files are still there after a look at a server that wrote this mark."""
    (directory / MARK).write_text(mark)
    (directory / LIST).write_text("[1")
    (directory / SOCKET).write_text(mark)
    forget_a_dead_server(directory)
    return sorted(each.name for each in directory.iterdir())


def test_it_forgets_a_server_that_lost_its_power(tmp_path: Path) -> None:
    number_of_another_process = f"{os.getpid()}\n/somewhere/else\n"
    for mark in ("", "\n", "99999999\nx\n", number_of_another_process):
        assert left_behind(tmp_path, mark) == [], mark


def test_it_leaves_a_running_server_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.Process.cmdline", lambda _self: ["postgres", "-D", str(tmp_path)])
    assert left_behind(tmp_path, f"{os.getpid()}\n{tmp_path}\n") == [LIST, SOCKET, MARK]


def test_it_finds_nothing_where_no_database_was_made_yet(tmp_path: Path) -> None:
    forget_a_dead_server(tmp_path / "postgres")
    assert not list(tmp_path.iterdir())


class Mending:
    """A server that mends its data: the library gives up once, then finds it not ready, then so."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)

    def start(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


def test_it_waits_for_a_server_that_mends_what_a_power_cut_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "sleep", lambda _seconds: None)
    mending = Mending(TimeoutExpired("pg_ctl", 10), AssertionError())
    database.start(mending)  # type: ignore[arg-type]
    assert not mending.troubles
    monkeypatch.setattr(database, "RECOVERY_SECONDS", -1)
    with pytest.raises(TimeoutExpired):
        database.start(Mending(TimeoutExpired("pg_ctl", 10)))  # type: ignore[arg-type]
