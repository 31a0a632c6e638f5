"""An instrument made ready to run: its layout, and Python code written for its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from cacah.questionnaire.batches import batches
from cacah.questionnaire.dependencies import is_constant, order
from cacah.questionnaire.layout import FIRST_SLOT, Frame, Layout, Row
from cacah.questionnaire.model import Choice, Expr, Instrument, Node, Output, Text, Texts, wording
from cacah.questionnaire.operations import OPERATIONS
from cacah.questionnaire.passes import Passes, rows_of, standing
from cacah.questionnaire.reading import READERS, TEXTS
from cacah.questionnaire.running import KEEP, keep
from cacah.questionnaire.values import Value
from cacah.questionnaire.writing import Standing, Writer

Words = Callable[[Row], str]


@dataclass(slots=True)
class Reader:
    """What a key of the answers leads to: a value's reader, a group's keys or a repeat's frame."""

    node: Node
    slot: int
    read: Callable[[Any], Value] | None = None
    keys: Keys | None = None
    frame: Frame | None = None


@dataclass(slots=True)
class Keys:
    """The keys of a group or repeat, or of the whole where `node` is None.

    `texts` are the slots of those that are texts, `groups` the keys of the groups among them.
    """

    node: Node | None = None
    all: dict[str, Reader] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    groups: dict[str, Keys] = field(default_factory=dict)


class Program:
    """One instrument's rules, compiled; shared by all threads."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.layout = Layout(instrument)
        self.writer = Writer(self.layout, dict(instrument.lists), OPERATIONS)
        self.keys = self._keys(instrument.children)
        self.inside = {node.path: self._inside(node) for node in instrument.walk()}
        self._fold()
        passes = Passes(self.writer, instrument.children)
        known = set(self.writer.constants)
        in_order = batches(instrument, self.layout, known)
        computing = [passes.computing(batch) for batch in in_order]
        examining = passes.examining(self.layout.root, instrument.children)
        names = self.writer.compile()
        # Each takes the interview; the last one its root row too, and returns the clean answers.
        self.computing: list[Callable[[Any], None]] = [names[name] for name in computing]
        self.examine: Callable[[Any, Row], dict[str, Any]] = names[examining]
        self._lock = Lock()
        self._later: dict[Any, Callable[..., Any]] = {}

    def value(self, node: Node, expression: Expr) -> Callable[[Row], Value]:
        """Return what computes an expression of a node in its row."""
        at = standing(node, self.layout.slots[node.path])
        return self._once((node.path, expression), lambda: self._value(expression, at))

    def offers(self, node: Node) -> Callable[[Row, dict[str, str]], bool]:
        """Return what tells whether a select's filter leaves a choice, by its columns."""
        at = standing(node, self.layout.slots[node.path])
        inside = Standing(at.rows, at.own, None, "c")
        assert node.filter is not None
        code = self.writer.code(node.filter, inside).test
        return self._once((node.path, "filter"), lambda: self.writer.function_of(code, inside, "c"))

    def words(self, node: Node, column: str, language: str) -> Words:
        """Return what writes a text of a node in a language."""
        texts: Texts = getattr(node, column)
        at = standing(node, self.layout.slots[node.path])
        if node.kind == "repeat":
            at = Standing(rows_of(len(at.rows)))
        key = (node.path, column, language)
        return self._once(key, lambda: self._words(wording(texts, language), at))

    def choice_words(self, node: Node, choice: Choice, language: str) -> Words:
        """Return what writes the label of a choice of a node in a language."""
        at, words = standing(node, self.layout.slots[node.path]), wording(choice.label, language)
        return self._once((node.path, words), lambda: self._words(words, at))

    def _once(self, key: Any, write: Callable[[], str]) -> Callable[..., Any]:
        """Return a function that is seldom needed, written and compiled when it first is."""
        with self._lock:
            if key not in self._later:
                name = write()
                self._later[key] = self.writer.compile()[name]
            return self._later[key]

    def _value(self, expression: Expr, at: Standing) -> str:
        return self.writer.function_of(self.writer.code(expression, at).plain, at)

    def _words(self, words: Text, at: Standing) -> str:
        parts = (words,) if isinstance(words, str) else words
        codes = [
            self.writer.code(each.expression, at).text if isinstance(each, Output) else repr(each)
            for each in parts
        ]
        return self.writer.function_of(f'"".join(({", ".join(codes)},))', at)

    def _inside(self, node: Node) -> tuple[list[int], list[Node]]:
        """Return the slots of a container in its own rows, and the repeats among them."""
        slots: list[int] = []
        repeats: list[Node] = []
        for child in node.children:
            slots.append(self.layout.slots[child.path].number)
            if child.kind == "repeat":
                repeats.append(child)
            elif child.children:
                inner = self._inside(child)
                slots += inner[0]
                repeats += inner[1]
        return slots, repeats

    def _keys(self, nodes: tuple[Node, ...], around: Node | None = None) -> Keys:
        keys = Keys(around)
        for node in nodes:
            slot = self.layout.slots[node.path].number
            inner = self._keys(node.children, node)
            frame = self.layout.by_repeat.get(node.path)
            read = READERS[node.type] if node.kind == "question" else None
            keys.all[node.name] = Reader(node, slot, read, inner, frame)
            if node.kind == "group":
                keys.groups[node.name] = inner
            elif read is not None and node.type in TEXTS:
                keys.texts[node.name] = slot
        return keys

    def _fold(self) -> None:
        """Compute the calculations that no answer changes once and for all."""
        always: set[str] = set()
        constants, root = self.writer.constants, self.layout.root
        for path in order(self.instrument):
            node, around = self.instrument.nodes[path], path.rpartition("/")[0]
            if node.relevant is not None or self.layout.slots[path].frame is not root:
                continue
            if around and around not in always:
                continue
            if node.kind == "group":
                always.add(path)
            if node.kind != "calculate" or node.calculate is None:
                continue
            if is_constant(node.calculate, constants):
                name = self._value(node.calculate, Standing(rows_of(0)))
                value = self.writer.compile()[name](root.row(None, None))
                constants[path] = KEEP.get(node.type, keep)(value)
                root.blank[self.layout.slots[path].number - FIRST_SLOT] = constants[path]


@lru_cache(maxsize=64)
def program(instrument: Instrument) -> Program:
    """Return an instrument's rules, compiled once."""
    return Program(instrument)
