"""Writes the two passes over a family's answers: computing what follows, and examining it.

Both call the interview that runs them: `count`, `drop`, `tell` and `missing`.
"""

from __future__ import annotations

from typing import Any

from cacah.questionnaire.batches import Batch
from cacah.questionnaire.dependencies import is_constant
from cacah.questionnaire.layout import Frame, Slot
from cacah.questionnaire.model import Node
from cacah.questionnaire.running import KEEP
from cacah.questionnaire.writing import Standing, Writer

STEP = "    "
# Deeper groups are examined without asking first whether they are relevant.
MAX_INDENT = 20
Lines = list[str]


def rows_of(depth: int) -> tuple[str, ...]:
    """Return the variables of the rows around an expression at this depth."""
    return tuple(f"r{at}" for at in range(depth + 1))


def standing(node: Node, slot: Slot) -> Standing:
    """Return where a node's expressions stand; a repeat's stand outside its rows."""
    return Standing(rows_of(slot.frame.depth), None if node.kind == "repeat" else slot)


def indented(lines: Lines) -> Lines:
    """Return lines one level further in."""
    return [STEP + line for line in lines]


class Passes:
    """Writes the passes of one instrument; `vanishing` are the nodes that may lose relevance."""

    def __init__(self, writer: Writer, children: tuple[Node, ...]) -> None:
        self.writer, self.layout = writer, writer.layout
        # Of these a group or repeat around, of `hidden` they themselves may not be relevant.
        self.vanishing: set[str] = set()
        self._find_vanishing(children, around=False)

    def _find_vanishing(self, nodes: tuple[Node, ...], *, around: bool) -> None:
        for node in nodes:
            if around:
                self.vanishing.add(node.path)
            inside = around or node.relevant is not None or node.count is not None
            self._find_vanishing(node.children, around=inside)

    # Computing

    def computing(self, batch: Batch) -> str:
        """Write the function that computes a batch; return its name."""
        writer, rows = self.writer, rows_of(batch.frame.depth)
        writer.kept_rows, writer.kept = set(rows), {}
        lines = [line for node in batch.nodes for line in self._step(node, rows[-1])]
        lines = [line for each in lines for line in self._dropping(each, rows[-1])]
        outside = [
            f"{outer} = {inner}[0]" for outer, inner in zip(rows[-2:0:-1], rows[:1:-1], strict=True)
        ]
        kept = {row: self._loads(row) for row in rows}
        writer.kept_rows, writer.kept = set(), {}
        name = writer.variable("b")
        head = ["r0 = work.rows[0][0]", *kept["r0"]]
        if batch.frame.depth:
            inner = [*outside, *(load for row in rows[1:] for load in kept[row]), *lines]
            lines = [f"for {rows[-1]} in work.rows[{batch.frame.number}]:", *indented(inner)]
        self._add([f"def {name}(work):", *indented([*head, *lines])])
        return name

    def _add(self, lines: Lines) -> None:
        self.writer.written.functions.append("\n".join(lines) + "\n")

    def _loads(self, row: str) -> Lines:
        return [f"{n} = {row}[{slot}]" for (r, slot), n in self.writer.kept.items() if r == row]

    def _step(self, node: Node, row: str) -> Lines:
        """Write what is computed of one node in one row."""
        slot = self.layout.slots[node.path]
        at, value = standing(node, slot), self.writer.read(row, slot.number)
        lines: Lines = []
        if node.calculate is not None:
            lines = self._calculate(node, at, row, value)
        elif node.count is not None:
            count = self.writer.code(node.count, at).number
            lines = [f"work.count({self.writer.written.name(node)}, {row}, {count})"]
        if node.relevant is not None:
            test = self.writer.code(node.relevant, at).test
            otherwise = ["else:", *indented(lines)] if lines else []
            lines = [f"if not {test}:", *indented(self._drop(node, row)), *otherwise]
        if node.path in self.vanishing:
            lines = [f"if {value} is not None:", *indented(lines)]
        return lines

    def _calculate(self, node: Node, at: Standing, row: str, value: str) -> Lines:
        slot = self.layout.slots[node.path].number
        assert node.calculate is not None
        code = self.writer.code(node.calculate, at)
        if code.kind in ("text", "boolean") and node.type not in KEEP:
            return [f"{value} = {row}[{slot}] = {code.plain}"]
        keep = KEEP[node.type].__name__ if node.type in KEEP else "keep"
        return [
            f"{value} = {code.plain}",
            f"if type({value}) is not int:",
            f"{STEP}{value} = {keep}({value})",
            f"{row}[{slot}] = {value}",
        ]

    def _drop(self, node: Node, row: str) -> Lines:
        """Write how a node and everything inside it lose their values."""
        first = self.layout.slots[node.path].number
        last = first + self._extent(node)
        if any(each.kind == "repeat" for each in node.walk()):
            return [f"work.drop({self.writer.written.name(node)}, {row})", f"forget {first} {last}"]
        if last - first > 1:
            nones = self.writer.written.name((None,) * (last - first))
            return [f"{row}[{first}:{last}] = {nones}", f"forget {first} {last}"]
        return [f"{self.writer.read(row, first)} = {row}[{first}] = None"]

    def _extent(self, node: Node) -> int:
        """Return how many slots a node takes in the rows that it stands in."""
        if node.kind == "repeat":
            return 1
        return 1 + sum(self._extent(child) for child in node.children)

    def _dropping(self, line: str, row: str) -> Lines:
        """Turn the mark `forget` into code, now that all kept slots are known."""
        words = line.split()
        if words[0] != "forget":
            return [line]
        first, last = int(words[1]), int(words[2])
        kept = [n for (r, slot), n in self.writer.kept.items() if r == row and first <= slot < last]
        indent = line[: len(line) - len(line.lstrip())]
        return [f"{indent}{' = '.join(kept)} = None"] if kept else []

    # Examining

    def examining(self, frame: Frame, children: tuple[Node, ...]) -> str:
        """Write the function that examines a row and returns its clean answers."""
        answers = self.writer.variable("d")
        lines = [f"{answers} = {{}}"]
        for node in children:
            lines += self._examine(node, frame, answers, 1)
        name = self.writer.variable("x")
        given = ", ".join(("work", *rows_of(frame.depth)))
        self._add([f"def {name}({given}):", *indented([*lines, f"return {answers}"])])
        return name

    def _examine(self, node: Node, frame: Frame, answers: str, indent: int) -> Lines:
        if node.kind == "group":
            return self._group(node, frame, answers, indent)
        slot = self.layout.slots[node.path]
        if node.kind == "repeat":
            return self._repeat(node, slot, answers)
        if node.kind == "note":
            return self._note(node, slot)
        return self._answer(node, slot, answers)

    def _group(self, node: Node, frame: Frame, answers: str, indent: int) -> Lines:
        inner = self.writer.variable("d")
        lines = [f"{inner} = {{}}"]
        for child in node.children:
            lines += self._examine(child, frame, inner, indent + 1)
        lines += [f"if {inner}:", f"{STEP}{answers}[{node.name!r}] = {inner}"]
        may_vanish = node.relevant is not None or node.path in self.vanishing
        if may_vanish and indent < MAX_INDENT:
            row, slot = rows_of(frame.depth)[-1], self.layout.slots[node.path].number
            return [f"if {row}[{slot}] is not None:", *indented(lines)]
        return lines

    def _repeat(self, node: Node, slot: Slot, answers: str) -> Lines:
        frame, rows = self.layout.by_repeat[node.path], rows_of(slot.frame.depth + 1)
        examine = self.examining(frame, node.children)
        listed = self.writer.variable("l")
        return [
            f"if {rows[-2]}[{slot.number}]:",
            f"{STEP}{answers}[{node.name!r}] = {listed} = []",
            f"{STEP}for {rows[-1]} in {rows[-2]}[{slot.number}]:",
            f"{STEP}{STEP}{listed}.append({examine}(work, {', '.join(rows)}))",
        ]

    def _tell(self, code: str, node: Node, slot: Slot) -> str:
        row = rows_of(slot.frame.depth)[-1]
        return f"work.tell({code!r}, {self.writer.written.name(node)}, {row})"

    def _note(self, node: Node, slot: Slot) -> Lines:
        if not node.warning and node.required is False:
            return []
        lines = [self._tell("warning" if node.warning else "rule", node, slot)]
        if not node.warning and node.required is not True:
            lines = [f"if {self._test(node.required, node, slot)}:", *indented(lines)]
        row = rows_of(slot.frame.depth)[-1]
        return [f"if {row}[{slot.number}] is not None:", *indented(lines)]

    def _test(self, expression: Any, node: Node, slot: Slot) -> str:
        return self.writer.code(expression, standing(node, slot)).test

    def _answer(self, node: Node, slot: Slot, answers: str) -> Lines:
        """Write what is asked of an answer, and of a place without one."""
        row = rows_of(slot.frame.depth)[-1]
        self.writer.kept = {(row, slot.number): "v"}
        there, written = answered(self.writer.kinds.of_node(node))
        lines = [*self._choice(node, slot), *self._constraint(node, slot)]
        lines += [f"{answers}[{node.name!r}] = {written}"]
        found = [f"v = {row}[{slot.number}]", f"if {there}:", *indented(lines)]
        if node.required is not False:
            missing = [f"work.missing({self.writer.written.name(node)}, {row}, {slot.number})"]
            if node.required is not True:
                missing = [f"if {self._test(node.required, node, slot)}:", *indented(missing)]
            found += ["elif v is not None:", *indented(missing)]
        self.writer.kept = {}
        return found

    def _constraint(self, node: Node, slot: Slot) -> Lines:
        if node.constraint is None:
            return []
        test = self._test(node.constraint, node, slot)
        return [f"if not {test}:", STEP + self._tell("constraint", node, slot)]

    def _choice(self, node: Node, slot: Slot) -> Lines:
        """Write whether the answer is among the choices that the filter leaves."""
        if not node.list:
            return []
        items: dict[str, list[dict[str, str]]] = {}
        for choice in self.writer.lists[node.list]:
            items.setdefault(choice.value, []).append({"name": choice.value, **choice.columns})
        test = None if node.filter is None else self._filter(node, slot)
        if test and is_constant(node.filter, self.writer.constants, columns=True):
            holds, test = self.writer.compile()[test], None
            rows = [None] * (slot.frame.depth + 1)
            items = {c: each for c, each in items.items() if any(holds(i, *rows) for i in each)}
        listed = self.writer.written.name(frozenset(items))
        one = node.type == "select_one"
        wrong = f"v not in {listed}" if one else f"not chosen(v, {listed})"
        if test:
            called = "offered" if one else "all_offered"
            given = (test, self.writer.written.name(items), "v", *rows_of(slot.frame.depth))
            wrong += f" or not {called}({', '.join(given)})"
        return [f"if {wrong}:", STEP + self._tell("choice", node, slot)]

    def _filter(self, node: Node, slot: Slot) -> str:
        kept, self.writer.kept = self.writer.kept, {}
        name, rows = self.writer.variable("w"), rows_of(slot.frame.depth)
        assert node.filter is not None
        test = self.writer.code(node.filter, Standing(rows, slot, None, "c")).test
        self._add([f"def {name}(c, {', '.join(rows)}):", f"{STEP}return {test}"])
        self.writer.kept = kept
        return name


def answered(kind: str) -> tuple[str, str]:
    """Return the test whether `v` is an answer of this kind, and how it is written down."""
    if kind == "text":
        return "v", "v"
    if kind == "boolean":
        return "v is not None", "v"
    if kind == "integer":
        return "v or v == 0", "v"
    return 'v is not None and v != ""', "v" if kind == "decimal" else "written(v)"
