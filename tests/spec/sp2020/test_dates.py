"""Holds the dates, ages and NIK of SP2020 against Python's own calendar."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.questionnaire.interview import Checked
from tests.spec.sp2020.families import checked as checked_answers
from tests.spec.sp2020.families import family

CENSUS_DAY = date(2020, 2, 15)
ROW = 4
BIRTH = f"person[{ROW}]/birth/birth_date/"
DAYS = st.dates(date(1895, 1, 1), CENSUS_DAY)


def checked(day: int, month: int, year: int, nik: str = "") -> Checked:
    """Check the family of five with another birth date for its fourth person, a relative."""
    answers = family()
    row = answers["person"][ROW - 1]
    row["role"]["relationship"] = "09"
    row["birth"]["birth_date"] = {
        "birth_day": str(day),
        "birth_month": str(month),
        "birth_year": year,
    }
    row["identity"] = {"name": "Dewi Lestari"} | ({"nik": nik} if nik else {"no_nik": "1"})
    return checked_answers(answers)


def of_the_date(result: Checked) -> set[str]:
    return {each.code for each in result.problems if each.path.startswith(BIRTH)}


def age_of(result: Checked) -> object:
    return result.clean["person"][ROW - 1]["age"]


def age_on_census_day(born: date) -> int:
    had_birthday = (CENSUS_DAY.month, CENSUS_DAY.day) >= (born.month, born.day)
    return CENSUS_DAY.year - born.year - (not had_birthday)


@settings(deadline=None)
@given(DAYS)
def test_the_age_is_that_of_the_calendar(born: date) -> None:
    assert age_of(checked(born.day, born.month, born.year)) == age_on_census_day(born)


@settings(deadline=None)
@given(st.integers(1, 31), st.integers(1, 12), st.integers(1895, 2021))
def test_it_takes_the_dates_that_there_are_and_no_other(day: int, month: int, year: int) -> None:
    try:
        exists = date(year, month, day) <= CENSUS_DAY
    except ValueError:
        exists = False
    assert (of_the_date(checked(day, month, year)) == set()) == exists


@settings(deadline=None)
@given(DAYS, st.booleans(), st.booleans())
def test_an_unknown_day_or_month_is_taken_and_ages_by_a_year_at_most(
    born: date, day_known: bool, month_known: bool
) -> None:
    result = checked(born.day if day_known else 98, born.month if month_known else 98, born.year)
    assert not of_the_date(result)
    age = age_of(result)
    assert isinstance(age, int)
    assert abs(age - age_on_census_day(born)) <= 1


@settings(deadline=None)
@given(DAYS, st.integers(1, 9999))
def test_a_nik_made_from_the_birth_date_is_not_warned_about(born: date, serial: int) -> None:
    nik = f"332511{born.day + 40:02}{born.month:02}{born.year % 100:02}{serial:04}"
    warned = {each.path for each in checked(born.day, born.month, born.year, nik).problems}
    assert f"person[{ROW}]/birth/nik_birth" not in warned


@settings(deadline=None)
@given(DAYS, DAYS, st.integers(1, 9999))
def test_a_nik_of_another_birth_date_is_warned_about(
    born: date, written: date, serial: int
) -> None:
    nik = f"332511{written.day + 40:02}{written.month:02}{written.year % 100:02}{serial:04}"
    warned = {each.path for each in checked(born.day, born.month, born.year, nik).problems}
    same = f"{born:%d%m%y}" == f"{written:%d%m%y}"
    assert (f"person[{ROW}]/birth/nik_birth" in warned) == (not same)


@settings(deadline=None)
@given(DAYS, DAYS, st.tuples(*[st.booleans()] * 4))
def test_a_part_that_is_not_known_never_refuses_a_child(
    parent: date, child: date, known: tuple[bool, bool, bool, bool]
) -> None:
    answers = family()
    head, row = answers["person"][0], answers["person"][2]
    for person, born, day, month in ((head, parent, *known[:2]), (row, child, *known[2:])):
        person["birth"]["birth_date"] = {
            "birth_day": str(born.day if day else 98),
            "birth_month": str(born.month if month else 98),
            "birth_year": born.year,
        }
    rules = {"person[3]/birth/child_older", "person[3]/birth/child_gap"}
    refused = {each.path for each in checked_answers(answers).problems} & rules
    far_enough = (child.year - 10, child.month, child.day) >= (
        parent.year,
        parent.month,
        parent.day,
    )
    if far_enough or all(known):
        assert (not refused) == far_enough
