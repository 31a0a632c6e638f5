"""What the public may see: in steps, never fewer than five, and nothing by subtraction."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cacah.monitoring.figures import DayFigures, Figures
from cacah.monitoring.public import disclosure
from cacah.monitoring.public.disclosure import FEW, SMALL

BEGIN = date(2020, 2, 15)
COMING = st.lists(st.integers(0, 12), max_size=20)
EXPECTED = st.lists(st.integers(0, 3 * SMALL), min_size=1, max_size=8)


def days(coming: list[int]) -> list[DayFigures]:
    return [
        DayFigures(
            day=BEGIN + timedelta(days=n), responded_families=families,
            responded_persons=3 * families + n, complete_families=families,
        )
        for n, families in enumerate(coming)
    ]  # fmt: skip


def area(code: str, expected: int, responded: int = 0, level: int = 3) -> Figures:
    return Figures(
        area=code, name=code, level=level, expected_families=expected,
        expected_persons=3 * expected, responded_families=responded,
    )  # fmt: skip


def shown(coming: list[int], until: int) -> int | None:
    """Return a district's public figure at the end of a day, None for "fewer than five"."""
    last = BEGIN + timedelta(days=until)
    found = disclosure.in_steps(area("332505", 9_000, sum(coming)), days(coming), last)
    value = found.value("responded_families")
    return None if value is None else int(value)


@given(COMING)
def test_no_step_is_smaller_than_five_families(coming: list[int]) -> None:
    seen = [shown(coming, until) or 0 for until in range(len(coming))]
    steps = [after - before for before, after in zip([0, *seen], seen, strict=False)]
    assert all(step == 0 or step >= FEW for step in steps)


@given(COMING)
def test_what_is_shown_is_never_five_families_behind(coming: list[int]) -> None:
    behind = sum(coming) - (shown(coming, len(coming)) or 0)
    assert 0 <= behind < FEW


@given(st.lists(COMING, min_size=2, max_size=6))
def test_a_sum_less_its_parts_tells_no_single_family(parts: list[list[int]]) -> None:
    """The exact sum of districts is known; which of them one missing family is in is not."""
    missing = [sum(each) - (shown(each, len(each)) or 0) for each in parts]
    together = sum(missing)
    for own in missing:
        # What somebody who knows the rule, the sum and all parts can be sure of.
        least = max(0, together - (FEW - 1) * (len(parts) - 1))
        most = min(FEW - 1, together)
        assert least <= own <= most
        assert not least == most == 1


@given(EXPECTED, st.booleans())
def test_no_area_is_in_steps_alone_beside_others(expected: list[int], within_few: bool) -> None:
    regencies = [area(f"{3300 + n}", families, level=2) for n, families in enumerate(expected)]
    steps = disclosure.stepwise(regencies, within_few=within_few)
    peopled = {each.area for each in regencies if each.expected_families}
    assert steps <= peopled
    assert len(steps) != 1 or len(peopled) == 1
    assert {e.area for e in regencies if 0 < e.expected_families < SMALL} <= steps
    assert not within_few or steps == peopled


def test_none_and_four_look_the_same_in_a_district() -> None:
    assert shown([0], 0) is shown([4], 0) is None
    assert shown([5], 0) == 5


def test_persons_and_per_cents_are_hidden_with_their_families() -> None:
    found = disclosure.at_once(area("33", 100_000, 3, level=1))
    hidden = ("responded_families", "responded_persons", "families_percent", "persons_percent")
    assert all(found.is_few(name) and found.value(name) is None for name in hidden)
    assert found.value("expected_families") == 100_000


def test_the_line_begins_where_there_is_something_to_show() -> None:
    course = disclosure.course(days([0, 0, 1, 2, 9, 0]), BEGIN + timedelta(days=9))
    assert [families for _, families in disclosure.begun(course)] == [0, 12, 12]
