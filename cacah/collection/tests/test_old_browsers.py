"""The scripts that browsers get keep to the syntax and the API of Chromium 80 (February 2020)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from cacah.collection import shell
from cacah.collection.joining import join_modules, static_file

PARSER = Parser(Language(tree_sitter_javascript.language()))

# Kinds of node of the grammar that are younger than Chromium 80 (or came with its flags only).
YOUNG_KINDS = {
    "optional_chain": "?. (80 itself, and later in the WebViews and browsers made from it)",
    "field_definition": "class fields (72 public, 84 static)",
    "private_property_identifier": "#private (84)",
    "class_static_block": "static blocks (94)",
    "import_attribute": "import … with (123)",
    "decorator": "decorators",
}
YOUNG_OPERATORS = {"??", "??=", "||=", "&&="}
YOUNG_REGEX_FLAGS = set("dv")
# Methods and constructors that Chromium 80 does not have.
YOUNG_METHODS = {
    *("any", "at", "canParse", "checkVisibility", "findLast", "findLastIndex", "fromAsync"),
    *("groupBy", "hasOwn", "isWellFormed", "randomUUID", "replaceAll", "replaceChildren"),
    *("requestSubmit", "showPicker", "showPopover", "supportedValuesOf", "throwIfAborted"),
    *("timeout", "toReversed", "toSorted", "toSpliced", "togglePopover", "waitAsync", "with"),
    *("withResolvers",),
}
YOUNG_GLOBALS = {
    *("structuredClone", "WeakRef", "FinalizationRegistry", "AggregateError", "scheduler"),
    *("CompressionStream", "DecompressionStream"),
}


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def text(node: Node) -> str:
    return (node.text or b"").decode()


def is_inside_function(node: Node) -> bool:
    around = node.parent
    while around:
        if "function" in around.type or around.type == "method_definition":
            return True
        around = around.parent
    return False


def is_called(name: Node) -> bool:
    member = name.parent
    call = member.parent if member and member.type == "member_expression" else None
    return call is not None and call.type == "call_expression"


def too_young(source: str) -> list[str]:
    """Return each thing in a script that Chromium 80 does not understand."""
    tree = PARSER.parse(source.encode())
    found = ["a syntax error"] if tree.root_node.has_error else []
    for node in nodes(tree.root_node):
        if node.type in YOUNG_KINDS:
            found.append(YOUNG_KINDS[node.type])
        elif not node.is_named and node.type in YOUNG_OPERATORS:
            found.append(node.type)
        elif node.type == "regex_flags" and YOUNG_REGEX_FLAGS & set(text(node)):
            found.append(f"regular expression flag in {text(node)}")
        elif node.type == "number" and "_" in text(node):
            found.append(f"numeric separator in {text(node)}")
        elif node.type == "await_expression" and not is_inside_function(node):
            found.append("await outside a function")
        elif node.type == "identifier" and text(node) in YOUNG_GLOBALS:
            found.append(text(node))
        elif node.type == "property_identifier" and text(node) in YOUNG_METHODS and is_called(node):
            found.append(f".{text(node)}()")
    return found


def scripts() -> dict[str, str]:
    joined = join_modules(shell.ENTRY, shell.ENTRY_OF_SECOND)
    worker = static_file("collection/worker.js").read_text(encoding="utf-8")
    return {"first": joined.first, "second": joined.second, "worker": worker}


@pytest.mark.parametrize("name", ["first", "second", "worker"])
def test_it_uses_nothing_younger_than_chromium_80(name: str) -> None:
    assert too_young(scripts()[name]) == []


@pytest.mark.parametrize(
    "source",
    [
        "a?.b",
        "a ?? b",
        "a ||= b",
        "class A { b = 1 }",
        "class A { static b = 1 }",
        "class A { #b() {} }",
        "await a",
        "1_000",
        "/a/d",
        "a.replaceAll(b, c)",
        "structuredClone(a)",
        "a.replaceChildren()",
        "a (",
    ],
)
def test_it_notices_what_is_too_young(source: str) -> None:
    assert too_young(source)


def test_it_takes_comments_and_strings_for_what_they_are() -> None:
    assert too_young('// a ?? b.at(1)\nconst words = "a?.b ||= structuredClone(c)";\n') == []
