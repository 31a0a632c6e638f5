"""The frozen Instrument: what a questionnaire is, for every reader of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from json import dumps
from typing import Any

from cacah.questionnaire.messages import messages

# A literal, or a tuple that begins with an operator's or a function's name; docs/instrument.md
# lists the forms. JSON's arrays are Python's tuples, so that an instrument can be hashed.
Expr = float | int | str | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A place in a text where an answer is shown."""

    expression: Expr


# One language's wording; parts alternate between plain strings and answers.
Text = str | tuple[str | Output, ...]
# The wording by language code; a language that is missing falls back to the first.
Texts = Mapping[str, Text]
NO_TEXTS: Texts = {}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list; `columns` are what a choice filter may ask."""

    value: str
    label: Texts
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """A group, repeat, question, note or calculate; `path` is its schema path."""

    kind: str
    name: str
    path: str
    type: str = ""
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)
    relevant: Expr | None = None
    required: Expr | bool = False
    required_message: Texts = field(default_factory=dict)
    readonly: Expr | bool = False
    constraint: Expr | None = None
    constraint_message: Texts = field(default_factory=dict)
    calculate: Expr | None = None
    default: Expr | None = None
    count: Expr | None = None
    list: str = ""
    filter: Expr | None = None
    appearance: tuple[str, ...] = ()
    register: str = ""
    warning: bool = False
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below it, in the form's order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, eq=False)
class Instrument:
    """A questionnaire, compiled; `languages` maps codes to names, the default language first."""

    id: str
    version: str
    title: Texts
    languages: Mapping[str, str]
    lists: Mapping[str, tuple[Choice, ...]]
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """Yield every node in the form's order."""
        for child in self.children:
            yield from child.walk()

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node by its schema path."""
        return {node.path: node for node in self.walk()}

    @cached_property
    def default_language(self) -> str:
        """The code of the form's default language."""
        return next(iter(self.languages))

    def language(self, wanted: str) -> str:
        """Return the language itself if the form speaks it, else the default language."""
        return wanted if wanted in self.languages else self.default_language

    @cached_property
    def digest(self) -> str:
        """The first 16 hex digits of SHA-256 over the tree in all its languages."""
        trees = {code: self._tree(code) for code in self.languages}
        canonical = dumps(trees, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()[:16]

    def register_fields(self) -> dict[str, tuple[str, ...]]:
        """Return for each field of the register the schema paths that it fills."""
        fields: dict[str, tuple[str, ...]] = {}
        for node in self.walk():
            if node.register:
                fields[node.register] = (*fields.get(node.register, ()), node.path)
        return fields

    def to_json(self, language: str) -> dict[str, Any]:
        """Return the tree in one language, as docs/instrument.md describes it."""
        tree = self._tree(self.language(language))
        return tree | {"digest": self.digest, "messages": messages(tree["language"])}

    def _tree(self, language: str) -> dict[str, Any]:
        from cacah.questionnaire.tree import tree_of

        return tree_of(self, language)


def wording(texts: Texts, language: str) -> Text:
    """Return the wording in a language, else in the first that there is, else ``""``."""
    found = texts.get(language)
    if found is not None:
        return found
    return next(iter(texts.values()), "")
