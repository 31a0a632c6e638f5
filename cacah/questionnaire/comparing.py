"""Writes comparisons and arithmetic, plainly where the kinds of both sides are known."""

from __future__ import annotations

from typing import Any

from cacah.questionnaire.functions import divide
from cacah.questionnaire.values import SAME, equal
from cacah.questionnaire.writing import Code, Standing, Writer, Writing


def _ordered(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    left, right = (writer.code(each, at).number for each in expression[1:])
    return Code(f"({left} {expression[0]} {right})", "boolean")


def _sum(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    left, right = (writer.code(each, at).number for each in expression[1:])
    return Code(f"({left} {expression[0]} {right})", "number")


def _negative(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    return Code(f"(-{writer.code(expression[1], at).number})", "number")


def _quotient(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    left, right = (writer.code(each, at) for each in expression[1:])
    if isinstance(expression[2], int | float) and expression[2]:
        return Code(f"({left.number} / {right.source})", "number")
    return Code(f"{writer.function(divide)}({left.plain}, {right.plain})", "number")


def _equals(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    left, right = (writer.code(each, at) for each in expression[1:])
    return Code(_equal(writer, expression, left, right), "boolean")


def _equal(writer: Writer, expression: tuple[Any, ...], left: Code, right: Code) -> str:
    operator, a, b = expression
    same = "==" if operator == "=" else "!="
    no = "" if operator == "=" else "not "
    kinds = {left.kind, right.kind}
    if "" in (a, b) and not kinds & {"any", "boolean"}:
        return _empty(right if a == "" else left, operator == "=")
    if kinds == {"text"}:
        if left.slot and right.slot:
            return f"({left.plain} {same} {right.plain})"
        return f"({left.source} {same} {right.source})"
    for code, literal in ((left, b), (right, a)):
        if code.kind == "integer" and code.slot and isinstance(literal, int):
            return f"({code.source} {same} {literal!r})"
    if "number" in kinds and not kinds & {"any", "boolean"}:
        return f"({no}abs({left.number} - {right.number}) < {SAME})"
    called = f"{writer.function(equal)}({left.plain}, {right.plain})"
    if kinds == {"integer"} and left.slot and right.slot:
        x, y = left.source, right.source
        return f"({x} {same} {y} if type({x}) is type({y}) is int else {no}{called})"
    return f"({no}{called})"


def _empty(code: Code, wanted: bool) -> str:
    """Write whether a value is the empty text."""
    if code.kind == "text" and code.slot:
        return f"(not {code.source})" if wanted else f"(not not {code.source})"
    if not code.slot:
        return f'({code.source} {"==" if wanted else "!="} "")'
    if wanted:
        return f'({code.source} is None or {code.source} == "")'
    return f'({code.source} is not None and {code.source} != "")'


COMPARISONS: dict[str, Writing] = {
    **dict.fromkeys(("<", "<=", ">", ">="), _ordered),
    **dict.fromkeys(("+", "-", "*"), _sum),
    **dict.fromkeys(("=", "!="), _equals),
    "neg": _negative,
    "div": _quotient,
}
