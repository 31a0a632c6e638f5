"""Rules of this code base that reviewers forget and a machine does not."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 6
MAX_SETTINGS_LINES = 300
MAX_ROOT_ENTRIES = 16
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "core", "helpers", "helper", "misc"}


def tracked(*suffixes: str) -> list[Path]:
    """Return the files that git tracks, or would, with one of these endings."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = [ROOT / line for line in listed]
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]


def own_code(*suffixes: str) -> list[Path]:
    return [p for p in tracked(*suffixes) if not {"vendor", "migrations"} & set(p.parts)]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in own_code(".py", ".js", ".css", ".html")
        if (n := len(p.read_text().splitlines())) > MAX_FILE_LINES
    }
    assert not long


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}"
        for p in own_code(".py")
        for f in functions(p)
        if (f.end_lineno or f.lineno) - f.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert not long


def test_no_function_takes_more_than_six_parameters() -> None:
    wide = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}"
        for p in own_code(".py")
        if "tests" not in p.parts
        for f in functions(p)
        if len([a for a in f.args.posonlyargs + f.args.args + f.args.kwonlyargs if a.arg != "self"])
        > MAX_PARAMETERS
    ]
    assert not wide


def test_every_module_starts_with_a_sentence() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in own_code(".py")
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent


def test_no_drawer_without_a_name() -> None:
    drawers = [
        str(p.relative_to(ROOT))
        for p in tracked()
        if NAMES_THAT_SAY_NOTHING & {part.split(".")[0] for part in p.relative_to(ROOT).parts}
    ]
    assert not drawers


def test_the_root_stays_small() -> None:
    entries = {p.relative_to(ROOT).parts[0] for p in tracked()}
    assert len(entries) <= MAX_ROOT_ENTRIES


def test_settings_stay_short() -> None:
    lines = (ROOT / "cacah/site/settings.py").read_text().splitlines()
    assert len(lines) < MAX_SETTINGS_LINES


def test_no_registry_host_and_no_path_of_a_machine_stands_in_the_tree() -> None:
    pattern = re.compile(
        "|".join(
            [
                r"files\.python" + "hosted",
                r"pypi\.org/" + "simple",
                r"registry\.npm" + "js",
                r"[\"' (=]/(?:root|work|home)/[a-z]",
            ]
        )
    )
    found = [
        f"{p.relative_to(ROOT)}: {m.group()}"
        for p in tracked(".py", ".js", ".css", ".html", ".md", ".toml", ".txt", ".sh", "", ".yml")
        if p.name != "LICENSE" and (m := pattern.search(p.read_text(errors="ignore")))
    ]
    assert not found


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/test", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o100
