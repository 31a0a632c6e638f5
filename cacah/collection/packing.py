"""Packs an instrument for the page that carries it; `form/packing.js` is the inverse.

The page is a third of what a family pays for, so what follows from something else is left out:
the path of a node from its place, the kind of a question, that what has a message for it is
required, a list's name that is the question's own, and of long lists the braces between
the choices and the word that most of them begin with. Whatever does not fit this stays as it is,
and unpacks to itself.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

OFTEN = 100
_CHOICE = {"value", "label", "columns"}
# What is said elsewhere on the page, or of no use there.
UNREAD = {"language", "languages", "title", "version"}


def pack(instrument: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of `Instrument.to_json` in its packed form, without what is UNREAD."""
    kept = {key: value for key, value in instrument.items() if key not in UNREAD}
    return kept | {
        "lists": {name: _list(choices) for name, choices in instrument["lists"].items()},
        "children": [_node(child, "") for child in instrument["children"]],
    }


def _node(node: dict[str, Any], base: str) -> dict[str, Any]:
    path = base + node["name"]
    implied: dict[str, Any] = {"path": path, "kind": "question"}
    if "requiredMessage" in node:
        implied["required"] = True
    if node.get("type", "").startswith("select"):
        implied["list"] = node["name"]
    packed = {key: value for key, value in node.items() if implied.get(key) != value}
    if "requiredMessage" in node and "required" not in node:
        packed["required"] = False
    if "children" in node:
        packed["children"] = [_node(child, node["path"] + "/") for child in node["children"]]
    return packed


def _is_plain(choice: dict[str, Any]) -> bool:
    value, label = choice.get("value"), choice.get("label")
    if not isinstance(value, str) or not isinstance(label, str) or not set(choice) <= _CHOICE:
        return False
    return not set("|~") & set(value + label) and not value.startswith("+")


def _list(choices: list[dict[str, Any]]) -> list[dict[str, Any]] | dict[str, Any]:
    if not choices or not all(map(_is_plain, choices)):
        return choices
    packed: dict[str, Any] = {
        "value": _values([choice["value"] for choice in choices]),
        "label": "|".join(choice["label"] for choice in choices),
    }
    often = _often([choice["label"] for choice in choices])
    if often:
        packed |= {"label": f"|{packed['label']}".replace(f"|{often}", "|~")[1:], "often": often}
    if any("columns" in choice for choice in choices):
        packed["columns"] = [choice.get("columns", 0) for choice in choices]
    return packed


def _often(labels: list[str]) -> str:
    """Return the word with which a long list's labels begin most often, as in `KABUPATEN `."""
    begun = Counter(label.partition(" ")[0] + " " for label in labels if " " in label)
    word, times = max(begun.items(), key=lambda each: each[1], default=("", 0))
    return word if times > OFTEN else ""


def _values(values: list[str]) -> str:
    """Join values; codes, which are whole numbers, as steps from one to the next."""
    numbers = [int(value) if value.isdecimal() and value.isascii() else -1 for value in values]
    if [str(number) for number in numbers] != values:
        return "|".join(values)
    steps = (number - before for number, before in zip(numbers, [0, *numbers], strict=False))
    return "+" + " ".join(map(str, steps))
