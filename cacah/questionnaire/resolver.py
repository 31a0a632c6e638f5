"""Turns an expression's syntax tree into the form that readers evaluate, paths into refs."""

from __future__ import annotations

import re
from collections.abc import Callable

from cacah.questionnaire.model import Expr
from cacah.questionnaire.patterns import check_format, check_pattern
from cacah.questionnaire.scope import Names, Schema, Scope, nearest
from cacah.questionnaire.signatures import ANY_NUMBER, SIGNATURES, SYNONYMS, UNSUPPORTED
from cacah.questionnaire.xpath import (
    Call,
    Expression,
    Literal,
    Negative,
    Operation,
    Path,
    Step,
    XPathError,
    parse,
)

DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}$")
ORDERINGS = {"<", "<=", ">", ">="}
NOTHING: Expr = ""
Report = Callable[..., None]


class Resolver:
    """Reads expressions against one form; every fault goes to `report(code, **words)`."""

    def __init__(self, schema: Schema, report: Report) -> None:
        self.schema = schema
        self.report = report

    def read(self, text: str, scope: Scope) -> Expr:
        """Return the expression of a text, `""` (and a report) where it cannot be read."""
        try:
            return self.value(parse(text), scope)
        except XPathError as error:
            self.report("expression", detail=error)
        return NOTHING

    def value(self, expression: Expression, scope: Scope) -> Expr:
        """Return an expression where one value is wanted."""
        match expression:
            case Literal(value):
                whole = isinstance(value, float) and value.is_integer()
                return int(value) if whole else value
            case Operation(operator, left, right):
                return self.operation(operator, left, right, scope)
            case Negative(operand):
                return ("neg", self.value(operand, scope))
            case Call(name, arguments):
                return self.call(name, arguments, scope)
            case Path():
                return self.single(expression, scope)

    def operation(self, operator: str, left: Expression, right: Expression, scope: Scope) -> Expr:
        for side in (left, right):
            if (
                operator in ORDERINGS
                and isinstance(side, Literal)
                and isinstance(side.value, str)
                and DATE.match(side.value)
            ):
                self.report("date-as-text", operator=operator, date=side.value)
        if operator == "union":
            self.report("path", path="a | b", why="ODK does not join paths", instead="name one")
            return NOTHING
        return (operator, self.value(left, scope), self.value(right, scope))

    def single(self, path: Path, scope: Scope) -> Expr:
        found = self.path(path, scope)
        if isinstance(found, tuple) and found[0] == "ref" and len(found) == 3:
            repeats = self.schema.repeats(_names(found))
            if len(repeats) > found[2]:
                code = "row-outside" if self.leaves_row_out(_names(found), scope) else "many-rows"
                self.report(code, name=found[1].rsplit("/", 1)[-1], column=scope.column)
        return found

    def leaves_row_out(self, target: Names, scope: Scope) -> bool:
        """Return whether a repeat's own rule asks for something inside its rows."""
        around = len(self.schema.repeats(scope.names))
        return scope.depth < around and target[: len(scope.names)] == scope.names

    def self_(self, scope: Scope) -> Expr:
        """Return `.`, which only a question, note, calculate or group has."""
        kind = self.schema.kinds.get(scope.names)
        if scope.origin or scope.list or not scope.names or kind == "repeat":
            column = "brackets" if scope.origin or scope.list else scope.column
            self.report("self-outside", column=column)
            return NOTHING
        return ("self",)

    def nodes(self, expression: Expression, scope: Scope) -> Expr:
        """Return an expression where many rows may stand."""
        if isinstance(expression, Path):
            return self.path(expression, scope)
        return self.value(expression, scope)

    # Paths

    def path(self, path: Path, scope: Scope) -> Expr:
        if path.start == "instance":
            return self.choices(path, scope)
        if path.start == "current" and scope.origin is not None:
            return ("current", self.path(Path("", path.steps), scope.origin))
        if path.start == "" and scope.list and len(path.steps) == 1:
            return self.choice_column(path.steps[0], scope)
        if all(step.name == "." and not step.predicates for step in path.steps):
            return self.self_(scope)
        start: Names = () if path.start == "/" else scope.names
        steps = path.steps[1:] if path.start == "/" else path.steps
        if path.start == "/" and path.steps[0].name != self.schema.root:
            return self.unknown(path.steps[0].name)
        return self.walk(start, steps, scope, _written(path))

    def walk(self, start: Names, steps: tuple[Step, ...], scope: Scope, written: str) -> Expr:
        names, named = list(start), False
        predicates: dict[int, tuple[Expression, ...]] = {}
        for step in steps:
            if step.name == "..":
                if not names:
                    return self.bad_path(written, "it climbs out of the form", "climb less")
                names.pop()
            elif step.name == "*":
                return self.bad_path(written, "* means any name", "name the question")
            elif step.name != ".":
                names.append(step.name)
                named = True
            if step.predicates:
                predicates[len(names) - 1] = step.predicates
        target = tuple(names)
        if target not in self.schema.kinds:
            if any(target[:at] in self.schema.ignored for at in range(1, len(target) + 1)):
                self.report("not-kept", name=target[-1])
                return NOTHING
            return self.unknown(target[-1] if target else written)
        if not target:
            return self.bad_path(written, "it is the whole form", "name the question")
        return self.ref(target, named, predicates, scope)

    def ref(
        self,
        target: Names,
        named: bool,
        predicates: dict[int, tuple[Expression, ...]],
        scope: Scope,
    ) -> Expr:
        bound = self.bound(target, named, set(predicates), scope)
        repeats = self.schema.repeats(target)
        filters: list[tuple[int, Expr]] = []
        for at, tests in sorted(predicates.items()):
            if at not in repeats:
                self.bad_path(
                    "/".join(target) + "[…]",
                    "only a repeat can have a predicate",
                    "put the predicate behind the name of the repeat",
                )
                return NOTHING
            k = repeats.index(at)
            inner = scope.inside(target[: at + 1], k + 1)
            filters += [(k, self.value(test, inner)) for test in tests]
        path = "/".join(target)
        return ("ref", path, bound, tuple(filters)) if filters else ("ref", path, bound)

    def bound(self, target: Names, named: bool, filtered: set[int], scope: Scope) -> int:
        """Return how many repeats of a path are those around the expression.

        ODK reads a path from inside a repeat as a path within the same row, except where the
        path ends with the name of the repeat, or filters it: then all the rows are meant.
        """
        bound = 0
        for at in self.schema.repeats(target):
            same = target[: at + 1] == scope.names[: at + 1] and bound < scope.depth
            if not same or at in filtered or (named and at == len(target) - 1):
                break
            bound += 1
        return bound

    def choice_column(self, step: Step, scope: Scope) -> Expr:
        columns = self.schema.lists.get(scope.list, set())
        if step.name == "label" and scope.list in self.schema.translated:
            self.report("choice-label", list=scope.list)
        elif step.name not in columns or step.predicates:
            hint = nearest(step.name, sorted(columns))
            self.report("choice-column", list=scope.list, column=step.name, hint=hint)
        return ("col", step.name)

    def choices(self, path: Path, scope: Scope) -> Expr:
        if path.instance not in self.schema.lists:
            self.report("list-missing", list=path.instance)
            return NOTHING
        names = [step.name for step in path.steps]
        if len(names) not in (2, 3) or names[:2] != ["root", "item"]:
            return self.bad_path(
                _written(path),
                "only the items of a list can be read",
                "write instance('list')/root/item[name = …]/column",
            )
        inner = scope.filtering(path.instance)
        tests = [self.value(test, inner) for test in path.steps[1].predicates]
        condition: Expr = ("true",)
        for number, test in enumerate(tests):
            condition = ("and", condition, test) if number else test
        column = path.steps[2] if len(names) == 3 else Step("name")
        self.choice_column(column, inner)
        return ("choices", path.instance, condition, column.name)

    def unknown(self, name: str) -> Expr:
        self.report("unknown-name", name=name, hint=self.schema.hint(name))
        return NOTHING

    def bad_path(self, path: str, why: str, instead: str) -> Expr:
        self.report("path", path=path, why=why, instead=instead)
        return NOTHING

    # Functions

    def call(self, name: str, arguments: tuple[Expression, ...], scope: Scope) -> Expr:
        if name in UNSUPPORTED:
            why, instead = UNSUPPORTED[name]
            self.report("unsupported-function", name=name, why=why, instead=instead)
            return NOTHING
        name = SYNONYMS.get(name, name)
        signature = SIGNATURES.get(name)
        if signature is None:
            self.report("unknown-function", name=name, hint=nearest(name, sorted(SIGNATURES)))
            return NOTHING
        if not signature.least <= len(arguments) <= signature.most:
            wanted = str(signature.least)
            if signature.most == ANY_NUMBER:
                wanted = f"at least {signature.least}"
            elif signature.most != signature.least:
                wanted = f"{signature.least} to {signature.most}"
            self.report("arguments", name=name, wanted=wanted, found=len(arguments))
            return NOTHING
        if name == "once" and self.self_(scope) == NOTHING:
            return NOTHING
        special = SPECIAL.get(name)
        if special is not None:
            return special(self, arguments, scope)
        given = tuple(
            self.nodes(argument, scope)
            if at == signature.many and len(arguments) == signature.of
            else self.value(argument, scope)
            for at, argument in enumerate(arguments)
        )
        if signature.must and not _is_nodes(given[0]):
            self.report("needs-nodes", name=name)
        self.check_literals(name, given)
        return (name, *given)

    def check_literals(self, name: str, given: tuple[Expr, ...]) -> None:
        if name == "regex":
            check_pattern(given[1], self.report)
        if name == "format-date":
            check_format(given[1], self.report)

    def position(self, arguments: tuple[Expression, ...], scope: Scope) -> Expr:
        if not arguments and scope.origin is not None and not scope.list:
            return ("position", scope.depth - 1)
        argument = arguments[0] if arguments else Path("", (Step("."),))
        if not isinstance(argument, Path) or argument.start == "instance":
            self.report("position-of-group", path="…")
            return NOTHING
        if argument.start == "current" and scope.origin is not None:
            return ("current", self.position((Path("", argument.steps),), scope.origin))
        found = self.path(argument, scope)
        names = _names(found)
        if found == NOTHING:
            return NOTHING
        if self.schema.kinds.get(names) == "repeat" and names == scope.names[: len(names)]:
            return ("position", len(self.schema.repeats(names)) - 1)
        self.report("position-of-group", path=_written(argument))
        return NOTHING

    def indexed_repeat(self, arguments: tuple[Expression, ...], scope: Scope) -> Expr:
        target = self.nodes(arguments[0], scope)
        names = _names(target)
        if not names or len(arguments) % 2 == 0:
            self.report("needs-nodes", name="indexed-repeat")
            return NOTHING
        given: list[Expr] = [target]
        for repeat, row in zip(arguments[1::2], arguments[2::2], strict=True):
            around = _names(self.nodes(repeat, scope))
            if not around or names[: len(around)] != around:
                self.report("needs-nodes", name="indexed-repeat")
                return NOTHING
            given += [("ref", "/".join(around), 0), self.value(row, scope)]
        return ("indexed-repeat", *given)

    def choice_name(self, arguments: tuple[Expression, ...], scope: Scope) -> Expr:
        value = self.value(arguments[0], scope)
        question = arguments[1]
        names: Names = ()
        if isinstance(question, Literal) and isinstance(question.value, str):
            try:
                path = parse(question.value.strip())
            except XPathError:
                path = question
            quiet = Resolver(self.schema, lambda code, **words: None)
            names = _names(quiet.path(path, scope)) if isinstance(path, Path) else ()
        name = self.schema.list_of.get(names)
        if name is None:
            self.report("choice-name")
            return NOTHING
        return ("choices", name, ("=", ("col", "name"), value), "label")


SPECIAL: dict[str, Callable[[Resolver, tuple[Expression, ...], Scope], Expr]] = {
    "position": Resolver.position,
    "indexed-repeat": Resolver.indexed_repeat,
    "jr:choice-name": Resolver.choice_name,
}


def _names(expression: Expr) -> Names:
    """Return the schema path of a ref, nothing for other expressions."""
    if isinstance(expression, tuple) and expression[0] == "ref":
        return tuple(str(expression[1]).split("/"))
    return ()


def _is_nodes(expression: Expr) -> bool:
    if not isinstance(expression, tuple):
        return expression == NOTHING  # already reported
    if expression[0] == "current":
        return _is_nodes(expression[1])
    return str(expression[0]) in ("ref", "choices", "self", "col")


def _written(path: Path) -> str:
    start = {"/": "/", "": "", "current": "current()/", "instance": f"instance('{path.instance}')/"}
    return start[path.start] + "/".join(step.name for step in path.steps)
