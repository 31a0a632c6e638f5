"""Hands forms and answers to the judges that ODK wrote: JavaRosa, and ODK Validate around it."""

from __future__ import annotations

import copy
import shutil
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import pyxform

from cacah.questionnaire.sheets import read_markdown
from cacah.questionnaire.source import read_sheets
from cacah.questionnaire.xform import JR, XF, read_xform

JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
JUDGE = Path(__file__).parent / "judge" / "Judge.java"
SETTINGS = ["-Dfile.encoding=UTF-8", "-Duser.timezone=UTC"]
needs_java = pytest.mark.skipif(not shutil.which("java"), reason="no Java here")
needs_javac = pytest.mark.skipif(not shutil.which("javac"), reason="no Java compiler here")
Verdict = dict[str, tuple[bool, str]]


@cache
def xform_of(markdown: str) -> str:
    """Return the XForm of an XLSForm in Markdown."""
    return read_sheets(read_markdown(markdown)).xform


def instance_of(xform: str, answers: dict[str, Any]) -> str:
    """Return the answers as the XML of a submission to that form."""
    form = read_xform(xform)
    _fill(form.root, answers, f"/{form.root.tag.removeprefix(XF)}", set(form.repeats))
    return ElementTree.tostring(form.root, encoding="unicode")


def _fill(
    element: ElementTree.Element, answers: dict[str, Any], path: str, repeats: set[str]
) -> None:
    done: set[str] = set()
    for child in list(element):
        name = child.tag.removeprefix(XF)
        ref = f"{path}/{name}"
        given = answers.get(name)
        if ref in repeats:
            if name not in done:
                _rows(element, child, given or [], ref, repeats)
            done.add(name)
        elif len(child):
            _fill(child, given or {}, ref, repeats)
        elif not isinstance(given, list | dict):
            child.text = None if given in (None, "") else str(given)


def _rows(
    element: ElementTree.Element,
    first: ElementTree.Element,
    given: list[dict[str, Any]],
    ref: str,
    repeats: set[str],
) -> None:
    at = list(element).index(first)
    for each in [each for each in element if each.tag == first.tag]:
        element.remove(each)
    for number, row in enumerate(given):
        made = copy.deepcopy(first)
        made.attrib.pop(f"{JR}template", None)
        _fill(made, row, ref, repeats)
        element.insert(at + number, made)


def judge(folder: Path, cases: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, Verdict]:
    """Return for each case what JavaRosa makes of each path: whether relevant, and its value."""
    for name, (xform, answers) in cases.items():
        (folder / f"{name}.form.xml").write_text(xform, encoding="utf-8")
        (folder / f"{name}.answers.xml").write_text(instance_of(xform, answers), encoding="utf-8")
    classes = folder / "classes"
    subprocess.run(["javac", "-cp", JAR, "-d", classes, JUDGE], check=True)
    command = ["java", *SETTINGS, "-cp", f"{JAR}:{classes}", "Judge", str(folder)]
    result = subprocess.run(command, capture_output=True, check=True)
    verdicts: dict[str, Verdict] = defaultdict(dict)
    for line in result.stdout.decode().splitlines():
        if line.count("\t") >= 3:
            name, path, relevant, value = line.split("\t", 3)
            verdicts[name][path] = (relevant == "true", value)
    return verdicts
