"""Synthetic families repeat themselves, follow the real structure, and keep the census's rules."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.areas.packaged import packaged_areas
from cacah.questionnaire.interview import check
from cacah.questionnaire.source import load
from cacah.registry.importing.columns import COLUMNS as IMPORTED
from cacah.rehearsal.answers import answers_for
from cacah.rehearsal.files import write_register
from cacah.rehearsal.population import COLUMNS, REFERENCE, NoVillages, population, rows

INSTRUMENT = Path(__file__).parents[3] / "instruments" / "sp2020.md"


@pytest.fixture(scope="module")
def families():
    return list(population("3325", 3000, seed=7))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_same_seed_gives_the_same_file(tmp_path, suffix):
    def made(name, seed):
        path = tmp_path / f"{name}{suffix}"
        write_register(population("3325", 200, seed), path)
        return path.read_bytes()

    assert made("one", 5) == made("two", 5)
    assert made("one", 5) != made("three", 6)


def test_nobody_shares_a_number(families):
    assert len({f.kk for f in families}) == len(families)
    niks = [member.nik for f in families for member in f.members]
    assert len(set(niks)) == len(niks)
    assert not {f.kk for f in families} & set(niks)


def test_numbers_say_where_and_when(families):
    areas = packaged_areas()
    for family in families:
        assert re.fullmatch(r"[0-9]{16}", family.kk)
        assert family.kk[:6] == family.village[:6]
        for member in family.members:
            day = member.born.day + (40 if member.sex == "2" else 0)
            assert member.nik[:6] in areas
            assert member.nik[6:12] == f"{day:02}{member.born:%m%y}"
            assert member.nik[12:] != "0000"


def test_families_live_in_real_villages_and_small_sls(families):
    areas = packaged_areas()
    places = {}
    for family in families:
        assert family.village in areas and family.village.startswith("3325")
        places.setdefault((family.village, family.sls), []).append(family)
    assert max(map(len, places.values())) <= 60
    assert len({village for village, _ in places}) > 100


def test_families_are_of_a_usual_size(families):
    assert 3.4 < sum(len(f.members) for f in families) / len(families) < 4.2


def test_the_register_import_knows_every_column():
    assert set(COLUMNS) == set(IMPORTED)


def test_the_files_hold_one_row_a_person(tmp_path, families):
    persons = sum(len(f.members) for f in families)
    assert write_register(families, tmp_path / "a.csv") == persons
    assert write_register(families, tmp_path / "a.parquet") == persons
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    table = pq.read_table(tmp_path / "a.parquet")
    assert lines[0] == list(COLUMNS) == table.column_names
    assert lines[1:] == [list(map(str, row.values())) for row in table.to_pylist()]
    assert tuple(lines[1]) == next(rows(families[0]))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from(["3325", "33", "53", "9171"]))
def test_their_answers_are_complete_and_without_a_warning(seed, area):
    instrument = load(INSTRUMENT)
    for family in population(area, 20, seed):
        answers = answers_for(family, Random(seed))
        checked = check(instrument, answers, today=date(2020, 3, 1), language="id")
        assert not checked.problems, checked.problems
        assert checked.persons == len(family.members)


def test_nobody_is_born_after_the_reference_date(families):
    assert max(m.born for f in families for m in f.members) <= REFERENCE


def test_the_command_takes_both_spellings_and_refuses_the_rest(tmp_path):
    def made(area, name):
        out = tmp_path / name
        arguments = ("--area", area, "--families", "20", "--out", str(out))
        call_command("rehearsal", "population", *arguments, verbosity=0)
        return out.read_bytes()

    assert made("33.25", "one.csv") == made("3325", "two.csv")
    for area, name in (("33.99", "a.csv"), ("Batang", "a.csv"), ("33.25", "a.xls")):
        with pytest.raises(CommandError):
            made(area, name)
    with pytest.raises(NoVillages):
        next(population("9999", 1, 1))
