"""Answers the SP2020 questionnaire for a synthetic family, as its members would who live there."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from cacah.rehearsal.families import MALE, NEVER, WIFE, Family, Member
from cacah.rehearsal.population import REFERENCE

YES, NO = "1", "2"
_WORKING, _HOUSEKEEPING, _SCHOOL, _OTHER = "1", "2", "3", "4"
# (occupation, lowest usual certificate, lowest usual age, usual work statuses)
_OCCUPATIONS = (
    ("petani_padi_palawija", "1", 15, "127"),
    ("pedagang_keliling", "1", 15, "12"),
    ("buruh_tani", "1", 15, "5"),
    ("buruh_harian_lepas", "1", 15, "6"),
    ("buruh_pabrik", "1", 15, "4"),
    ("guru_paud_tk", "5", 21, "4"),
    ("guru_sd", "7", 23, "4"),
)


def answers_for(family: Family, rng: Random, reference: date = REFERENCE) -> dict[str, Any]:
    """Return a valid answers document (docs/instrument.md) in which everybody lives at home.

    It draws from `rng`, so that families differ in their dwellings and occupations. The family
    must stand on the same reference date; the instrument finds no problem and no warning in it.
    """
    return {
        "family": _dwelling(family, rng),
        "members": {
            "missed": {"baby": NO, "worker": NO, "others": NO},
            "staying": {"weekly": NO, "boarding": NO},
            "leaving": {"student": NO, "absent": NO},
        },
        "person": [_person(family, member, rng, reference) for member in family.members],
    }


def _dwelling(family: Family, rng: Random) -> dict[str, Any]:
    lighting = rng.choices(("1", "2", "3", "4"), (90, 6, 2, 2))[0]
    electricity = {"lighting": lighting}
    if lighting == "1":
        electricity["power"] = rng.choice("12345")
    return {
        "registered_address": family.address,
        "registered_rt": family.rt,
        "registered_rw": family.rw,
        "registered_area": family.village,
        "address": {"at_registered": YES},
        "home": {"ownership": rng.choice("12345"), "floor": rng.choice("123456789")},
        "electricity": electricity,
        "drinking": {"water": str(rng.randint(1, 11))},
        "sanitation": {"toilet": rng.choice("123456")},
    }


def _person(family: Family, member: Member, rng: Random, reference: date) -> dict[str, Any]:
    age = _age(member.born, reference)
    marriage = {"marital_status": member.marital_status}
    answers: dict[str, Any] = {
        "registered": YES,
        "card_name": member.name,
        "card_relationship": member.relationship,
        "stay": {"presence": YES},
        "identity": {"name": member.name, "nik": member.nik},
        "role": {"relationship": member.relationship, "sex": member.sex},
        "birth": {
            "birth_place": member.birth_place,
            "birth_date": {
                "birth_day": str(member.born.day),
                "birth_month": str(member.born.month),
                "birth_year": member.born.year,
            },
            "birth_certificate": YES if age < 20 or rng.random() < 0.6 else NO,
        },
        "residence": {"same_address": YES, "since": _since(family, member, rng, reference)},
        "origin": {"citizenship": "1", "ethnic": "jawa"},
        "belief": {"religion": family.religion},
        "marriage": marriage,
    }
    if member.marital_status != NEVER and rng.random() < 0.5:
        marriage["marriage_certificate"] = f"{rng.randint(1, 999)}/{rng.randint(1, 99)}/VI/2000"
    if age >= 5:
        answers["schooling"] = {"education": member.education, "indonesian": YES}
        answers |= _activity(member, age, rng)
    return answers


def _age(born: date, reference: date) -> int:
    before = (reference.month, reference.day) < (born.month, born.day)
    return reference.year - born.year - before


def _since(family: Family, member: Member, rng: Random, reference: date) -> dict[str, Any]:
    """Most have lived here from birth, except whom the NIK shows to come from elsewhere."""
    born_here = member.nik.startswith(family.village[:4])
    if (born_here and rng.random() < 0.7) or member.born.year >= reference.year - 1:
        return {"since_month": str(member.born.month), "since_year": member.born.year}
    year = rng.randrange(member.born.year + 1, reference.year)
    return {"since_month": str(rng.randint(1, 12)), "since_year": year}


def _activity(member: Member, age: int, rng: Random) -> dict[str, Any]:
    if age < 18:
        main = _SCHOOL
    elif member.relationship == WIFE and rng.random() < 0.5:
        main = _HOUSEKEEPING
    elif age > 65:
        main = _OTHER
    else:
        main = _WORKING if member.sex == MALE or rng.random() < 0.6 else _HOUSEKEEPING
    activity = {"main_activity": main}
    if main == _OTHER:
        activity["activity_other"] = "Istirahat di rumah"
    if age >= 15:
        activity["pensioner"] = YES if age > 60 and rng.random() < 0.2 else NO
    answers: dict[str, Any] = {"activity": activity}
    if main == _WORKING:
        open_to = [o for o in _OCCUPATIONS if member.education >= o[1] and age >= o[2]]
        occupation, _, _, statuses = rng.choice(open_to)
        answers["work"] = {"occupation": occupation, "work_status": rng.choice(statuses)}
    return answers
