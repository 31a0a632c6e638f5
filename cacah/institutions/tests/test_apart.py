"""Nobody outside learns of fewer than five people, neither at once nor by subtraction."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.institutions.apart import FEWEST, Apart, Cell, Node, apart, split

sizes = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda s: (sum(s), s[0]))


@st.composite
def forests(draw: st.DrawFn) -> list[Node]:
    """Draw trees of institutions whose rosters are mostly small."""
    numbers = count(1)
    nodes: list[Node] = []
    for _ in range(draw(st.integers(1, 4))):
        nodes.append(_node(draw, next(numbers), None))
    for _ in range(draw(st.integers(0, 9))):
        nodes.append(_node(draw, next(numbers), draw(st.sampled_from(nodes)).institution))
    return nodes


def _node(draw: st.DrawFn, number: int, parent: int | None) -> Node:
    people, asked = draw(sizes)
    beside = draw(st.sampled_from(["3325", "3374"]))
    return Node(number, parent, beside, draw(st.integers(0, 9)) == 0, people, asked)


def below(nodes: list[Node], top: int) -> set[int]:
    found = {top}
    while more := {n.institution for n in nodes if n.parent in found} - found:
        found |= more
    return found


def published(nodes: list[Node], seen: Apart) -> list[set[int]]:
    """Return each sum that an outsider sees, as the set of own rosters that it adds up."""
    sums = [below(nodes, each) for each in seen.shown]
    sums += [{each} for each in seen.own]
    for place, together in seen.together.items():
        parts = [{each} if each == place else below(nodes, each) for each in together]
        sums.append(set().union(*parts))
    return sums


def opened(nodes: list[Node]) -> set[int]:
    """Return the own rosters whose names officers may see anyway."""
    return set().union(*(below(nodes, n.institution) for n in nodes if n.open), set())


def computable(sums: list[set[int]], order: list[int]) -> list[list[Fraction]]:
    """Return the reduced rows of all that can be computed from the sums by adding and taking."""
    rows = [[Fraction(each in one) for each in order] for one in sums]
    done: list[list[Fraction]] = []
    for column in range(len(order)):
        found = next((row for row in rows if row[column]), None)
        if found is None:
            continue
        rows.remove(found)
        found = [value / found[column] for value in found]
        rows = [_without(row, found, column) for row in rows]
        done = [_without(row, found, column) for row in done] + [found]
    return done


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]


@settings(max_examples=300, deadline=None)
@given(forests())
def test_no_roster_of_fewer_than_five_can_be_computed(nodes: list[Node]) -> None:
    """A sum of rosters can be computed if and only if it lies in the span of what is shown."""
    seen = apart(nodes)
    free = opened(nodes)
    sums = [one - free for one in published(nodes, seen)]
    order = sorted(n.institution for n in nodes if n.people and n.institution not in free)
    asked = {n.institution: n.asked for n in nodes}
    span = computable(sums, order)
    for row in span:
        found = {each for each, value in zip(order, row, strict=True) if value}
        if all(value in (0, 1) for value in row):
            assert sum(asked[each] for each in found) >= FEWEST


@settings(max_examples=300, deadline=None)
@given(forests())
def test_every_subtree_that_can_be_computed_has_five_people_asked(nodes: list[Node]) -> None:
    seen = apart(nodes)
    free = opened(nodes)
    order = sorted(n.institution for n in nodes if n.people and n.institution not in free)
    asked = {n.institution: n.asked for n in nodes}
    span = computable([one - free for one in published(nodes, seen)], order)
    for node in nodes:
        for wanted in ({node.institution}, below(nodes, node.institution)):
            wanted = wanted & set(order)
            if wanted and sum(asked[each] for each in wanted) < FEWEST:
                assert not _in_span(wanted, span, order)


def _in_span(wanted: set[int], span: list[list[Fraction]], order: list[int]) -> bool:
    rest = [Fraction(each in wanted) for each in order]
    for row in span:
        column = next(n for n, value in enumerate(row) if value)
        rest = _without(rest, row, column)
    return not any(rest)


def test_large_units_stand_apart() -> None:
    assert split([Cell("a", 7, 5), Cell("b", 9, 9), Cell("empty", 0, 0)]) == (
        ["a", "b", "empty"],
        [],
    )


def test_a_small_unit_takes_the_smallest_of_the_others_along() -> None:
    cells = [Cell("a", 3, 3), Cell("b", 90, 90), Cell("c", 6, 6), Cell("empty", 0, 0)]
    assert split(cells) == (["b", "empty"], ["a", "c"])


def test_small_units_that_are_enough_together_leave_the_others_apart() -> None:
    cells = [Cell("a", 3, 3), Cell("b", 2, 2), Cell("c", 6, 6)]
    assert split(cells) == (["c"], ["a", "b"])


def test_who_is_exempt_does_not_make_a_unit_large() -> None:
    assert split([Cell("a", 9, 4), Cell("b", 9, 9), Cell("c", 9, 9)])[1] == ["a", "c"]


def test_nothing_below_a_small_institution_is_shown() -> None:
    seen = apart([Node(1, None, "3325", False, 0, 0), Node(2, 1, "", False, 3, 3)])
    assert (seen.shown, seen.own) == (set(), set())
    assert seen.withheld == {"3325": [1]}


def test_units_whose_names_officers_may_see_are_not_hidden() -> None:
    seen = apart([Node(1, None, "3325", True, 2, 2), Node(2, 1, "", False, 3, 3)])
    assert seen.shown == {1, 2}
    assert seen.own == {1, 2}
