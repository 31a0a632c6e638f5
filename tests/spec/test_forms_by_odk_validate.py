"""ODK Validate accepts the XForm of every spec table and of every instrument."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from cacah.questionnaire.source import read
from tests.spec.loader import HERE, cases
from tests.spec.odk import JAR, needs_java, xform_of

NO_WORD = re.compile(r"\W+")
INSTRUMENTS = sorted((HERE.parents[1] / "instruments").glob("*.md"))


def validate(*paths: Path) -> str:
    """Return what ODK Validate says of forms, all in one process: to start Java takes longer."""
    command = ["java", "-jar", JAR, *paths]
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
    paths = []
    for number, case in enumerate(cases()):
        if "label" not in case:  # the forms of expressions JavaRosa computes one by one
            name = NO_WORD.sub("-", f"{number} {case['file']} {case['name']}")
            paths.append(tmp_path / f"{name}.xml")
            paths[-1].write_text(xform_of(case["markdown"]), encoding="utf-8")
    assert validate(*paths) == ""


@needs_java
def test_odk_validate_names_the_form_that_is_wrong(tmp_path: Path) -> None:
    """Else what stands above would prove nothing."""
    right = xform_of(cases()[0]["markdown"])
    for name, form in (("right", right), ("wrong", right.replace("</h:body>", ""))):
        (tmp_path / f"{name}.xml").write_text(form, encoding="utf-8")
    assert "wrong.xml" in validate(*sorted(tmp_path.iterdir()))
