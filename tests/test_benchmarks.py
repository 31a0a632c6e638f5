"""The benchmarks run and count right; how fast they are is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from flood import out_of_order  # noqa: E402


def run(name: str, *arguments: str) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CACAH", "DATABASE"))}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(ROOT / "benchmarks" / name), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180
    )
    # 1 says that a budget is not met, which a small run on a busy machine may well miss.
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads(done.stdout[done.stdout.index("{") :]))


def test_no_acknowledged_receipt_is_lost_when_the_server_is_killed_in_the_middle() -> None:
    figures = run("door.py", "--families", "400", "--kill")
    assert figures["acknowledged"] == figures["stored"] == 400
    assert isinstance(figures["holds"], bool)


def test_every_family_holds_one_receipt_however_its_connections_are_cut() -> None:
    figures = run("cut_connections.py", "--families", "30", "--unlisted", "5", "--arrive", "1")
    assert figures["cuts"] > 60
    assert figures["holds"], figures


def test_the_register_benchmark_imports_what_it_says() -> None:
    figures = run("register.py", "--persons", "4000", "--rounds", "1")
    assert figures["persons"] >= 4000
    assert isinstance(figures["holds"], bool)


def test_boundaries_of_a_large_file_are_drawn_so_that_neighbours_touch() -> None:
    figures = run("boundaries.py", "--mb", "2", "--districts", "300")
    assert (figures["drawn"], figures["wrong"], figures["apart"]) == (300, 0, 0)
    assert figures["bytes_drawn"] < 200_000


def test_weeks_of_every_kind_are_planned_far_better_than_by_hand() -> None:
    # Large enough to be planned piece by piece.
    figures = run("plan.py", "--teams", "8", "--institutions", "200", "--seconds", "1.5")
    assert figures["scarce teams"]["left_out"] > 100
    assert figures["forty teams"]["found_by"] == figures["scarce teams"]["found_by"] == "pieces"
    assert figures["holds"], figures


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), max_size=7))
def test_fairness_is_counted_as_it_is_defined(drawn: list[float]) -> None:
    moments = [moment + n / 100 if moment else 0.0 for n, moment in enumerate(drawn)]
    pairs = [(a, b) for n, a in enumerate(moments) for b in moments[n + 1 :] if a or b]
    unfair = [(a, b) for a, b in pairs if b and (not a or b < a)]
    expected = len(unfair) / len(pairs) if pairs else 0.0
    assert out_of_order(moments) == expected
