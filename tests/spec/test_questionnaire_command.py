"""`cacah questionnaire` hands its arguments on and gives the exit code back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cacah import questionnaire

LITTLE = Path(questionnaire.__file__).parent / "tests" / "little.md"


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("questionnaire", *arguments, stdout=out)
    return int(ended.value.code or 0), out.getvalue()


def test_check_ends_with_the_count_of_problems() -> None:
    assert run("check", str(LITTLE)) == (0, "0 problems\n")


def test_check_with_census_asks_for_more() -> None:
    code, said = run("check", str(LITTLE), "--census")
    assert code == 1
    assert said.endswith("1 problem\n")
    assert "nik" in said


def test_export_writes_into_the_folder(tmp_path: Path) -> None:
    code, said = run("export", str(LITTLE), "--out", str(tmp_path / "out"))
    assert code == 0
    assert len(said.splitlines()) == 4
    assert (tmp_path / "out" / "little.xml").read_text().startswith("<?xml")
