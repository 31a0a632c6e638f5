"""Asks rxeval, an evaluator of XForms in Rust, about generated rules and generated answers.

Known differences; JavaRosa (test_spec_by_javarosa.py) is with cacah in all of them:

- A calculation that gives NaN is kept as `NaN` by rxeval; JavaRosa and cacah keep no answer.
- min() and max() are NaN for rxeval where a row is empty; JavaRosa and cacah leave the row out. So
  the rows here always have a number.
- coalesce() takes NaN for an answer in rxeval; JavaRosa and cacah go on to the second. So it is
  asked of texts alone.
- A question that is not relevant keeps its value for other questions' rules in rxeval; in JavaRosa
  and cacah it has none. So no rule here asks for a question that may not be relevant.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import rxeval
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cacah.questionnaire.asking import Asking
from cacah.questionnaire.source import from_markdown
from cacah.questionnaire.values import text
from tests.spec.odk import instance_of, xform_of

TODAY = "2020-02-15"

NUMBER = ["${a}", "${b}", "0", "1", "2.5", "10", "-3", "sum(${x})", "count(${p})", "max(${x})"]
TEXT = ["${t}", "${s}", "''", "'x'", "'ab'", "${m}", "join(',', ${n})"]
TRUTH = ["${s} = '1'", "${t} != ''", "${a} = ''", "selected(${m}, '2')", "${b} > 1"]
COMPARISONS = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])


@cache
def numbers(depth: int) -> st.SearchStrategy[str]:
    """Generate expressions that give numbers, so many calls deep."""
    if depth == 0:
        return st.sampled_from(NUMBER)
    inner, condition, words = numbers(depth - 1), truths(depth - 1), texts(depth - 1)
    return st.one_of(
        inner,
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*"]), inner),
        st.builds("if({}, {}, {})".format, condition, inner, inner),
        st.builds("string-length({})".format, words),
        st.builds("int({} div 4)".format, inner),
        st.builds("round({}, 1)".format, inner),
    )


@cache
def texts(depth: int) -> st.SearchStrategy[str]:
    """Generate expressions that give texts."""
    if depth == 0:
        return st.sampled_from(TEXT)
    inner, condition = texts(depth - 1), truths(depth - 1)
    return st.one_of(
        inner,
        st.builds("concat({}, {})".format, inner, inner),
        st.builds("substr({}, 1, 3)".format, inner),
        st.builds("substring-after({}, 'a')".format, inner),
        st.builds("translate({}, 'ab', 'BA')".format, inner),
        st.builds("if({}, {}, {})".format, condition, inner, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
    )


@cache
def truths(depth: int) -> st.SearchStrategy[str]:
    """Generate conditions."""
    if depth == 0:
        return st.sampled_from(TRUTH)
    inner, number, words = truths(depth - 1), numbers(depth - 1), texts(depth - 1)
    return st.one_of(
        inner,
        st.builds("({} {} {})".format, number, COMPARISONS, number),
        st.builds("({} {} {})".format, words, st.sampled_from(["=", "!="]), words),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not({})".format, inner),
        st.builds("contains({}, {})".format, words, words),
        st.builds("starts-with({}, 'a')".format, words),
        st.builds("regex({}, '[a-c]*')".format, words),
    )


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.integers(-20, 20),
        "b": st.integers(-20, 20),
        "t": st.sampled_from(["x", "ab", "abc", "a b", "7", "banana"]),
        "s": st.sampled_from(["1", "2"]),
        "m": st.sampled_from(["1", "2", "1 2", "2 3"]),
        "q": st.integers(-5, 5),
        "r": st.sampled_from(["x", "ab"]),
        "p": st.lists(
            st.fixed_dictionaries(
                {"x": st.integers(-9, 9)}, optional={"n": st.sampled_from(["ab", "x"])}
            ),
            max_size=3,
        ),
    },
)


def form(number: str, words: str, truth: str, relevant: str, required: str) -> str:
    """Return a small form whose rules are those expressions."""
    return f"""
| survey |
| | type | name | label | calculation | relevant | required | constraint |
| | integer | a | A | | | | |
| | integer | b | B | | | | |
| | text | t | T | | | | |
| | select_one l | s | S | | | | |
| | select_multiple l | m | M | | | | |
| | begin_repeat | p | P | | | | |
| | integer | x | X | | | | |
| | text | n | N | | | | |
| | end_repeat | | | | | | |
| | calculate | number | | {number} | | | |
| | calculate | words | | {words} | | | |
| | calculate | truth | | {truth} | | | |
| | integer | q | Q | | {relevant} | | . > ${{a}} |
| | text | r | R | | ${{b}} > 0 | {required} | |
| choices |
| | list_name | name | label |
| | l | 1 | Satu |
| | l | 2 | Dua |
| | l | 3 | Tiga |
"""


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(numbers(3), texts(3), truths(3), truths(2), truths(2), ANSWERS)
def test_rxeval_says_the_same(
    number: str, words: str, truth: str, relevant: str, required: str, answers: dict[str, Any]
) -> None:
    markdown = form(number, words, truth, relevant, required)
    xform = xform_of(markdown)
    session = rxeval.Session(xform, instance_of(xform, answers), today=TODAY)
    verdict = session.recompute()
    asking = Asking(
        from_markdown(markdown), answers, today=date.fromisoformat(TODAY), language="id"
    )
    for name in ("number", "words", "truth"):
        value = asking.root[asking.program.layout.slots[name].number]
        assert session.get(f"/data/{name}").replace("NaN", "") == text(value), name
    for name in ("q", "r"):
        assert verdict["relevant"][f"/data/{name}"] is asking.relevant(name), name
    problems = {(each.code, f"/data/{each.path}") for each in asking.problems()}
    for code, found in (("missing", verdict["missing"]), ("constraint", verdict["invalid"])):
        told = {path for each, path in problems if each == code}
        assert {each if isinstance(each, str) else each[0] for each in found} == told, code
