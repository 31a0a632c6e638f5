"""Asks a real JavaRosa, which nobody here wrote, whether the spec tables say what ODK does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.spec.loader import cases
from tests.spec.odk import Verdict, judge, needs_javac, xform_of
from tests.spec.test_spec_in_python import after_steps

MIDNIGHT = re.compile(r"T00:00:00.*$")
# JavaRosa is the reference; where cacah says otherwise, and why. Part of the case's name: reason.
DIVERGENCES = {
    "persons_here": "count(${person}) inside the repeat: JavaRosa gives all rows or 1, as what set "
    "the calculation off will have it; cacah, like XPath, gives all rows",
    "arithmetic 5: ": "JavaRosa keeps Infinity, which no table can hold; cacah gives no answer",
    "date(99999999)": "JavaRosa knows the year 275760; cacah ends with 9999",
    "date('2020-02-30')": "JavaRosa breaks off the interview; cacah gives no answer",
    "date('x')": "JavaRosa breaks off the interview; cacah gives no answer",
}


def by_javarosa(case: dict[str, Any]) -> bool:
    text = case["markdown"]
    return "today()" not in text and not any(name in case["name"] for name in DIVERGENCES)


@needs_javac
def test_javarosa_says_the_same_as_the_spec_tables(tmp_path: Path) -> None:
    asked = {f"{number:04}": case for number, case in enumerate(cases()) if by_javarosa(case)}
    verdicts = judge(
        tmp_path,
        {
            name: (xform_of(case["markdown"]), after_steps(case["answers"], case["steps"]))
            for name, case in asked.items()
        },
    )
    differences = [
        (case["file"], case["name"], expect, found)
        for name, case in asked.items()
        for expect in case["expects"]
        if expect["look"] in ("value", "relevant")
        and not any(name in expect["path"] for name in DIVERGENCES)
        and (found := found_at(verdicts[name], expect["path"]))
        and not agrees(expect, found)
    ]
    assert differences == []


def found_at(verdict: Verdict, path: str) -> tuple[bool, str] | None:
    """Return what JavaRosa made of a path; of a repeat, what it made of the first row."""
    for key in ("ERROR", path, f"{path}[1]"):
        if key in verdict:
            return verdict[key]
    return None


def agrees(expect: dict[str, Any], found: tuple[bool, str]) -> bool:
    relevant, value = found[0], MIDNIGHT.sub("", found[1])
    if expect["look"] == "relevant":
        return relevant is expect["expect"]
    wanted = expect["expect"]
    if not relevant:
        value = ""
    if isinstance(wanted, bool):
        return value == str(int(wanted))
    if isinstance(wanted, int | float):
        return value != "" and abs(float(value) - wanted) < 1e-9
    return value == ("" if wanted is None else wanted)
