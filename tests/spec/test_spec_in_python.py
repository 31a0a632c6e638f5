"""Runs the spec tables on the server's reader of a questionnaire."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

import pytest

from cacah.questionnaire.asking import Asking
from tests.spec.loader import cases, compiled

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case['file']}: {case['name']}" for case in CASES])
def test_it_holds_in_python(case: dict[str, Any]) -> None:
    answers = after_steps(case["answers"], case["steps"])
    instrument = compiled(case["markdown"])
    interview = Asking(instrument, answers, today=date.fromisoformat(case["today"]), language="id")
    for expect in case["expects"]:
        found = look(interview, expect["look"], expect["path"], expect["expect"])
        assert found == expect["expect"], expect


def after_steps(answers: dict[str, Any], steps: list[list[Any]]) -> dict[str, Any]:
    answers = copy.deepcopy(answers)
    for action, path, *rest in steps:
        *around, last = re.sub(r"\[(\d+)\]", r"/\1", path).split("/")
        place: Any = answers
        for part in around:
            place = place[int(part) - 1] if part.isdigit() else place.setdefault(part, {})
        if action == "set":
            place[last] = rest[0]
        elif action == "addRow":
            place.setdefault(last, []).append({})
        elif action == "removeRow":
            del place[last][rest[0] - 1]
    return answers


def look(interview: Asking, kind: str, path: str, expect: Any) -> Any:
    if kind == "problems":
        found = [(each.code, each.path, each.message) for each in interview.problems()]
        lengths = [len(each) for each in expect] + [2] * len(found)
        return [list(each[:size]) for each, size in zip(found, lengths, strict=False)]
    if kind == "value":
        return interview.get(path)
    if kind in ("label", "hint"):
        return interview.text(path, kind)
    if kind == "choices":
        return [choice["value"] for choice in interview.choices(path)]
    return {
        "relevant": interview.relevant,
        "required": interview.required,
        "rows": interview.row_count,
    }[kind](path)
