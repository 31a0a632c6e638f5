"""The line of those who wait and its pace, as arithmetic with a clock of its own."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cacah.collection.waiting import pacing
from cacah.collection.waiting.line import SECOND, Line, advance, estimate, pause
from cacah.collection.waiting.pacing import Moment, Pace, Report

ARRIVALS = st.lists(st.integers(0, 400), min_size=1, max_size=40)


def by_second(counts: list[int]) -> list[tuple[int, int]]:
    return [(second, n) for second, n in enumerate(counts, start=1000) if n]


@given(ARRIVALS, st.lists(st.floats(0, 500), min_size=1, max_size=60))
def test_the_frontier_never_goes_back_and_passes_no_more_than_its_quota(
    counts: list[int], quotas: list[float]
) -> None:
    arrivals, frontier = by_second(counts), 1000 * SECOND
    horizon = (1000 + len(counts)) * SECOND
    for quota in quotas:
        waited = Line.of(frontier, arrivals)
        moved, passed, everybody = advance(frontier, arrivals, quota, horizon)
        assert frontier <= moved <= horizon
        assert passed <= quota + 1e-6
        left = Line.of(moved, arrivals)
        assert abs(waited.waiting - left.waiting - passed) <= 2
        assert everybody == (moved == horizon)
        frontier = moved


@given(ARRIVALS, st.integers(0, 40 * SECOND), st.integers(0, 40 * SECOND))
def test_who_came_later_never_stands_before_who_came_first(
    counts: list[int], one: int, other: int
) -> None:
    line = Line.of(1000 * SECOND, by_second(counts))
    first, second = sorted((1000 * SECOND + one, 1000 * SECOND + other))
    assert 1 <= line.position(first) <= line.position(second) <= line.waiting + 1


@given(st.floats(100, 3000), st.floats(1.1, 5), st.integers(1, 8))
def test_under_any_overload_the_pace_settles_at_what_the_servers_carry(
    carries: float, overload: float, processes: int
) -> None:
    """A second of simulated time a step: starts as let in, their submissions twenty steps on."""
    pace, frontier, at = Pace(), 1_000_000 * SECOND, 1_000_000 * SECOND
    arrivals: list[tuple[int, int]] = []
    started = [0.0] * 20
    loads = []
    for _ in range(200):
        arrivals.append((at // SECOND, int(carries * overload)))
        at += SECOND
        submits = started[-20]
        spent = pacing.START_SHARE * started[-1] + pacing.SUBMIT_SHARE * submits
        load = spent / carries
        share = Report(load, started[-1] / processes, submits / processes, started[-1] / processes)
        moved = pacing.move(
            pace, frontier, arrivals, [share] * processes, Moment(at, 1.0, 0.0, was_full=True)
        )
        started.append(moved.passed)
        pace, frontier = moved.pace, moved.stands_at
        loads.append(load)
    # The submissions of the first guess may be too many for a small site, for a few seconds.
    assert sum(load > 1.3 for load in loads) <= 6
    assert max(loads[60:]) < 1.3
    assert 0.6 < sum(loads[-40:]) / 40 < 1.15


def test_submissions_that_come_all_at_once_soon_leave_no_room_for_starts() -> None:
    pace = Pace(capacity=500, rate=500)
    flooded = Report(load=1.4, starts=100, submits=700, sessions=100)
    rates = []
    for _ in range(8):
        pace = pacing.next_pace(pace, flooded, processes=2, limit=0)
        rates.append(pace.rate)
    assert rates[0] == 250
    assert rates[-1] == 2 * pacing.SLOWEST


def test_a_site_that_was_brought_to_its_knees_gets_up_again() -> None:
    pace = Pace(capacity=4, rate=4)
    for _ in range(30):
        load = pacing.START_SHARE * pace.rate / 500
        served = Report(load=load, starts=pace.rate, submits=0, sessions=pace.rate)
        pace = pacing.next_pace(pace, served, processes=2, limit=0)
    assert pace.rate > 300


def test_guesses_slow_the_line_no_more_than_they_cost() -> None:
    """Of 1,020 who come each second 20 are residents; a start costs 1 / 1500 of the site."""
    pace, frontier, at = Pace(capacity=400, rate=400), 1_000_000 * SECOND, 1_000_000 * SECOND
    arrivals: list[tuple[int, int]] = []
    starts, waiting = 0.0, 0
    for _ in range(120):
        arrivals.append((at // SECOND, 1020))
        at += SECOND
        found = starts * 20 / 1020
        report = Report(starts / 1500, starts, found, found)
        moved = pacing.move(pace, frontier, arrivals, [report], Moment(at, 1.0, 0.0, was_full=True))
        starts, pace, frontier = moved.passed, moved.pace, moved.stands_at
        waiting = Line.of(frontier, arrivals).waiting
    assert waiting < 4 * 1020


def test_guesses_while_nobody_waits_open_no_waiting_room_for_long() -> None:
    pace, frontier, at = Pace(capacity=700, rate=700), 1_000_000 * SECOND, 1_000_000 * SECOND
    arrivals: list[tuple[int, int]] = []
    is_full, starts, opened = False, 0.0, 0
    for _ in range(60):
        at += SECOND
        if is_full:
            arrivals.append((at // SECOND, 1020))
        else:
            starts = min(1020.0, 2 * pace.calls)
        report = Report(starts / 1500, starts, 20, starts * 20 / 1020)
        moved = pacing.move(
            pace, frontier, arrivals, [report], Moment(at, 1.0, 0.0, was_full=is_full)
        )
        starts, pace, frontier, is_full = moved.passed, moved.pace, moved.stands_at, moved.is_full
        opened += is_full
    assert opened <= 6
    assert pace.turnout < 0.2


def test_real_families_after_a_night_of_guesses_are_soon_counted_as_such() -> None:
    pace = Pace(turnout=pacing.LEAST_TURNOUT)
    for _ in range(6):
        pace = pacing.turned_out(pace, 1.0, falling=pacing.TURNOUT_FALLING)
    assert pace.turnout > 0.9


@given(st.floats(200, 2000), st.floats(2, 5))
def test_sending_many_off_does_not_make_those_let_in_fewer_and_fewer(
    carries: float, overload: float
) -> None:
    """Submissions two steps after their start, and whoever waits asks again every fourth second."""
    pace, frontier, at = Pace(capacity=carries, rate=carries), 10**6 * SECOND, 10**6 * SECOND
    arrivals: list[tuple[int, int]] = []
    comers = carries * overload
    started, is_full, loads = [0.0] * 2, False, []
    for _ in range(90):
        at += SECOND
        arrivals.append((at // SECOND, int(comers)))
        asking = min(1000.0, Line.of(frontier, arrivals).waiting / 4)
        report = Report(0, started[-1], started[-2], started[-1], refusals=comers + asking)
        spent = (report.work + 0.8 * report.sending_off) / carries
        report = replace(report, load=spent)
        moved = pacing.move(
            pace, frontier, arrivals, [report], Moment(at, 1.0, 0.0, was_full=is_full)
        )
        started.append(moved.passed)
        pace, frontier, is_full = moved.pace, moved.stands_at, moved.is_full
        loads.append(spent)
    left = max(0.0, carries - 0.8 * pacing.REFUSAL_SHARE * (comers + 1000))
    assert sum(started[-40:]) / 40 > 0.6 * left
    assert sum(load > 1.4 for load in loads[10:]) <= 4


def test_the_waiting_room_opens_with_what_sending_the_crowd_off_will_leave() -> None:
    learned = Pace(capacity=1000, rate=1000)
    assert pacing.opening(learned, demand=1100).capacity > 900
    assert pacing.opening(learned, demand=50_000).capacity == pacing.OPENING * 1000
    untried = Pace()
    assert pacing.opening(untried, demand=50_000).capacity == untried.capacity


def test_nobody_is_kept_out_for_the_sake_of_those_who_are_sent_to_wait() -> None:
    carrying = pacing.Spent(seconds=1, cpu=0.4, busy=1.2, refusing=0.8)
    assert pacing.load(carrying, 4) < 1
    flooded = pacing.Spent(seconds=1, cpu=0.4, busy=0.4, refusing=3.5)
    assert pacing.load(flooded, 4) == 1
    queueing = pacing.Spent(seconds=1, cpu=0.4, busy=2.0, refusing=1.9)
    assert pacing.load(queueing, 4) > 1.5


def test_an_absolute_limit_is_kept_whatever_the_servers_could_carry() -> None:
    idle = Report(load=0.05, starts=20, submits=20, sessions=20)
    pace = Pace(capacity=900, rate=900)
    assert pacing.next_pace(pace, idle, processes=2, limit=35).rate == 35


def test_places_whose_holders_have_left_do_not_hold_up_the_others() -> None:
    pace = Pace()
    for _ in range(60):
        pace = pacing.called(pace, passed=100, sessions=10)
    assert pace.turnout < 0.3
    arrivals = [(second, 1000) for second in range(1000, 1010)]
    report = [Report(load=1, starts=10, submits=0, sessions=10)]
    moment = Moment(1010 * SECOND, 1.0, 0.0, was_full=True)
    moved = pacing.move(pace, 1000 * SECOND, arrivals, report, moment)
    assert moved.passed > 3 * moved.pace.rate


def test_an_estimate_is_what_the_line_moved_lately_and_who_waits_long_asks_seldom() -> None:
    assert estimate(600, 50) == 12
    assert estimate(601, 50) == 13
    assert estimate(1, 50) == 1
    assert [pause(seconds, 1000) for seconds in (1, 4, 10, 100, 1000)] == [1, 4, 5, 15, 15]
    assert pause(3600, 100_000) == 100
