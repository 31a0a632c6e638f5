"""What is wrong with a form is told with sheet, row, column and remedy, all of it at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.questionnaire.interview import check
from cacah.questionnaire.notation import BINDING
from cacah.questionnaire.problems import CATALOGUE, FormProblem
from cacah.questionnaire.sheets import read_markdown
from cacah.questionnaire.signatures import SIGNATURES
from cacah.questionnaire.source import read_sheets

CHOICES = """
| choices |
| | list_name | name | label | group |
| | yn | 1 | Ya | a |
| | yn | 2 | Tidak | b |
"""


def problems_of(markdown: str, *, census: bool = False) -> list[FormProblem]:
    return read_sheets(read_markdown(markdown), census=census).problems


def form(*rows: str, columns: str = "calculation") -> str:
    lines = "\n".join(f"| | {row} |" for row in rows)
    return f"| survey |\n| | type | name | label | {columns} |\n{lines}\n"


# A form's third row, and where and what is wrong with it.
WRONG_EXPRESSIONS = [
    ("1 +", "expression"),
    ("(1", "expression"),
    ("1 1", "expression"),
    ("${a} // 2", "expression"),
    ("rondom()", "unknown-function"),
    ("random()", "unsupported-function"),
    ("lower-case(${a})", "unsupported-function"),
    ("pulldata('x', 'y', 'z', ${a})", "unsupported-function"),
    ("round()", "arguments"),
    ("if(1, 2)", "arguments"),
    ("count(1)", "needs-nodes"),
    ("/data/b", "unknown-name"),
    ("../nothing", "unknown-name"),
    ("/data/*", "path"),
    ("${a}[1]", "path"),
    ("${a} | ${a}", "path"),
    ("/data/meta/instanceID", "not-kept"),
    ("position(${a})", "position-of-group"),
    ("position(..)", "path"),
    ("${a} < '2020-01-01'", "date-as-text"),
    ("regex(${a}, '[0-9')", "regex"),
    ("regex(${a}, ${a})", "regex"),
    ("regex(${a}, '\\p{L}+')", "regex-feature"),
    ("regex(${a}, '(a+)+')", "regex-feature"),
    ("format-date(${a}, '%b')", "format-date"),
    ("instance('nothing')/root/item[name = 1]/label", "list-missing"),
    ("instance('yn')/root/item[nothing = 1]/label", "choice-column"),
    ("instance('yn')/item", "path"),
    ("jr:choice-name(${a}, 'a')", "choice-name"),
    ("jr:choice-name(${a}, '${a}')", "choice-name"),
    ("indexed-repeat(${a}, ${a}, 1, 2)", "needs-nodes"),
]


@pytest.mark.parametrize(("expression", "code"), WRONG_EXPRESSIONS)
def test_it_tells_the_place_of_a_wrong_expression(expression: str, code: str) -> None:
    written = expression.replace("|", r"\|")
    markdown = form("text | a | A | ", f"calculate | c | | {written}") + CHOICES
    found = [each for each in problems_of(markdown) if each.counts]
    assert [each.code for each in found] == [code]
    assert (found[0].sheet, found[0].row, found[0].column) == ("survey", 3, "calculation")
    assert found[0].line == 4
    assert found[0].message
    assert found[0].remedy


def test_it_tells_all_problems_at_once_in_the_order_of_the_form() -> None:
    markdown = form(
        "text | a | A | rondom() = 1 | | ",
        "text | b | B | | 1 + | ",
        "select_one yn | c | C | | | no_column = ${a}",
        "geopoint | d | D | | | ",
        columns="relevant | constraint | choice_filter",
    )
    found = problems_of(markdown + CHOICES)
    assert [(each.row, each.column, each.code) for each in found] == [
        (2, "relevant", "unknown-function"),
        (3, "constraint", "expression"),
        (4, "choice_filter", "choice-column"),
        (5, "type", "unknown-type"),
    ]


def test_it_reads_on_behind_what_pyxform_refuses() -> None:
    markdown = form("bogus | a | A | ", "text | b c | B | ", "text | d | ${nobody} | ")
    found = problems_of(markdown)
    assert [(each.row, each.code) for each in found] == [
        (2, "unknown-type"),
        (3, "not-xlsform"),
        (4, "not-xlsform"),
    ]


def test_it_refuses_lists_in_other_files() -> None:
    found = problems_of(form("select_one_from_file towns.csv | a | A | "))
    assert [(each.code, each.row) for each in found] == [("list-missing", 2)]


def test_a_read_only_text_is_no_note() -> None:
    reading = read_sheets(read_markdown(form("text | a | A | yes", columns="readonly")))
    assert reading.instrument is not None
    assert reading.instrument.nodes["a"].kind == "question"


def test_it_sees_a_circle() -> None:
    found = problems_of(form("calculate | a | | ${b} + 1", "calculate | b | | ${a} + 1"))
    assert [each.code for each in found] == ["cycle"]
    assert "a" in found[0].message
    assert "b" in found[0].message


def test_it_sees_a_group_that_depends_on_its_own_child() -> None:
    markdown = form(
        "begin_group | g | G | ${a} = 1", "integer | a | A | ", "end_group | | | ",
        columns="relevant",
    )  # fmt: skip
    assert [each.code for each in problems_of(markdown)] == ["cycle"]


def test_it_wants_one_row_where_one_value_stands() -> None:
    markdown = form(
        "begin_repeat | person | P | ",
        "integer | age | U | ",
        "end_repeat | | | ",
        "calculate | x | | ${age} + 1",
    )
    assert [(each.code, each.row) for each in problems_of(markdown)] == [("many-rows", 5)]


def test_a_repeat_asks_nothing_of_its_own_rows() -> None:
    for rule, code in (("${age} > 1", "row-outside"), (". = 1", "self-outside")):
        markdown = form(
            f"begin_repeat | person | P | {rule}", "integer | age | U | ", "end_repeat | | | ",
            columns="relevant",
        )  # fmt: skip
        assert code in {each.code for each in problems_of(markdown)}


ATOMS = """${a} ${x} ${r} ${g} ${s} . .. ../x /data/r/x 1 0 'x' '' current()/../x current()/..
    ${r}[x=1] ${r}[${x}=current()/../x]/x /data/r[1]/x instance('yn')/root/item[name='1']/group
    group name '${s}'"""
NAMES = sorted({*SIGNATURES} - {"sin", "cos", "tan", "asin", "acos", "atan", "atan2"})
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS.split()),
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(sorted(BINDING)), inner),
        st.builds(
            "{}({})".format,
            st.sampled_from(NAMES),
            st.lists(inner, max_size=3).map(", ".join),
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 7), st.lists(EXPRESSIONS, min_size=8, max_size=8))
def test_no_expression_whatever_breaks_it(only: int, expressions: list[str]) -> None:
    cells = ["1" if at != only else each for at, each in enumerate(expressions)]
    markdown = form(
        f"integer | a | A | {cells[0]} | {cells[1]} | | | {cells[2]}",
        f"begin_repeat | r | R | {cells[3]} | | | | ",
        f"integer | x | X | | | {cells[4]} | | {cells[5]}",
        f"select_one yn | s | S | | | | {cells[6]} | ",
        "end_repeat | | | | | | | ",
        f"begin_group | g | G | {cells[7]} | | | | ",
        "text | t | T | | | | | ",
        "end_group | | | | | | | ",
        columns="relevant | required | calculation | choice_filter | constraint",
    )
    reading = read_sheets(read_markdown(markdown + CHOICES))
    if not reading.broken and reading.instrument is not None:
        answers = {"a": 1, "r": [{"x": 2, "s": "1"}, {}], "g": {"t": "x"}}
        check(reading.instrument, answers, today=date(2020, 2, 15), language="id")


def test_it_refuses_types_that_a_census_does_not_need() -> None:
    for kind in ("geopoint", "image", "range", "rank yn", "acknowledge", "time", "dateTime"):
        found = problems_of(form(f"{kind} | a | A | ", "text | b | B | ") + CHOICES)
        assert "unknown-type" in {each.code for each in found if each.counts}, kind


def test_it_tells_what_is_not_translated() -> None:
    markdown = (
        "| survey |\n| | type | name | label::Bahasa Indonesia (id) | label::English (en) |\n"
        "| | text | a | Nama | Name |\n| | text | b | Umur | |\n"
    )
    found = problems_of(markdown)
    assert [(each.code, each.row, each.column) for each in found] == [
        ("translation-missing", 3, "label::English (en)")
    ]


def test_it_tells_choices_that_stand_twice_and_lists_that_nobody_uses() -> None:
    markdown = form("select_one yn | a | A | ") + CHOICES
    assert problems_of(markdown) == []
    twice = problems_of(markdown + "| | yn | 2 | Tidak juga | b |\n")
    assert twice
    assert all(each.counts for each in twice)
    unused = problems_of(markdown + "| | other | 2 | Dua | |\n")
    assert [(each.code, each.counts) for each in unused] == [("list-unused", False)]


def test_it_tells_warnings_that_would_always_be_shown() -> None:
    settings = '| settings |\n| | namespaces |\n| | cacah="https://cacah.id/xforms" |\n'
    found = problems_of(
        form("note | a | A | yes", "text | b | B | yes", columns="bind::cacah:warning") + settings
    )
    assert [each.code for each in found] == ["warning-always", "warning-not-note"]


def test_a_census_form_has_persons_and_their_numbers() -> None:
    plain = form("text | a | A | ")
    assert problems_of(plain) == []
    assert {each.code for each in problems_of(plain, census=True)} == {
        "census-persons",
        "census-person",
    }
    whole = form(
        "begin_repeat | person | P | ",
        "text | nik | NIK | ",
        "end_repeat | | | ",
        "calculate | persons | | count(${person})",
    )
    assert problems_of(whole, census=True) == []


def test_every_problem_has_a_sentence_and_a_remedy() -> None:
    assert all(sentence and remedy for sentence, remedy in CATALOGUE.values())


def test_a_problem_prints_its_place_its_sentence_and_its_remedy() -> None:
    [found] = problems_of(form("calculate | a | | rondom()"))
    assert str(found).startswith(
        "survey 2 calculation: (line 3) the function rondom() is not known"
    )
    assert " — " in str(found)
