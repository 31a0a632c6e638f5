"""Reads the XPath 1.0 text of a form into a small syntax tree, without looking at the form."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 10_000
MAX_DEPTH = 60
MAX_OPERANDS = 200

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<name>[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)
    | (?P<symbol>::|\.\.|//|<=|>=|!=|[()\[\],/@.+\-*|=<>$])
    )""",
    re.VERBOSE,
)
OPERATORS = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)


class XPathError(ValueError):
    """An expression that cannot be read; `at` counts characters from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a string."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator of two operands."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before an operand."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, `.`, `..` or `*`, with its predicates."""

    name: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the root (`/`), the node (``), `current()` or `instance('…')`."""

    start: str
    steps: tuple[Step, ...]
    instance: str = ""


Expression = Literal | Operation | Negative | Call | Path


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the expression; `at` counts characters from 0."""

    kind: str
    text: str
    at: int


def tokenize(text: str) -> list[Token]:
    """Split an expression into tokens, an `end` last; raises XPathError."""
    tokens: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise XPathError(f"“{text[at : at + 12].strip()}” cannot stand here", at)
        kind = found.lastgroup
        tokens.append(Token(kind, found[kind], found.start(kind)))
        at = found.end()
    tokens.append(Token("end", "", end))
    return tokens


def parse(text: str) -> Expression:
    """Read one expression; raises XPathError where it is not XPath 1.0 as ODK takes it."""
    if len(text) > MAX_LENGTH:
        raise XPathError(f"the expression is longer than {MAX_LENGTH} characters", MAX_LENGTH)
    parser = _Parser(tokenize(text))
    expression = parser.operation(0)
    if parser.token.kind != "end":
        raise XPathError(f"“{parser.token.text}” is one word too many", parser.token.at)
    return expression


class _Parser:
    """Recursive descent over the tokens, one method for each rule of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def next_is(self, *texts: str) -> bool:
        return self.token.kind in ("symbol", "name") and self.token.text in texts

    def take(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def expect(self, text: str) -> None:
        if not self.next_is(text):
            found = self.token.text or "the end"
            raise XPathError(f"“{text}” is expected where {found} stands", self.token.at)
        self.index += 1

    def operation(self, level: int) -> Expression:
        if level == len(OPERATORS):
            return self.negative()
        left = self.operation(level + 1)
        operands = 1
        while self.next_is(*OPERATORS[level]):
            operands += 1
            if operands > MAX_OPERANDS:
                raise XPathError(f"more than {MAX_OPERANDS} operands in a row", self.token.at)
            operator = self.take().text
            left = Operation(operator, left, self.operation(level + 1))
        return left

    def negative(self) -> Expression:
        if self.next_is("-"):
            self.enter()
            self.take()
            operand = self.negative()
            self.depth -= 1
            return Negative(operand)
        left = self.primary()
        while self.next_is("|"):
            self.take()
            left = Operation("union", left, self.primary())
        return left

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XPathError("the expression is nested too deeply", self.token.at)

    def primary(self) -> Expression:
        self.enter()
        token = self.token
        expression: Expression
        if token.kind == "number":
            expression = Literal(float(self.take().text))
        elif token.kind == "string":
            expression = Literal(self.take().text[1:-1])
        elif self.next_is("("):
            self.take()
            expression = self.operation(0)
            self.expect(")")
            if self.next_is("[", "/"):
                raise XPathError("a path cannot go on after brackets", self.token.at)
        elif token.kind == "name" and self.tokens[self.index + 1].text == "(":
            expression = self.call()
        else:
            expression = self.path()
        self.depth -= 1
        return expression

    def call(self) -> Expression:
        name = self.take()
        self.expect("(")
        arguments: list[Expression] = []
        while not self.next_is(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.operation(0))
        self.expect(")")
        if name.text == "current" and not arguments:
            return Path("current", self.rest())
        if name.text == "instance":
            return self.instance(name, arguments)
        if self.next_is("[", "/"):
            raise XPathError(f"a path cannot go on after {name.text}(…)", self.token.at)
        return Call(name.text, tuple(arguments))

    def instance(self, name: Token, arguments: list[Expression]) -> Expression:
        if len(arguments) == 1 and isinstance(arguments[0], Literal):
            return Path("instance", self.rest(), str(arguments[0].value))
        raise XPathError("instance() takes the name of a list in quotes", name.at)

    def rest(self) -> tuple[Step, ...]:
        if not self.next_is("/"):
            return ()
        self.take()
        return self.steps()

    def path(self) -> Expression:
        if self.next_is("/"):
            self.take()
            return Path("/", self.steps())
        return Path("", self.steps())

    def steps(self) -> tuple[Step, ...]:
        steps = [self.step()]
        while self.next_is("/"):
            self.take()
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        token = self.take()
        if token.kind != "name" and token.text not in (".", "..", "*"):
            found = f"“{token.text}”" if token.text else "the end"
            raise XPathError(f"a name or a value is expected where {found} stands", token.at)
        predicates: list[Expression] = []
        while self.next_is("["):
            self.take()
            predicates.append(self.operation(0))
            self.expect("]")
        return Step(token.text, tuple(predicates))
