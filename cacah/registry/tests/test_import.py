"""A register file becomes households that can be found, and bad rows come back with a reason."""

from __future__ import annotations

import csv
import stat
from datetime import date

import pytest
from django.db import connection

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.registry.importing.reading import BadRegisterFile
from cacah.registry.importing.run import ImportRunning, NoAreas, import_register
from cacah.registry.keys import household_id_of, server_keys
from cacah.registry.models import Case, Household, Person, ProgressDelta, RegisterImport

HEADER = (
    "kk,nik,name,relationship,sex,birth_place,birth_date,religion,address,rt,rw,village,sls,"
    "sls_name"
)
VILLAGE = "3325012001"
KK = "3325011001100001"
HEAD = (
    f"{KK},3325011505800001,SITI AMINAH,01,2,BATANG,1980-05-15,1,"
    f"Jalan Mawar 3,001,002,{VILLAGE},000100,RT 001"
)
CHILD = (
    f"{KK},3325010102100002,BUDI,04,1,BATANG,2010-02-01,1,"
    f"Jalan Mawar 3,001,002,{VILLAGE},000100,RT 001"
)
OTHER = (
    "3325011001100009,3325011505700009,JOKO,01,1,BATANG,1970-05-15,1,"
    f"Jalan Melati 4,001,002,{VILLAGE},,"
)
DAY = date(2020, 1, 31)


@pytest.fixture(autouse=True)
def areas(db):
    put_areas(
        {
            "33": "Jawa Tengah",
            "3325": "Batang",
            "332501": "Wonotunggal",
            VILLAGE: "Silurah",
            "3325012002": "Sodong",
        }.items()
    )


@pytest.fixture
def register(tmp_path):
    def write(*rows, header=HEADER, encoding="utf-8", name="register.csv"):
        file = tmp_path / name
        lines = (row if isinstance(row, bytes) else row.encode(encoding) for row in (header, *rows))
        file.write_bytes(b"\n".join(lines) + b"\n")
        return file

    return write


def bring(*files, as_of=DAY):
    return import_register(list(files), as_of=as_of)


def household(kk=KK):
    return Household.objects.get(pk=household_id_of(server_keys().kk_digest(kk)))


def record(kk=KK):
    found = household(kk)
    return server_keys().open_record(found.id, bytes(found.record))


def rejects(file):
    with file.with_name(file.name + ".rejects.csv").open(encoding="utf-8", newline="") as opened:
        return [(int(r["rejected_row"]), r["rejected_column"]) for r in csv.DictReader(opened)]


def state():
    """Everything that an import may change, but for its own row."""
    return (
        sorted(Household.objects.values_list("id", "area", "persons", "record", "source")),
        sorted(Person.objects.values_list("household_id", "position", "nik_digest")),
        sorted(Case.objects.values_list("household_id", "area", "state")),
        list(ProgressDelta.objects.values_list("area", "expected_families", "expected_persons")),
        sorted(Area.objects.values_list("code", "name")),
    )


def test_a_family_is_found_and_its_record_opened(register):
    summary = bring(register(HEAD, CHILD))
    assert (summary.stored.new, summary.stored.persons_new) == (1, 2)
    assert household().area == VILLAGE + "000100"
    assert Area.objects.get(code=VILLAGE + "000100").name == "RT 001"
    assert Case.objects.get(pk=household().id).state == "expected"
    opened = record()
    assert opened["address"] == "Jalan Mawar 3"
    assert (opened["rt"], opened["rw"], opened["kk"]) == ("001", "002", KK)
    assert [person["name"] for person in opened["persons"]] == ["SITI AMINAH", "BUDI"]
    assert opened["persons"][0] | {"citizenship": None} == {
        "name": "SITI AMINAH",
        "nik": "3325011505800001",
        "relationship": "01",
        "sex": "2",
        "birth_place": "BATANG",
        "birth_day": "15",
        "birth_month": "5",
        "birth_year": 1980,
        "religion": "1",
        "marital_status": None,
        "education": None,
        "citizenship": None,
    }
    digests = Person.objects.filter(household=household()).order_by("position")
    assert [bytes(p.nik_digest) for p in digests] == [
        server_keys().nik_digest(p["nik"]) for p in opened["persons"]
    ]


def test_members_come_together_from_anywhere_in_the_files_head_first(register):
    bring(register(CHILD, OTHER), register(HEAD, name="more.csv"))
    assert [person["relationship"] for person in record()["persons"]] == ["01", "04"]


def test_the_same_file_twice_changes_nothing(register):
    file = register(HEAD, CHILD, OTHER)
    bring(file)
    before = state()
    summary = bring(file)
    assert (summary.stored.new, summary.stored.updated, summary.stored.unchanged) == (0, 0, 2)
    assert state() == before


def test_the_same_file_brings_in_card_numbers_that_an_older_import_has_not_kept(register):
    file = register(HEAD, CHILD)
    bring(file)
    keys, held = server_keys(), household()
    old = {name: said for name, said in record().items() if name != "kk"}
    held.record, held.content_digest = keys.seal_record(held.id, old), keys.content_digest(b"old")
    held.save()
    assert bring(file).stored.updated == 1
    assert record() == old | {"kk": KK}


def test_a_newer_file_updates_and_never_touches_a_state(register):
    bring(register(HEAD, CHILD, OTHER))
    Case.objects.filter(pk=household().id).update(state="opened", opened_at="2020-02-20T00:00Z")
    moved = HEAD.replace(VILLAGE, "3325012002").replace("SITI", "SITTI")
    other = OTHER.replace(VILLAGE, "3325012002")
    summary = bring(register(moved, other), as_of=date(2020, 2, 10))
    assert summary.stored.updated == 2
    assert record()["persons"][0]["name"] == "SITTI AMINAH"
    assert Person.objects.filter(household=household()).count() == 1
    case = Case.objects.get(pk=household().id)
    assert (case.state, case.area) == ("opened", VILLAGE + "000100")
    assert Case.objects.get(pk=household("3325011001100009").id).area == "3325012002"
    totals = {}
    for area, families, persons in ProgressDelta.objects.values_list(
        "area", "expected_families", "expected_persons"
    ):
        at = totals.setdefault(area, [0, 0])
        at[0] += families
        at[1] += persons
    assert totals == {VILLAGE + "000100": [1, 1], VILLAGE: [0, 0], "3325012002": [1, 1]}


def test_an_older_file_does_not_replace_a_newer_one(register):
    bring(register(HEAD, CHILD), as_of=date(2020, 2, 10))
    before = state()
    summary = bring(register(HEAD), as_of=date(2020, 2, 9))
    assert summary.stored.kept == 1
    assert state() == before


def test_a_family_in_the_register_keeps_a_member_whose_row_is_bad(register):
    bring(register(HEAD, CHILD))
    summary = bring(register(HEAD, CHILD.replace("2010-02-01", "2010-02-30")))
    assert summary.stored.kept == 1
    assert household().persons == 2


BAD_ROWS = [
    (HEAD.replace("3325011505800001", "332501150580001"), "nik"),
    (HEAD.replace("3325011505800001", "3.32501E+15"), "nik"),
    (HEAD.replace("3325011505800001", ""), "nik"),
    (HEAD.replace(KK, "33250110011000012"), "kk"),
    (HEAD.replace(VILLAGE, "3325019999"), "village"),
    (HEAD.replace(VILLAGE, "33.25"), "village"),
    (HEAD.replace("000100", "1"), "sls"),
    (HEAD.replace("1980-05-15", "1980-02-30"), "birth_date"),
    (HEAD.replace("1980-05-15", "5/15/80"), "birth_date"),
    (HEAD.replace("1980-05-15", "2020-02-01"), "birth_date"),
    (HEAD.replace("1980-05-15", "1880-05-15"), "birth_date"),
    (HEAD.replace("SITI AMINAH", "-"), "name"),
    (HEAD.replace("SITI AMINAH", "A" * 101), "name"),
    (HEAD.replace("SITI AMINAH", "SI\0TI"), "name"),
    (HEAD.replace("SITI", "S\xceTI").encode("latin-1"), "name"),
    (HEAD.replace(",01,2,", ",77,2,"), "relationship"),
    (HEAD.replace(",01,2,", ",01,3,"), "sex"),
    (HEAD + ",more", "row"),
    (HEAD.rpartition(",")[0], "row"),
    (HEAD.replace("SITI", '"SITI'), "row"),
]


@pytest.mark.parametrize(("row", "column"), BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_a_bad_row_is_named_and_the_good_ones_load(register, row, column):
    file = register(OTHER, "", row)
    summary = bring(file)
    assert rejects(file) == [(4, column)]
    assert summary.rows_rejected == 1
    assert summary.stored.new == 1
    assert Household.objects.get().persons == 1


def test_a_family_comes_in_without_the_member_whose_row_is_bad(register):
    file = register(HEAD, CHILD.replace("2010-02-01", "2010-13-01"))
    assert bring(file).stored.new == 1
    assert rejects(file) == [(3, "birth_date")]
    assert household().persons == 1


@pytest.mark.parametrize(
    ("rows", "families"),
    [
        ((HEAD, CHILD.replace(",04,", ",01,")), 1),
        ((CHILD,), 1),
        ((HEAD.replace("1980-05-15", "x"), CHILD), 1),
        ((HEAD, *(CHILD.replace("0002", f"{n:04}") for n in range(100, 160))), 1),
    ],
    ids=["two heads", "no head", "the head's row is bad", "61 people"],
)
def test_rows_that_cannot_be_a_family_are_rejected_whole(register, rows, families):
    file = register(*rows)
    summary = bring(file)
    assert (summary.stored.new, summary.families_rejected) == (0, families)
    assert [row for row, _ in rejects(file)] == list(range(2, len(rows) + 2))
    assert not Household.objects.exists()


def test_a_nik_used_twice_counts_where_it_comes_first(register):
    file = register(HEAD, CHILD, OTHER.replace("3325011505700009", "3325010102100002"))
    summary = bring(file)
    assert rejects(file) == [(4, "nik")]
    assert summary.stored.new == 1


def test_an_unknown_word_empties_the_field_and_is_reported(register):
    file = register(HEAD.replace(",1980-05-15,1,", ",1980-05-15,JEDI,"))
    summary = bring(file)
    assert (summary.rows_rejected, summary.fields_left_empty) == (0, 1)
    assert rejects(file) == [(2, "religion")]
    assert record()["persons"][0]["religion"] is None


def test_day_and_month_may_be_unknown(register):
    bring(register(HEAD.replace("1980-05-15", "1980-00-00")))
    person = record()["persons"][0]
    assert (person["birth_day"], person["birth_month"], person["birth_year"]) == ("98", "98", 1980)


def test_only_the_owner_may_read_the_rejects_and_a_clean_file_removes_them(register):
    file = register(HEAD, "x")
    summary = bring(file)
    (path,) = summary.rejects_files
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BadRegisterFile, match="rejects file"):
        bring(path)
    bring(register(HEAD))
    assert not path.exists()


def test_it_refuses_a_file_without_the_needed_columns(register):
    with pytest.raises(BadRegisterFile, match="missing column: nik"):
        bring(register("1,2", header="kk,name,relationship,sex,birth_date,village"))
    with pytest.raises(BadRegisterFile, match="two columns for kk"):
        bring(register("1,2", header=HEADER + ",no_kk"))
    with pytest.raises(BadRegisterFile):
        bring(register(header=""))


def test_it_refuses_to_run_without_areas(register):
    Area.objects.filter(level=4).delete()
    with pytest.raises(NoAreas):
        bring(register(HEAD))


def test_a_failure_while_storing_leaves_everything_as_it_was(register, monkeypatch):
    bring(register(HEAD, CHILD))
    before = state()
    file = register(HEAD.replace("SITI", "SITTI"), OTHER, "x")

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("cacah.registry.importing.storing.Store.remember", fail)
    with pytest.raises(KeyboardInterrupt):
        bring(file)
    assert state() == before
    assert [path.name for path in file.parent.iterdir()] == ["register.csv"]
    assert RegisterImport.objects.count() == 1


def test_it_refuses_to_run_beside_another_import(register):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(20200215)")
            with pytest.raises(ImportRunning):
                bring(register(HEAD))
            cursor.execute("SELECT pg_advisory_unlock(20200215)")
        assert bring(register(HEAD)).stored.new == 1
    finally:
        other.close()
