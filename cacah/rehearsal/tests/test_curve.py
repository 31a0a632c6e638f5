"""When families answer: the shape of the reports of 2020, and never outside the census."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cacah.rehearsal.curve import Curve
from cacah.rehearsal.fates import Step, left_alone, plan, unlisted_plan
from cacah.rehearsal.offices import INVITED
from cacah.rehearsal.province import province
from cacah.rehearsal.workforce import workforce, zeal

JAKARTA = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 10, 26, 8, tzinfo=JAKARTA)
SIX_WEEKS = Curve(MONDAY, MONDAY + timedelta(days=42))


@given(st.integers(0, 10**6), st.integers(1, 100), st.booleans())
def test_every_moment_lies_in_the_census_and_guiding_in_office_hours(seed, hours, guided):
    curve = Curve(MONDAY, MONDAY + timedelta(hours=hours))
    moment = curve.moment(Random(seed), guided=guided)
    assert curve.opens_at <= moment < curve.closes_at
    assert not guided or (moment.weekday() < 5 and 7 <= moment.hour <= 15)


def test_it_begins_slowly_peaks_when_announced_and_ends_in_a_rush():
    weeks = [sum(SIX_WEEKS.weight(7 * week + day) for day in range(7)) for week in range(6)]
    assert weeks[0] < weeks[1] and weeks[5] == max(weeks)
    announced = int(0.47 * SIX_WEEKS.days)
    assert SIX_WEEKS.weight(announced) > 1.5 * SIX_WEEKS.weight(announced + 4)
    assert SIX_WEEKS.weight(28) > SIX_WEEKS.weight(27), "a Monday draws more than its Sunday"


def test_most_answer_in_the_evening_when_nobody_guides_them():
    rng = Random(1)
    hours = Counter(SIX_WEEKS.moment(rng, guided=False).hour for _ in range(4000))
    assert hours.most_common(1)[0][0] in (19, 20, 21)


def test_the_same_plan_is_drawn_again_whatever_the_order_of_sets():
    families = province(300)
    assert plan(families, 1, SIX_WEEKS) == plan(families, 1, SIX_WEEKS)
    assert unlisted_plan(9, 1, SIX_WEEKS) == unlisted_plan(9, 1, SIX_WEEKS)


def test_three_in_ten_stop_at_the_first_sitting_and_some_of_them_come_back():
    families = province(3000)
    events = plan(families, 1, SIX_WEEKS)
    opened = {e.index: e.at for e in events if e.step is Step.OPEN and not e.guided}
    sent = {e.index: e.at for e in events if e.step is Step.SUBMIT and not e.guided}
    at_once = [i for i in sent if sent[i] - opened[i] < timedelta(hours=2)]
    assert 0.6 < len(at_once) / len(opened) < 0.8
    assert len(at_once) < len(sent) < len(opened)
    assert all(sent[i] > opened[i] for i in sent)


def test_those_whom_a_newcomer_is_told_of_do_nothing_by_themselves():
    families = province(300)
    assert not {e.index for e in plan(families, 1, SIX_WEEKS)} & set(left_alone(300))


def test_a_roster_has_people_of_the_families_besides_strangers_and_excused():
    families = province(3000)
    force = workforce(families, 1)
    people = [colleague for staff in force.values() for colleague in staff]
    niks = {member.nik: family.kk for family in families for member in family.members}
    assert all(niks.get(colleague.nik, "") == colleague.kk for colleague in people)
    assert sum(not c.kk for c in people) < len(people) / 10
    assert any(not c.kk for c in people) and any(c.excuse for c in people)
    # The company that is only invited urges nobody.
    urged = [c for key, staff in force.items() if key != INVITED.key for c in staff]
    assert set(zeal(force)) == {c.kk for c in urged if c.kk and not c.excuse}
    assert len({c.nik for c in people}) == len(people)


def test_even_a_small_rehearsal_has_somebody_in_every_office():
    assert all(len(staff) >= 2 for staff in workforce(province(30), 1).values())
