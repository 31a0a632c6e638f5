"""Rules become Python code: it holds whatever a form may say, and nothing but what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacah.questionnaire.asking import Asking
from cacah.questionnaire.layout import Layout
from cacah.questionnaire.model import Expr, Instrument, Node
from cacah.questionnaire.operations import OPERATIONS
from cacah.questionnaire.passes import rows_of
from cacah.questionnaire.source import from_markdown
from cacah.questionnaire.writing import Standing, Writer

TODAY = date(2020, 2, 15)
# What xpath.py lets through: MAX_DEPTH, and MAX_OPERANDS in a row.
DEEPEST, LONGEST = 55, 200


def value(calculation: str, answers: dict[str, Any]) -> Any:
    form = f"""
    | survey |
    | | type | name | label | calculation |
    | | integer | a | A | |
    | | text | b | B | |
    | | calculate | value | | {calculation} |
    """
    return Asking(from_markdown(form), answers, today=TODAY, language="id").get("value")


def written(expression: Expr) -> Any:
    """Return what the code of an expression without answers gives."""
    node = Node("calculate", "value", "value", "text", calculate=expression)
    instrument = Instrument("f", "1", {}, {"id": "id"}, {}, (node,))
    layout = Layout(instrument)
    writer = Writer(layout, {}, OPERATIONS)
    at = Standing(rows_of(0))
    name = writer.function_of(writer.code(expression, at).plain, at)
    return writer.compile()[name](layout.root.row(None, None))


def test_it_writes_rules_nested_as_deeply_as_a_form_may_nest_them() -> None:
    nested = "0"
    for step in range(DEEPEST):
        nested = f"if(${{a}} = {step}, {step + 100}, {nested})"
    assert value(nested, {"a": 0}) == 100
    assert value(nested, {"a": DEEPEST - 1}) == 99 + DEEPEST
    assert value(nested, {"a": -1}) == 0


@pytest.mark.parametrize(("operator", "expected"), [("+", LONGEST * 3), ("-", 3 - 199 * 3)])
def test_it_writes_sums_as_long_as_a_form_may_have(operator: str, expected: int) -> None:
    assert value(f" {operator} ".join(["${a}"] * LONGEST), {"a": 3}) == expected


def test_it_writes_conditions_as_long_as_a_form_may_have() -> None:
    either = " or ".join(f"${{a}} = {number}" for number in range(LONGEST))
    assert value(either, {"a": LONGEST - 1}) is True
    assert value(either, {"a": LONGEST}) is False
    both = " and ".join(f"${{a}} != {number}" for number in range(LONGEST))
    assert value(both, {"a": LONGEST}) is True


@given(st.text(max_size=30))
def test_a_text_in_a_rule_stays_a_text(words: str) -> None:
    assert written(words) == words
    assert written(("concat", words, "")) == words
    assert written(("=", words, words)) is True
    assert written(("contains", ("concat", "<", words, ">"), words)) is True
    assert written(("if", ("=", ("concat", words, ""), words), "yes", words)) == "yes"


@given(st.integers() | st.floats(allow_nan=False))
def test_a_number_in_a_rule_stays_that_number(number: float) -> None:
    assert written(number) == number
    assert written(("max", number, number)) == number
