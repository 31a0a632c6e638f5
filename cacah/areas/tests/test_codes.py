"""Both spellings of an area code mean the same area."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacah.areas import codes

any_code = st.sampled_from(codes.LENGTHS).flatmap(
    lambda n: st.text("0123456789", min_size=n, max_size=n)
)


@given(any_code)
def test_both_spellings_agree(code):
    assert codes.parse(code) == codes.parse(codes.dotted(code)) == code


@given(any_code)
def test_an_area_lies_in_each_area_of_its_lineage(code):
    lineage = codes.lineage(code)
    assert lineage[-1] == code
    assert [codes.level_of(c) for c in lineage] == list(range(1, codes.level_of(code) + 1))
    assert [codes.parent_of(c) for c in lineage] == [None, *lineage[:-1]]


@given(st.text(max_size=20))
def test_it_reads_nothing_else_as_a_code(text):
    try:
        code = codes.parse(text)
    except codes.NotAnAreaCode:
        return
    assert code.isascii() and code.isdigit() and len(code) in codes.LENGTHS
    assert text.strip() in (code, codes.dotted(code))


@pytest.mark.parametrize(
    "text",
    ["", "3", "332", "33.2", "33.25.1.2001", "33250.1", "3.325", "٣٣", "33.25.", "33252001.0"],
)
def test_it_refuses_other_spellings(text):
    with pytest.raises(codes.NotAnAreaCode):
        codes.parse(text)


def test_people_read_codes_with_dots():
    assert codes.dotted("3325012001000100") == "33.25.01.2001.000100"
