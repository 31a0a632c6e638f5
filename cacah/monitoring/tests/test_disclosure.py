"""What the public may see: in steps, never fewer than five, and nothing by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cacah.monitoring.public import disclosure
from cacah.monitoring.public.disclosure import FEW, NAMES, NOTHING, Numbers, step, summed

# Two provinces; the first has two regencies, one of them with a single district.
DISTRICTS = ("330101", "330102", "330201", "330202", "330203", "510101")
EXPECTED = 9_000
RESPONDED = NAMES.index("responded_families")
# What comes in each district between two moments at which somebody looks.
COMING = st.lists(
    st.lists(st.integers(0, 7), min_size=len(DISTRICTS), max_size=len(DISTRICTS)), max_size=12
)
ONE = st.lists(st.integers(0, 12), max_size=20)
World = list[dict[str, Numbers]]


def held(families: int) -> Numbers:
    """Return what a district holds when so many families have responded; sizes differ."""
    persons = 3 * families + families % 3
    return (EXPECTED, 3 * EXPECTED, families, persons, families, persons)


def world(coming: list[list[int]]) -> World:
    """Return what the districts hold at each moment."""
    sums = [0] * len(DISTRICTS)
    moments = []
    for each in coming:
        sums = [total + more for total, more in zip(sums, each, strict=True)]
        moments.append({code: held(n) for code, n in zip(DISTRICTS, sums, strict=True)})
    return moments


def published(of: World) -> World:
    """Return all that everybody sees at each moment, of every area."""
    shown: dict[str, Numbers] = {}
    seen = []
    for now in of:
        shown = {code: step(shown.get(code, NOTHING), now[code]) for code in now}
        seen.append(shown | summed(shown))
    return seen


def waiting_until_the_step(of: World, district: str) -> World:
    """Return the world in which this district's families come all at once, where it steps."""
    seen = [each[district] for each in published(of)]
    expected = held(0)[:2]
    return [now | {district: (*expected, *show[2:])} for now, show in zip(of, seen, strict=True)]


@given(COMING, st.sampled_from(DISTRICTS))
def test_what_a_district_does_not_show_follows_from_nothing_that_is_shown(
    coming: list[list[int]], district: str
) -> None:
    """Whatever is added, subtracted or remembered: the same is shown of both worlds, for ever."""
    mine = world(coming)
    other = waiting_until_the_step(mine, district)
    assert published(other) == published(mine)


@given(COMING, st.sampled_from(DISTRICTS), st.data())
def test_any_number_below_five_could_stand_behind_what_is_hidden(
    coming: list[list[int]], district: str, data: st.DataObject
) -> None:
    mine = world(coming)
    seen = published(mine)
    hidden = next((n for n, now in enumerate(seen) if now[district][RESPONDED]), len(seen))
    few = sorted(data.draw(st.lists(st.integers(0, FEW - 1), min_size=hidden, max_size=hidden)))
    other = [now | {district: held(n)} for now, n in zip(mine, few, strict=False)]
    assert published(other) == seen[:hidden]


@given(COMING)
def test_what_is_above_is_the_sum_of_what_the_districts_show(coming: list[list[int]]) -> None:
    for shown in published(world(coming)):
        for area in ("", "33", "3301", "3302", "51", "5101"):
            parts = [shown[code] for code in DISTRICTS if code.startswith(area)]
            assert shown[area] == tuple(map(sum, zip(*parts, strict=True)))


def steps(coming: list[int]) -> list[int]:
    """Return how many families a district shows after each of these."""
    shown, total, seen = NOTHING, 0, []
    for more in coming:
        total += more
        shown = step(shown, held(total))
        seen.append(shown[RESPONDED])
    return seen


@given(ONE)
def test_no_step_is_smaller_than_five_families(coming: list[int]) -> None:
    seen = steps(coming)
    changes = [after - before for before, after in zip([0, *seen], seen, strict=False)]
    assert all(change == 0 or change >= FEW for change in changes)


@given(ONE)
def test_what_is_shown_is_never_five_families_behind(coming: list[int]) -> None:
    assert 0 <= sum(coming) - (steps(coming) or [0])[-1] < FEW


def test_none_and_four_look_the_same_in_a_district() -> None:
    assert steps([0]) == steps([4]) == [0]
    assert steps([5]) == [5]


def test_what_falls_below_five_again_is_hidden_again() -> None:
    assert step(held(9), held(4))[RESPONDED] == 0
    assert step(held(8), held(4))[RESPONDED] == 8


def test_a_register_of_fewer_than_five_families_is_not_told_from_an_empty_one() -> None:
    few = (4, 13, 0, 0, 0, 0)
    assert step(NOTHING, few) == NOTHING
    assert summed({"330101": step(NOTHING, few), "330102": held(0)})["33"] == held(0)
    assert step((9, 30, 0, 0, 0, 0), (11, 36, 0, 0, 0, 0))[:2] == (11, 36)


def test_persons_wait_for_their_families() -> None:
    shown = held(6)
    corrected = (EXPECTED, 3 * EXPECTED, 6, shown[RESPONDED + 1] - 1, 6, shown[-1] - 1)
    assert step(shown, corrected) == shown
    assert set(disclosure.PAIRS.values()) == {name for name in NAMES if name.endswith("persons")}
