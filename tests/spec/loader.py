"""Reads the spec tables beside it into cases that the Python and the browser runner share.

A table file is Markdown. `## name` begins a case, which has

- a fenced ``xlsform`` block with the Markdown of an XLSForm, and a fenced ``json`` block with the
  answers; perhaps a line `today: 2020-02-15`; perhaps a fenced ``steps`` block with a JSON list of
  what happens next (`["set", path, value]`, `["addRow", path]`, `["removeRow", path, row]`);
  a fenced ``remarks`` block is not needed, since warnings are listed all the same;
- a table `| look | path | expect |`. Looks: `value`, `relevant`, `required`, `choices`, `label`,
  `hint`, `rows`, `problems`. `expect` is JSON where it can be read as JSON, else a plain string.

or one table of expressions, `| expression | a | b | c | value |`: each row becomes a case whose
form has the questions a, b and c and a calculate `value`. The types stand in a line
`types: a integer, b text, c date` (text unless said); a line `value: integer` sets the type of the
calculate (its `bind::type`). In the column `value` a number or boolean is one, in quotes it is a
text: `3`, `'3'`; nothing means no answer. A backslash saves a bar: `\\|`.

`expect` of the looks: `value` the value or null, `relevant` and `required` true or false, `choices`
the values of the choices, `label` and `hint` the text, `rows` a number, `problems` a list of
`[code, path]` in the form's order, or of `[code, path, message]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cacah.questionnaire.model import Instrument
from cacah.questionnaire.source import from_markdown

HERE = Path(__file__).parent
TODAY = "2020-02-15"
LOOKS = ("value", "relevant", "required", "choices", "label", "hint", "rows", "problems")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BAR = re.compile(r"(?<!\\)\|")


@cache
def compiled(markdown: str) -> Instrument:
    """Compile a form once, for everybody who asks it something."""
    return from_markdown(markdown)


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """Return `{name, file, markdown, instrument, answers, today, steps, expects}` of every case."""
    return tuple(_cases())


def _cases() -> Iterator[dict[str, Any]]:
    for path in sorted(HERE.glob("*.md")):
        for name, text in sections(path.read_text(encoding="utf-8")):
            rows = table(text)
            if rows and "expression" in rows[0]:
                found = _expressions(text, rows)
            else:
                found = [_case(text, rows)]
            for number, case in enumerate(found):
                numbered = f"{name} {number + 1}" if len(found) > 1 else name
                label = f"{numbered}: {case['label']}" if "label" in case else numbered
                instrument = compiled(case["markdown"]).to_json("id")
                yield {**case, "name": label, "file": path.name, "instrument": instrument}


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each case of a file."""
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        yield name.strip(), body


def table(text: str) -> list[dict[str, str]]:
    """Return the rows of a section's table by their headings, fenced blocks left out."""
    lines = [line.strip() for line in FENCE.sub("", text).splitlines()]
    rows = [
        [cell.strip().replace(r"\|", "|") for cell in BAR.split(line.strip("|"))]
        for line in lines
        if line.startswith("|") and not re.fullmatch(r"[|\-: ]+", line)
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def expected(cell: str) -> Any:
    """Return a cell as JSON, or as it stands where it is none."""
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def _case(text: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    blocks = dict(FENCE.findall(text))
    for row in rows:
        if row["look"] not in LOOKS:
            raise ValueError(f"{row['look']} is not one of {LOOKS}")
    return {
        "markdown": blocks["xlsform"],
        "answers": json.loads(blocks.get("json", "{}")),
        "steps": json.loads(blocks.get("steps", "[]")),
        "today": _setting(text, "today", TODAY),
        "expects": [
            {"look": row["look"], "path": row["path"], "expect": expected(row["expect"])}
            for row in rows
        ],
    }


def _setting(text: str, name: str, default: str) -> str:
    found = re.search(rf"^{name}: *(.+)$", FENCE.sub("", text), re.MULTILINE)
    return found[1].strip() if found else default


def _expressions(text: str, rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    types = dict(pair.split() for pair in _setting(text, "types", "a text").split(","))
    kept = {"integer": "int", "decimal": "decimal", "date": "date"}.get(
        _setting(text, "value", "text"), "string"
    )
    names = [name for name in rows[0] if name not in ("expression", "value")]
    found: list[dict[str, Any]] = []
    for row in rows:
        expression = row["expression"].replace("|", r"\|")
        lines = [
            "| survey | | | | | |",
            "| | type | name | label | calculation | bind::type |",
            *(f"| | {types.get(name, 'text')} | {name} | {name} | | |" for name in names),
            f"| | calculate | value | | {expression} | {kept} |",
        ]
        found.append(
            {
                "label": row["expression"],
                "markdown": "\n".join(lines),
                "answers": {
                    name: _typed(row[name], types.get(name, "text")) for name in names if row[name]
                },
                "steps": [],
                "today": _setting(text, "today", TODAY),
                "expects": [{"look": "value", "path": "value", "expect": _outcome(row["value"])}],
            }
        )
    return found


def _typed(cell: str, kind: str) -> Any:
    return json.loads(cell) if kind in ("integer", "decimal") else cell


def _outcome(cell: str) -> Any:
    if cell == "":
        return None
    if cell.startswith("'"):
        return cell.strip("'")
    return expected(cell)
