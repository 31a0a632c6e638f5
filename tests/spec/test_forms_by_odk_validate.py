"""ODK Validate accepts the XForm of every spec table and of every instrument."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cacah.questionnaire.source import read
from tests.spec.loader import HERE, cases
from tests.spec.odk import JAR, needs_java, xform_of

INSTRUMENTS = sorted((HERE.parents[1] / "instruments").glob("*.md"))


def validate(path: Path) -> str:
    """Return what ODK Validate says of a form."""
    command = ["java", "-jar", JAR, path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stderr + result.stdout


@needs_java
@pytest.mark.parametrize("path", INSTRUMENTS, ids=[path.name for path in INSTRUMENTS])
def test_odk_validate_accepts_the_instrument(path: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.xml"
    form.write_text(read(path).xform, encoding="utf-8")
    assert validate(form) == ""


@needs_java
def test_odk_validate_accepts_the_forms_of_the_spec_tables(tmp_path: Path) -> None:
    paths: dict[Path, str] = {}
    for number, case in enumerate(cases()):
        if "label" not in case:  # the forms of expressions JavaRosa computes one by one
            path = tmp_path / f"{number}.xml"
            path.write_text(xform_of(case["markdown"]), encoding="utf-8")
            paths[path] = f"{case['file']}: {case['name']}"
    with ThreadPoolExecutor(2) as pool:
        said = dict(zip(paths.values(), pool.map(validate, paths), strict=True))
    assert {name: words for name, words in said.items() if words} == {}
