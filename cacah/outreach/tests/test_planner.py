"""The planner, without a database: what it keeps, what it never does, what it says."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.outreach.planning import effort, pieces, roads
from cacah.outreach.planning.bound import lower_bound
from cacah.outreach.planning.effort import Effort
from cacah.outreach.planning.explain import Cause, explain
from cacah.outreach.planning.greedy import greedy
from cacah.outreach.planning.problem import Crew, Pin, Plan, Problem, Speeds, Spot, Stop
from cacah.outreach.planning.routes import Timetable
from cacah.outreach.planning.solver import propose
from cacah.outreach.tests.judge import check

WEEK = frozenset(range(5))
CREW = Crew(1, Spot("5371", -10.17, 123.60), WEEK, 480, 960, 10)
STOP = Stop(1, Spot("5371031001", -10.16, 123.61), 60, 480, 960, WEEK, 700)
QUICK = Effort(1_000, 60)


def plan_of(*stops: Stop, crews: tuple[Crew, ...] = (CREW,)) -> tuple[Problem, Plan]:
    problem = Problem(crews, stops)
    return problem, propose(problem, effort=QUICK)


def causes(problem: Problem, plan: Plan) -> dict[Cause, tuple[int, ...]]:
    return {each.cause: each.stops for each in explain(problem, plan)}


def test_a_small_week_is_planned_whole() -> None:
    stops = [replace(STOP, id=n, spot=Spot("5371031001", -10.16, 123.6 + n / 99)) for n in range(8)]
    problem, plan = plan_of(*stops)
    check(problem, plan)
    assert plan.left_out == ()
    assert explain(problem, plan) == ()


def test_the_ways_are_shorter_than_in_the_plan_made_by_hand() -> None:
    # Two ends of a town, with weights that send the officer by hand to and fro.
    stops = [
        replace(STOP, id=n, minutes=90, weight=700 - n, spot=Spot("5371", -10.1 - n % 2 / 5, 123.6))
        for n in range(10)
    ]
    problem, plan = plan_of(*stops, crews=(CREW, replace(CREW, id=2)))
    check(problem, plan)
    table = Timetable(problem)
    assert plan.cost < table.cost(greedy(table))
    assert lower_bound(table) <= plan.cost


def test_what_is_agreed_is_kept_exactly_even_on_a_day_off_and_at_night() -> None:
    agreed = replace(STOP, id=9, pin=Pin(1, 5, 1140))
    noon = replace(STOP, id=8, pin=Pin(1, 2, 725))
    problem, plan = plan_of(agreed, noon, *(replace(STOP, id=n) for n in range(1, 5)))
    check(problem, plan)
    assert plan.left_out == ()


def test_agreed_visits_that_clash_are_kept_and_told() -> None:
    stops = (replace(STOP, id=8, pin=Pin(1, 2, 600)), replace(STOP, id=9, pin=Pin(1, 2, 630)))
    problem, plan = plan_of(*stops, STOP)
    check(problem, plan)
    assert plan.left_out == ()
    assert causes(problem, plan) == {Cause.AGREED_CLASH: (8, 9)}


def test_a_meeting_takes_time_and_no_place_among_the_visits() -> None:
    meeting = replace(STOP, id=-1, minutes=480, pin=Pin(1, 0, 480), counts=False, weight=0)
    problem, plan = plan_of(meeting, STOP, crews=(replace(CREW, capacity=1),))
    check(problem, plan)
    assert plan.left_out == ()
    assert {v.day for v in plan.visits if v.stop == 1} <= WEEK - {0}


def test_no_team_does_more_than_its_share_while_another_has_room() -> None:
    far = Spot("5371", -10.4, 123.9)
    crews = (CREW, replace(CREW, id=2, base=far))
    problem, plan = plan_of(*(replace(STOP, id=n) for n in range(10)), crews=crews)
    check(problem, plan)
    many = [sum(v.crew == crew.id for v in plan.visits) for crew in crews]
    assert many == [5, 5]


def test_no_day_has_more_visits_than_a_team_does_in_one() -> None:
    stops = [replace(STOP, id=n, minutes=15) for n in range(9)]
    problem, plan = plan_of(*stops, crews=(replace(CREW, daily=2),))
    check(problem, plan)
    assert plan.left_out == ()


def test_those_with_most_people_left_come_first() -> None:
    stops = [replace(STOP, id=n, weight=600 + n) for n in range(15)]
    problem, plan = plan_of(*stops)
    check(problem, plan)
    assert sorted(plan.left_out) == [0, 1, 2, 3, 4]
    (found,) = explain(problem, plan)
    assert found.cause == Cause.NO_ROOM
    assert found.figures == {"wanted": 15, "room": 10, "per_team": 15, "teams": 1}


@pytest.mark.parametrize(
    ("cause", "stop", "crew"),
    [
        (Cause.NO_TEAMS, {}, {"days": frozenset()}),
        (Cause.NO_TEAM_THERE, {"spot": Spot("5372")}, {}),
        (Cause.CLOSED, {"days": frozenset({6})}, {}),
        (Cause.SHORT_WINDOW, {"closes": 500}, {}),
        (Cause.HOURS_APART, {"opens": 930, "closes": 1200}, {}),
        (Cause.TOO_FAR, {"spot": Spot("5371", -12.0, 125.0)}, {}),
        (Cause.TOO_FAR, {"minutes": 470}, {}),
        (Cause.NO_ROOM, {}, {"capacity": 0}),
    ],
)
def test_it_says_why_a_stop_is_left_out(cause: Cause, stop: dict, crew: dict) -> None:
    problem, plan = plan_of(replace(STOP, **stop), crews=(replace(CREW, **crew),))
    assert plan.left_out == (1,)
    assert causes(problem, plan)[cause] == (1,)


def test_it_says_that_the_days_are_full() -> None:
    stops = [replace(STOP, id=n, minutes=240) for n in range(9)]
    problem, plan = plan_of(*stops)
    check(problem, plan)
    assert len(plan.left_out) == 4
    assert set(causes(problem, plan)) == {Cause.NO_TIME}


def test_what_is_open_for_less_than_the_visit_is_never_planned() -> None:
    """The search would let it begin at the moment of opening."""
    short = replace(STOP, opens=596, closes=600, minutes=5, weight=2000)
    problem, plan = plan_of(short)
    check(problem, plan)
    assert causes(problem, plan) == {Cause.SHORT_WINDOW: (1,)}


def test_days_that_are_full_as_agreed_are_not_taken_for_too_far() -> None:
    """Two visits agreed for the same moment: the day is kept, and nothing is added."""
    crew = replace(CREW, days=frozenset({0}))
    agreed = [replace(STOP, id=n, pin=Pin(crew.id, 0, 600)) for n in (2, 3)]
    problem, plan = plan_of(STOP, *agreed, crews=(crew,))
    check(problem, plan)
    assert causes(problem, plan) == {Cause.NO_TIME: (1,), Cause.AGREED_CLASH: (2, 3)}


def test_without_any_team_everything_is_left_out_and_said() -> None:
    problem, plan = plan_of(STOP, crews=())
    assert plan.left_out == (1,)
    assert causes(problem, plan) == {Cause.NO_TEAMS: (1,)}


def test_nothing_to_plan_is_an_empty_plan() -> None:
    problem, plan = plan_of()
    assert (plan.visits, plan.left_out, plan.cost) == ((), (), 0)
    assert explain(problem, plan) == ()


def test_without_coordinates_it_reckons_by_areas_and_says_so() -> None:
    crews = (replace(CREW, base=Spot("5371")),)
    problem, plan = plan_of(replace(STOP, spot=Spot("5371031001")), crews=crews)
    check(problem, plan)
    assert plan.travel == 2 * Speeds().same_regency
    assert causes(problem, plan) == {Cause.NO_COORDINATES: (1,)}


def test_ways_follow_the_smallest_common_area() -> None:
    codes = ("5371031001", "5371031001000200", "5371031002", "537102", "5302", "33")
    ways = roads.minutes([Spot(code) for code in codes], Speeds())
    assert ways[0].tolist() == [0, 10, 20, 35, 180, 480]


def test_every_cut_of_a_large_week_has_each_team_once_and_neighbours_together() -> None:
    crews = [
        replace(CREW, id=n, base=Spot("5371", -10 - n // 6 / 10, 123 + n % 6 / 10))
        for n in range(36)
    ]
    table = Timetable(Problem(tuple(crews), (STOP,)))
    for number in range(4):
        cut = list(pieces.cuts(table, number))
        assert sorted(crew for piece in cut for crew in piece) == list(range(36))
        assert max(map(len, cut)) == pieces.TEAMS
    assert list(pieces.cuts(table, 0)) != list(pieces.cuts(table, 1))


def test_who_ends_the_planning_early_is_heard() -> None:
    class Enough(Exception):
        pass

    def tell(_done: int, _of: int) -> None:
        raise Enough

    stops = tuple(replace(STOP, id=n) for n in range(9))
    with pytest.raises(Enough):
        propose(Problem((CREW,), stops), effort=Effort(20_000, 1_000_000), tell=tell)


CREWS = st.builds(
    Crew,
    st.just(0),
    st.builds(Spot, st.just("5371"), st.floats(-10.3, -10.1), st.floats(123.5, 123.7)),
    st.frozensets(st.integers(0, 6)),
    st.integers(420, 600),
    st.integers(700, 1000),
    st.integers(0, 6),
    st.integers(1, 4),
)
STOPS = st.builds(
    Stop,
    st.just(0),
    st.builds(
        Spot,
        st.sampled_from(["5371", "5371031001", "5371021002", "5302"]),
        st.none() | st.floats(-10.4, -10.0),
        st.just(123.6),
    ),
    st.integers(5, 300),
    st.integers(0, 700),
    st.integers(600, 1440),
    st.frozensets(st.integers(0, 6)),
    st.integers(0, 2000),
    st.none() | st.builds(Pin, st.just(0), st.integers(0, 6), st.integers(0, 1200)),
    st.booleans(),
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(CREWS, max_size=3), st.lists(STOPS, max_size=9))
def test_any_problem_has_a_plan_that_keeps_to_it_and_is_no_worse_than_the_greedy_one(
    crews: list[Crew], stops: list[Stop]
) -> None:
    planned_whole(crews, stops)
    # As a large week, one team at a time.
    with patch.object(effort, "LARGE", -1), patch.object(pieces, "TEAMS", 1):
        planned_whole(crews, stops)


def planned_whole(crews: list[Crew], stops: list[Stop]) -> None:
    """Plan a week and check it."""
    crews = [replace(crew, id=n) for n, crew in enumerate(crews)]
    stops = [replace(s, id=n, pin=s.pin if crews else None) for n, s in enumerate(stops)]
    problem = Problem(tuple(crews), tuple(stops))
    plan = propose(problem, effort=Effort(200, 5))
    check(problem, plan)
    table = Timetable(problem)
    assert lower_bound(table) <= plan.cost <= table.cost(greedy(table))
    told = {stop for each in explain(problem, plan) for stop in each.stops}
    assert set(plan.left_out) <= told
