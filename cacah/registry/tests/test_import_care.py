"""An import keeps out of the way of answers, remembers the newest day, and says what is wrong."""

from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.utils.translation import override

from cacah.registry.importing.reading import BadRegisterFile
from cacah.registry.importing.storing import Store
from cacah.registry.models import Case, Household
from cacah.registry.tests.test_import import (
    CHILD,
    HEAD,
    OTHER,
    VILLAGE,
    areas,
    bring,
    household,
    record,
    register,
)

__all__ = ["areas", "register"]
NAMES = ("kk", "nik", "name", "relationship", "sex", "birth_date", "village")


def reasons(file):
    with file.with_name(file.name + ".rejects.csv").open(encoding="utf-8", newline="") as opened:
        return {int(row["rejected_row"]): row for row in csv.DictReader(opened)}


@pytest.mark.django_db(transaction=True)
def test_an_answer_does_not_wait_for_an_import_of_its_family(register, monkeypatch):
    bring(register(HEAD, OTHER))
    resident, move_cases = connection.copy(), Store.move_cases

    def answer_first(store):
        with resident.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
            cursor.execute(
                "UPDATE registry_case SET state = 'opened', opened_at = now()"
                " WHERE household_id = %s",
                [household().id],
            )
        move_cases(store)

    monkeypatch.setattr(Store, "move_cases", answer_first)
    try:
        moved = [row.replace(VILLAGE, "3325012002") for row in (HEAD, OTHER)]
        bring(register(*moved), as_of=date(2020, 2, 10))
    finally:
        resident.close()
    assert Case.objects.get(pk=household().id).area == VILLAGE + "000100"
    assert Case.objects.get(pk=household("3325011001100009").id).area == "3325012002"


def test_a_newer_file_that_says_the_same_is_not_undone_by_one_between(register):
    bring(register(HEAD), as_of=date(2020, 1, 1))
    again = bring(register(HEAD), as_of=date(2020, 3, 1))
    assert (again.stored.updated, again.stored.unchanged) == (0, 1)
    between = bring(register(HEAD.replace("SITI", "SITTI")), as_of=date(2020, 2, 1))
    assert between.stored.kept == 1
    assert record()["persons"][0]["name"] == "SITI AMINAH"


def test_the_same_day_again_rewrites_no_family(register):
    file = register(HEAD)
    bring(file)
    before = Household.objects.get().source
    bring(file)
    assert Household.objects.get().source == before


def test_it_refuses_a_file_that_is_named_twice(register):
    file = register(HEAD)
    with pytest.raises(BadRegisterFile, match="named twice"):
        bring(file, file.parent / "." / ".." / file.parent.name / file.name)
    assert not Household.objects.exists()


def test_the_rejects_run_no_formula_in_a_spreadsheet(register):
    file = register(HEAD, CHILD.replace("BUDI", "=HYPERLINK(1)").replace("2010-02-01", "x"))
    bring(file)
    row = reasons(file)[3]
    assert (row["name"], row["birth_place"]) == ("'=HYPERLINK(1)", "BATANG")


@pytest.mark.parametrize("day", ["1980.03.12", "1980/03/12", "1980-03-12", "12.03.1980"])
def test_a_date_may_have_the_year_first_or_last(register, day):
    bring(register(HEAD.replace("1980-05-15", day)))
    person = record()["persons"][0]
    assert [person[f"birth_{part}"] for part in ("day", "month", "year")] == ["12", "3", 1980]


def test_the_reason_names_what_is_wrong(register):
    file = register(
        HEAD.replace(VILLAGE, "3325019999"), CHILD, OTHER.replace("JOKO,01,1", "JOKO,01,X")
    )
    with override("en"):
        bring(file)
    found = {row: line["reason"] for row, line in reasons(file).items()}
    assert "village" in found[2]
    assert "head is rejected" in found[3]
    assert "LAKI-LAKI" in found[4]


def broken_copies(file):
    """Cut the file off, and spoil some bytes, at many places."""
    whole = file.read_bytes()
    for part in range(1, 20):
        at = len(whole) * part // 20
        yield whole[:at]
        yield whole[:at] + b"\xff" * 40 + whole[at + 40 :]


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_a_broken_file_is_explained(tmp_path, kind):
    file = tmp_path / f"register.{kind}"
    cells = dict(zip(NAMES, ("1", "2", "A", "01", "1", "1980-01-01", VILLAGE), strict=True))
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in (NAMES, *[tuple(cells.values())] * 50):
            book.active.append(row)
        book.save(file)
    else:
        pq.write_table(pa.table({name: [text] * 50 for name, text in cells.items()}), file)
    refused = 0
    for content in list(broken_copies(file)):
        file.write_bytes(content)
        try:
            bring(file)
        except BadRegisterFile as error:
            assert file.name in str(error)
            refused += 1
    assert refused >= 19
