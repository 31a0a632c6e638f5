"""Writes the operators and functions that are more than the call of a plain function."""

from __future__ import annotations

from typing import Any

from cacah.questionnaire import functions
from cacah.questionnaire.comparing import COMPARISONS
from cacah.questionnaire.nodesets import NODESETS, is_nodes, nodes
from cacah.questionnaire.patterns import compiled
from cacah.questionnaire.writing import Code, Standing, Writer, Writing


def _self(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """`.`: the node in which the expression stands."""
    return Code(_own(writer, at), writer.kinds.of(expression, at.own), slot=True)


def _own(writer: Writer, at: Standing) -> str:
    if at.own is None:
        raise ValueError("`.` stands where no node is")
    return writer.read(at.rows[-1], at.own.number)


def _once(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Keep a value that is there."""
    own, code = _own(writer, at), writer.code(expression[1], at)
    return Code(f'({code.plain} if {own} is None or {own} == "" else {own})', "any")


def _current(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Compute where the whole expression stands."""
    return writer.code(expression[1], at.origin or at)


def _column(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Read a column of the choice that a filter tries."""
    return Code(f'{at.columns}.get({expression[1]!r}, "")', "text")


def _position(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Tell the number of a row around."""
    return Code(f"{at.rows[expression[1] + 1]}[1]", "number")


def _today(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Tell the day of the interview; cacah keeps no time of day."""
    return Code(f"{at.rows[0]}[0]", "any")


def _if(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    test, yes, no = (writer.code(each, at) for each in expression[1:])
    numeric = f"({yes.number} if {test.test} else {no.number})"
    kind = writer.kinds.of(expression, at.own)
    return Code(f"({yes.plain} if {test.test} else {no.plain})", kind, numeric=numeric)


def _logical(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Write `and` and `or`, of which many stand in a row."""
    name, operands, rest = expression[0], [], expression
    while isinstance(rest, tuple) and rest[0] == name:
        operands.append(rest[2])
        rest = rest[1]
    codes = [writer.code(each, at) for each in (rest, *reversed(operands))]
    source = "(" + f" {name} ".join(each.test for each in codes) + ")"
    boolean = all(each.kind == "boolean" and not each.slot for each in codes)
    return Code(source if boolean else f"bool{source}", "boolean")


def _not(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    return Code(f"(not {writer.code(expression[1], at).test})", "boolean")


def _number(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    return Code(writer.code(expression[1], at).number, "number")


def _string(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    return Code(writer.code(expression[1], at).text, "text")


def _concat(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    if len(expression) == 2 and is_nodes(expression[1]):
        return _of_many(writer, expression, at)
    parts = ", ".join(writer.code(each, at).text for each in expression[1:])
    return Code(f'"".join(({parts},))', "text")


def _regex(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Match a whole text against a pattern."""
    matcher = writer.written.name(compiled(expression[2]).fullmatch)
    subject = writer.code(expression[1], at).text
    return Code(f"({matcher}({subject}) is not None)", "boolean")


def _substr(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Cut a part out of a text, plainly where its bounds are plain numbers."""
    subject, bounds = writer.code(expression[1], at), expression[2:]
    if all(isinstance(bound, int) and bound >= 0 for bound in bounds):
        end = bounds[1] if len(bounds) > 1 else None
        return Code(f"cut({subject.text}, {bounds[0]}, {end})", "text")
    more = "".join(f", {writer.code(each, at).plain}" for each in bounds)
    return Code(f"part({subject.plain}{more})", "text")


def _selected(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    value, choice = (writer.code(each, at) for each in expression[1:])
    codes = f'" " + {value.text} + " "'
    if isinstance(expression[1], str):
        codes = repr(f" {expression[1]} ")
    wanted = f'" " + {choice.text}.strip() + " "'
    if isinstance(expression[2], str):
        wanted = repr(f" {expression[2].strip()} ")
    return Code(f"({wanted} in {codes})", "boolean")


def _contains(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    value, mark = (writer.code(each, at).text for each in expression[1:])
    return Code(f"({mark} in {value})", "boolean")


def _starts_with(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    value, mark = (writer.code(each, at).text for each in expression[1:])
    return Code(f"{value}.startswith({mark})", "boolean")


def _of_many(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Call a function of a list: the rows of one argument, or all arguments after the lead."""
    lead, function = functions.OF_MANY[expression[0]]
    before = [writer.code(each, at).plain for each in expression[1 : 1 + lead]]
    rest = expression[1 + lead :]
    if len(rest) == 1 and is_nodes(rest[0]):
        values = nodes(writer, rest[0], at)
    else:
        values = "[" + ", ".join(writer.code(each, at).plain for each in rest) + "]"
    called = f"{writer.function(function)}({', '.join((*before, values))})"
    return Code(called, writer.kinds.of(expression, at.own))


def _extreme(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Write `min` and `max`, plainly between a number and something else."""
    if len(expression) != 3 or not isinstance(expression[1], int | float):
        return _of_many(writer, expression, at)
    bound, other = (writer.code(each, at).number for each in expression[1:])
    called = "at_least" if expression[0] == "max" else "at_most"
    return Code(f"{called}({bound}, {other})", "number")


OPERATIONS: dict[str, Writing] = {
    **NODESETS,
    **COMPARISONS,
    **dict.fromkeys(functions.OF_MANY, _of_many),
    "min": _extreme,
    "max": _extreme,
    "self": _self,
    "once": _once,
    "current": _current,
    "col": _column,
    "position": _position,
    "today": _today,
    "now": _today,
    "if": _if,
    "and": _logical,
    "or": _logical,
    "not": _not,
    "number": _number,
    "string": _string,
    "concat": _concat,
    "regex": _regex,
    "substr": _substr,
    "selected": _selected,
    "contains": _contains,
    "starts-with": _starts_with,
}
