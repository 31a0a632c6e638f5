"""Gives the families of the rule tables to JavaRosa, the engine of ODK Collect, as a judge."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cacah.questionnaire.model import Node
from tests.spec.odk import JAR, needs_javac, xform_of
from tests.spec.sp2020.families import FORM, HERE, INSTRUMENT, cases, checked, schema


def as_xml(nodes: tuple[Node, ...], answers: dict[str, Any]) -> str:
    """Return a submission's XML with every node, since JavaRosa takes absent ones as irrelevant."""
    parts = []
    for node in nodes:
        value = answers.get(node.name)
        if node.kind == "repeat":
            inside = [as_xml(node.children, row) for row in value or []]
        elif node.kind == "group":
            inside = [as_xml(node.children, value or {})]
        else:
            inside = ["" if value is None else escape(str(value))]
        parts += [f"<{node.name}>{each}</{node.name}>" for each in inside]
    return "".join(parts)


def judged(directory: Path) -> list[list[list[str]]]:
    """Return JavaRosa's findings in each case, as lists of words."""
    form = directory / "form.xml"
    form.write_text(xform_of(FORM.read_text(encoding="utf-8")), encoding="utf-8")
    submissions = directory / "submissions"
    submissions.mkdir()
    for number, case in enumerate(cases()):
        inside = as_xml(INSTRUMENT.children, case.answers())
        xml = f'<data id="sp2020" version="1">{inside}</data>'
        (submissions / f"{number:04}.xml").write_text(xml, encoding="utf-8")
    run = ["java", "-Dfile.encoding=UTF-8", "-cp", str(JAR), str(HERE / "JavaRosaJudge.java")]
    said = subprocess.run(
        [*run, str(form), str(submissions)], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    blocks = said.split("submission ")[1:]
    return [[line.split(" ", 2) for line in block.splitlines()[1:]] for block in blocks]


def problems(findings: list[list[str]]) -> list[tuple[str, str]]:
    found = [(words[0], words[1]) for words in findings if words[0] != "value"]
    notes = {path for _, path in found if INSTRUMENT.nodes[schema(path)].kind == "note"}
    return sorted(
        ("rule" if code == "missing" and path in notes else code, path) for code, path in found
    )


def values(findings: list[list[str]]) -> dict[str, str]:
    """Return what JavaRosa calculated, by path."""
    return {
        words[1]: words[2]
        for words in findings
        if words[0] == "value" and INSTRUMENT.nodes[schema(words[1])].kind == "calculate"
    }


def calculated(clean: dict[str, Any], above: str = "") -> dict[str, str]:
    """Return what our reader calculated, by path."""
    found: dict[str, str] = {}
    for name, value in clean.items():
        path = f"{above}{name}"
        if isinstance(value, list):
            for number, row in enumerate(value, 1):
                found |= calculated(row, f"{path}[{number}]/")
        elif isinstance(value, dict):
            found |= calculated(value, f"{path}/")
        elif INSTRUMENT.nodes[schema(path)].kind == "calculate" and value not in (None, ""):
            found[path] = str(value)
    return found


@needs_javac
def test_javarosa_finds_the_same_problems_and_calculates_the_same(tmp_path: Path) -> None:
    findings = judged(tmp_path)
    assert len(findings) == len(cases())
    for case, mine in zip(cases(), findings, strict=True):
        assert problems(mine) == case.expected(), case
        assert values(mine) == calculated(checked(case.answers()).clean), case
