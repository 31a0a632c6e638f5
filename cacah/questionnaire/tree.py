"""Writes an Instrument as the JSON tree that the browser reads (docs/instrument.md)."""

from __future__ import annotations

from typing import Any

from cacah.questionnaire.model import Choice, Instrument, Node, Output, Text, Texts, wording

TEXT_KEYS = (
    ("label", "label"),
    ("hint", "hint"),
    ("help", "help"),
    ("required_message", "requiredMessage"),
    ("constraint_message", "constraintMessage"),
)
PLAIN_KEYS = ("kind", "name", "path", "type", "list", "register")
RULE_KEYS = ("required", "readonly", "warning")
EXPRESSION_KEYS = ("relevant", "constraint", "calculate", "default", "count", "filter")


def tree_of(instrument: Instrument, language: str) -> dict[str, Any]:
    """Return the whole tree but its digest, in a language that the form speaks."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "language": language,
        "languages": dict(instrument.languages),
        "title": text_json(wording(instrument.title, language)),
        "lists": {
            name: [_choice(choice, language) for choice in choices]
            for name, choices in instrument.lists.items()
        },
        "children": [_node(node, language) for node in instrument.children],
    }


def text_json(text: Text) -> str | list[Any]:
    """Return a text as a string, or as parts where it shows answers."""
    if isinstance(text, str):
        return text
    return [
        {"x": expression_json(part.expression)} if isinstance(part, Output) else part
        for part in text
    ]


def expression_json(expression: Any) -> Any:
    """Return an expression with lists for tuples."""
    if isinstance(expression, tuple):
        return [expression_json(part) for part in expression]
    return expression


def _choice(choice: Choice, language: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "value": choice.value,
        "label": text_json(wording(choice.label, language)),
    }
    if choice.columns:
        written["columns"] = dict(choice.columns)
    return written


def _node(node: Node, language: str) -> dict[str, Any]:
    written: dict[str, Any] = {key: getattr(node, key) for key in PLAIN_KEYS if getattr(node, key)}
    for key, name in TEXT_KEYS:
        texts: Texts = getattr(node, key)
        if text := wording(texts, language):
            written[name] = text_json(text)
    for key in RULE_KEYS:
        if (rule := getattr(node, key)) is not False:
            written[key] = expression_json(rule)
    for key in EXPRESSION_KEYS:
        if (expression := getattr(node, key)) is not None:
            written[key] = expression_json(expression)
    if node.appearance:
        written["appearance"] = list(node.appearance)
    if node.children:
        written["children"] = [_node(child, language) for child in node.children]
    return written
