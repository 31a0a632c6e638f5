"""Writes what names nodes of the form: references, their rows, and the choices of a list."""

from __future__ import annotations

from typing import Any

from cacah.questionnaire.layout import LANGUAGE
from cacah.questionnaire.model import Choice, Expr, wording
from cacah.questionnaire.running import without_answers
from cacah.questionnaire.writing import Code, Standing, Writer, Writing


def is_nodes(expression: Any) -> bool:
    """Return whether an expression names nodes, of which there may be several or none."""
    if not isinstance(expression, tuple):
        return False
    if expression[0] == "current":
        return is_nodes(expression[1])
    return expression[0] in ("ref", "choices", "self")


def nodes(writer: Writer, expression: Any, at: Standing) -> str:
    """Write the list of the values of the relevant nodes that are named."""
    if not is_nodes(expression):
        return f"[{writer.code(expression, at).plain}]"
    if expression[0] == "current":
        return nodes(writer, expression[1], at.origin or at)
    if expression[0] == "choices":
        return _matches(writer, expression, at)
    if expression[0] == "self":
        own = writer.code(expression, at).source
        return f"([] if {own} is None else [{own}])"
    value, clauses, tests = _rows(writer, expression, at)
    if not clauses:
        return '[""]' if not value else f"([] if {value} is None else [{value}])"
    if not value:
        return f'[""{clauses}{tests}]'
    return f"[{value}{clauses} if {value} is not None{tests}]"


def ref(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Write the reading of one node; of several, the first."""
    slot = writer.layout.slots[expression[1]]
    kind = writer.kinds.of_node(slot.node)
    repeat = slot.node.kind == "repeat"
    if expression[2] < slot.frame.depth or repeat or len(expression) > 3:
        value, clauses, tests = _rows(writer, expression, at)
        if not clauses:
            return Code(value, kind, slot=True) if value else Code('""', "text")
        there = f" if {value} is not None" if value else ""
        first = f'next(({value or repr("")}{clauses}{there}{tests}), "")'
        # Nothing at all is "", which is no number and no boolean.
        return Code(first, "any" if kind == "boolean" or repeat else kind)
    return Code(writer.read(at.rows[slot.frame.depth], slot.number), kind, slot=True)


def _rows(writer: Writer, expression: tuple[Any, ...], at: Standing) -> tuple[str, str, str]:
    """Return what reads the value ("" for a repeat), the loops to its rows and their tests."""
    path, bound = expression[1:3]
    frames = writer.layout.chain(path)
    slot = writer.layout.slots[path]
    predicates: dict[int, list[Expr]] = {}
    for k, predicate in expression[3] if len(expression) > 3 else ():
        predicates.setdefault(k, []).append(predicate)
    fixed = min(bound, frames[-1].depth)
    rows, clauses, tests = at.rows[: fixed + 1], "", ""
    for k, frame in enumerate(frames[fixed + 1 :], start=fixed):
        assert frame.node is not None
        source = writer.read(rows[-1], writer.layout.slots[frame.node.path].number)
        rows = (*rows, writer.variable())
        inside = Standing(rows, None, at.origin or at)
        loop, test = _filtered(writer, f"({source} or ())", inside, predicates.get(k, []))
        clauses += f"{tests} for {rows[-1]} in {loop}"
        tests = test
    if path in writer.layout.by_repeat:
        return "", clauses, tests
    return writer.read(rows[-1], slot.number), clauses, tests


def _filtered(
    writer: Writer, rows: str, inside: Standing, predicates: list[Expr]
) -> tuple[str, str]:
    """Return the rows that a loop runs over and the tests behind it."""
    codes = [writer.code(each, inside) for each in predicates]
    if all(code.kind == "boolean" for code in codes):
        return rows, "".join(f" if {code.test}" for code in codes)
    for code in codes:
        rows = f"picked({rows}, lambda {inside.rows[-1]}: {code.plain})"
    return rows, ""


def indexed(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Write the reading of a node in the rows whose numbers are told."""
    target = expression[1]
    slot = writer.layout.slots[target[1]]
    told = {
        pair[1]: writer.code(number, at).plain
        for pair, number in zip(expression[2::2], expression[3::2], strict=True)
    }
    found = at.rows[0]
    for k, frame in enumerate(writer.layout.chain(target[1])[1:]):
        assert frame.node is not None
        path = frame.node.path
        if path not in told and k < target[2]:
            found = at.rows[k + 1]
            continue
        number = writer.layout.slots[path].number
        found = (
            f"item({found}, {number}, {told[path]})" if path in told else f"item({found}, {number})"
        )
    return Code(f"fetched({found}, {slot.number})", "any")


def choices(writer: Writer, expression: tuple[Any, ...], at: Standing) -> Code:
    """Write the reading of a column of the first choice that fits."""
    return Code(f'next(iter({_matches(writer, expression, at)}), "")', "text")


def _matches(writer: Writer, expression: tuple[Any, ...], at: Standing) -> str:
    _, name, condition, column = expression
    if condition[:2] == ("=", ("col", "name")) and writer.kinds.of(condition[2], at.own) == "text":
        return _named(writer, name, writer.code(condition[2], at).plain, column, at)
    items = [({"name": choice.value, **choice.columns}, choice) for choice in writer.lists[name]]
    variable = writer.variable("c")
    inside = Standing(at.rows, at.own, at.origin, variable)
    test = writer.code(condition, inside).test
    listed, language = writer.written.name(items), f"{at.rows[0]}[{LANGUAGE}]"
    return f"matches({listed}, lambda {variable}: {test}, {column!r}, {language})"


def _named(writer: Writer, name: str, value: str, column: str, at: Standing) -> str:
    """Write how the choices of a value are found without trying them all."""
    named: dict[str, list[Choice]] = {}
    for choice in writer.lists[name]:
        named.setdefault(choice.value, []).append(choice)
    if column == "label":
        labels = writer.written.name(named)
        each = writer.variable("c")
        words = f"without_answers(wording({each}.label, {at.rows[0]}[{LANGUAGE}]))"
        writer.written.names |= {"wording": wording, "without_answers": without_answers}
        return f"[{words} for {each} in {labels}.get({value}, ())]"
    columns = {
        code: [c.value if column == "name" else c.columns.get(column, "") for c in found]
        for code, found in named.items()
    }
    return f"{writer.written.name(columns)}.get({value}, ())"


NODESETS: dict[str, Writing] = {"ref": ref, "indexed-repeat": indexed, "choices": choices}
