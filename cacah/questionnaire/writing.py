"""Writes expressions as Python: the server's reader of a form's rules.

The written code reads slots of the rows around it (`layout`); what it calls is in `running` and
`functions`. Nothing that a form's author wrote gets into the code but through `repr`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from cacah.questionnaire import functions, running
from cacah.questionnaire.kinds import Kinds
from cacah.questionnaire.layout import Layout, Slot
from cacah.questionnaire.model import Choice, Expr
from cacah.questionnaire.reading import written
from cacah.questionnaire.values import Value, text, truth

# Expressions higher than this become functions of their own: Python's parser has its limits.
MAX_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an expression stands: the variable of the row at each depth, and its own node.

    In a predicate `origin` is where the whole expression stands; in a choice filter `columns` is
    the variable of the choice's columns.
    """

    rows: tuple[str, ...]
    own: Slot | None = None
    origin: Standing | None = None
    columns: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that an expression may need here."""
        outside = self.origin.variables if self.origin else ()
        return tuple(dict.fromkeys((*self.rows, *filter(None, [self.columns]), *outside)))


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression and its kind; `slot` says that it is a name which may hold None.

    `numeric` computes the value as a number, where that is not done from `source`.
    """

    source: str
    kind: str
    slot: bool = False
    numeric: str = ""

    @property
    def plain(self) -> str:
        """The value, "" where a slot is not relevant."""
        if not self.slot:
            return self.source
        if self.kind == "text":
            return f'({self.source} or "")'
        return f'("" if {self.source} is None else {self.source})'

    @property
    def text(self) -> str:
        """The value as a text."""
        return self.plain if self.kind == "text" else f"text({self.plain})"

    @property
    def number(self) -> str:
        """The value as a number, NaN where there is none."""
        if self.kind == "number" or self.numeric:
            return self.numeric or self.source
        if self.kind == "text":
            return f"codes[{self.source}]"
        if self.slot:
            return f"({self.source} if type({self.source}) is int else num({self.source}))"
        return f"num({self.source})"

    @property
    def test(self) -> str:
        """What is true or false to Python as the value is to ODK."""
        if self.kind in ("boolean", "text") or (self.kind == "integer" and self.slot):
            return self.source
        return f"truth({self.plain})"


@dataclass(slots=True)
class Written:
    """The functions written so far, and the objects that they name."""

    functions: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    def name(self, thing: Any, prefix: str = "k") -> str:
        """Return a name under which the code finds an object."""
        name = f"{prefix}{len(self.names)}"
        self.names[name] = thing
        return name


Lists = dict[str, tuple[Choice, ...]]
Writing = Callable[["Writer", tuple[Any, ...], Standing], Code]


class Writer:
    """Writes the expressions of one instrument."""

    def __init__(self, layout: Layout, lists: Lists, operations: dict[str, Writing]) -> None:
        self.layout, self.lists, self.operations = layout, lists, operations
        self.kinds = Kinds(layout)
        self.constants: dict[str, Value] = {}
        self.written = Written()
        # Rows whose slots the function that is being written keeps in local variables.
        self.kept_rows: set[str] = set()
        self.kept: dict[tuple[str, int], str] = {}
        self.fresh = 0
        self.functions: dict[Callable[..., Any], str] = {}
        names = self.written.names
        names |= {n: each for n, each in vars(running).items() if callable(each)}
        names |= {"codes": running.codes_of(lists.values()), "truth": truth, **BARE}

    def variable(self, prefix: str = "a") -> str:
        """Return a name that no code has used."""
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def read(self, row: str, slot: int) -> str:
        """Return what reads a slot: a local variable where the function keeps one."""
        if row in self.kept_rows:
            return self.kept.setdefault((row, slot), f"{row}_{slot}")
        return self.kept.get((row, slot)) or f"{row}[{slot}]"

    def code(self, expression: Expr, at: Standing) -> Code:
        """Write an expression."""
        if not isinstance(expression, tuple):
            return self.literal(expression)
        if expression[0] == "ref" and expression[1] in self.constants:
            return self.literal(self.constants[expression[1]])
        if height(expression) % MAX_HEIGHT == 0 and expression[0] not in ("ref", "self", "col"):
            return self._outlined(expression, at)
        return self._write(expression, at)

    def _write(self, expression: tuple[Any, ...], at: Standing) -> Code:
        operation = self.operations.get(expression[0])
        if operation is not None:
            return operation(self, expression, at)
        arguments = ", ".join(self.code(each, at).plain for each in expression[1:])
        called = self.function(functions.PLAIN[expression[0]])
        return Code(f"{called}({arguments})", self.kinds.of(expression, at.own))

    def function(self, function: Callable[..., Any]) -> str:
        """Return the name of a function in the code."""
        if function not in self.functions:
            self.functions[function] = self.written.name(function, "f")
        return self.functions[function]

    def _outlined(self, expression: tuple[Any, ...], at: Standing) -> Code:
        """Write a high expression as a function of its own, which keeps no slots."""
        rows, kept = self.kept_rows, self.kept
        self.kept_rows, self.kept = set(), {}
        inner = self._write(expression, at)
        self.kept_rows, self.kept = rows, kept
        name, given = self.variable("e"), ", ".join(at.variables)
        self.written.functions.append(f"def {name}({given}):\n    return {inner.plain}\n")
        return Code(f"{name}({given})", inner.kind)

    def literal(self, value: Value) -> Code:
        """Write a value that is known."""
        kind = LITERALS.get(value.__class__, "any")
        plain = kind != "any" and value not in (inf, -inf) and value == value
        return Code(repr(value) if plain else self.written.name(value), kind)

    def function_of(self, code: str, at: Standing, *extra: str) -> str:
        """Write a function of the rows around, innermost first; return its name."""
        name = self.variable("w")
        outwards = [
            f"    {outer} = {inner}[0]\n"
            for outer, inner in zip(at.rows[-2::-1], at.rows[:0:-1], strict=True)
        ]
        head = f"def {name}({', '.join((at.rows[-1], *extra))}):\n"
        self.written.functions.append(f"{head}{''.join(outwards)}    return {code}\n")
        return name

    def compile(self) -> dict[str, Any]:
        """Compile what has been written since the last time; return all names."""
        source, self.written.functions = "\n".join(self.written.functions), []
        exec(compile(source, "<questionnaire>", "exec"), self.written.names)  # noqa: S102
        return self.written.names


LITERALS = {str: "text", bool: "boolean", int: "number", float: "number"}
BARE = {"text": text, "part": functions.part, "written": written}


def height(expression: Any) -> int:
    """Return how deeply an expression is nested."""
    if not isinstance(expression, tuple):
        return 0
    return 1 + max((height(each) for each in expression[1:]), default=0)
