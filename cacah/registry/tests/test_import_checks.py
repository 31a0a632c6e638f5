"""The quick look at clean rows says what the look at every cell says, and NIKs come only once."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.registry.importing.checking import Checker
from cacah.registry.importing.columns import COLUMNS
from cacah.registry.importing.persons import persons_json
from cacah.registry.importing.reading import SCHEMA
from cacah.registry.importing.spill import Spill
from cacah.registry.importing.twice import Twice

VILLAGES = ["3325012001", "3325012002"]
# Cells that are clean, cells that can be mended, cells that cannot.
NUMBERS = ["3325011001100001", "9999999999999999", " 3325011001100001", "'3325011001100001"]
NUMBERS += ["0325011001100001", "332501100110000", "33250110011000011", "3.32501E+15", ""]
NUMBERS += ["+325011001100001", "0x25011001100001", "33250110011OOO01", "332501100110000/"]
NUMBERS += ["332501100110000:", "\xb9325011001100001", "1000000000000000", "99999999"]
DATES = ["1980-05-15", "15-05-1980", "1980/05/15", "15.05.1980", "15-05/1980", "1980-00-00"]
DATES += ["1980-05-00", "1980-00-15", "00-00-1980", "2000-02-29", "1900-02-29", "1996-02-29"]
DATES += ["1980-13-01", "1980-01-32", "1980-04-31", "1894-12-31", "1895-00-00", "2020-01-31"]
DATES += ["2020-02-01", "2020-02-00", "1980-5-15", " 1980-05-15", "1980-05-15 00:00:00", "", "x"]
DATES += ["198O-05-15", "1980:05:15", "----------", "19800515", "0000-00-00", "9999-12-31"]
TEXTS = ["", "BATANG", "Jalan Mawar 3", " A", "A ", "A  B", 'A"B', "A\\B", "A\tB", "\x7f", "É", "'"]
NAMES = ["SITI AMINAH", "A", "AB", "A. B", "M.ALI", "É LI", "ÉA", "-", "A-", "A" * 100, "A" * 101]
NAMES += ["É" * 60, "É" * 101, "AB  C", "1 A B", "AB,\nC", *TEXTS]
WORDS = ["", " ", "1", "01", "2", "11", "12", "Islam", "ISLAM", " ANAK ", "KEPALA KELUARGA", "L"]
WORDS += ["perempuan", "WNI", "ſ", "ß", "S1", "S2/S3", "x"]
CELLS = {
    "kk": NUMBERS,
    "nik": NUMBERS,
    "name": NAMES,
    "birth_date": DATES,
    "village": [*VILLAGES, "33.25.01.2001", " 3325012001", "3325012003", "33.250.1.200", "", "x"],
    "sls": ["", " ", "000100", "0001", "3325012001000100", "33250120010001", "0001000", "00010x"],
}
CELLS |= dict.fromkeys(("birth_place", "address", "rt", "rw", "sls_name"), TEXTS)
CLEAN = ["3325011001100001", "3325011505800001", "SITI AMINAH", "01", "1", "BATANG", "1980-05-15"]
CLEAN += ["1", "2", "5", "1", "Jalan Mawar 3", "001", "002", "3325012001", "000100", "RT 1"]
cells = st.fixed_dictionaries({}, optional={
    name: st.sampled_from(CELLS.get(name, WORDS)) | st.text(max_size=5) for name in COLUMNS
})  # fmt: skip
rows = st.lists(cells, min_size=2, max_size=60)


@pytest.fixture(scope="module")
def checker():
    made = Checker(VILLAGES, date(2020, 1, 31))
    yield made
    made.close()


def batch_of(changes):
    """A clean row for each, with some other cells."""
    clean = dict(zip(COLUMNS, CLEAN, strict=True)) | {"flaw": None}
    table = [clean | changed | {"ord": ord_} for ord_, changed in enumerate(changes)]
    return pa.RecordBatch.from_pylist(table, schema=SCHEMA)


def said(checked):
    """What is said of each row; of a bad one, only what is wrong with it."""
    by_ord = {row["ord"]: row for row in checked.to_pylist()}
    return {n: row["problem"] or row for n, row in sorted(by_ord.items())}


@settings(deadline=None, max_examples=15)
@given(rows)
def test_clean_rows_come_out_as_those_that_are_mended(checker, rows):
    batch = batch_of(rows)
    mended = said(checker.mended(batch))
    assert said(checker.check(batch)) == mended
    assert said(checker.check(batch.slice(1))) == {n: row for n, row in mended.items() if n}


def test_every_kind_of_space_around_a_cell_is_seen_as_where_it_is_mended(checker):
    spaces = [chr(n) for n in range(0x110000) if chr(n).isspace() or chr(n) in "\u200b\ufeff"]
    clean = dict(zip(COLUMNS, CLEAN, strict=True))
    given = [
        {name: cell}
        for name in COLUMNS
        for space in spaces
        for cell in (space + clean[name], clean[name] + space, space, f"A{space}B")
    ]
    batch = batch_of(given)
    seen, mended = said(checker.check(batch)), said(checker.mended(batch))
    assert {n: given[n] for n in mended if seen[n] != mended[n]} == {}
    assert len(seen) == len(mended) == len(given)


@pytest.mark.parametrize("column", ["kk", "name", "birth_date", "village", "sls", "birth_place"])
def test_each_of_the_doubtful_cells_is_judged_alike(checker, column):
    batch = batch_of([{column: cell} for cell in CELLS[column]])
    assert said(checker.check(batch)) == said(checker.mended(batch))


def test_a_clean_row_is_seen_at_a_glance_however_its_words_and_days_are_written(checker):
    changes = [
        {},
        {"religion": "Islam", "sex": "Laki-laki", "relationship": "ANAK", "nik": "1" * 16},
    ]
    changes += [{"birth_date": day} for day in ("15-05-1980", "15/05/1980", "1980.00.00")]
    changes += [{"village": "33.25.01.2001", "sls": "", "sls_name": "", "rt": "", "address": "É"}]
    clean, others = checker._clean.part(batch_of(changes))
    assert others.num_rows == 0
    assert clean.num_rows == len(changes)


def test_a_person_is_written_as_the_record_holds_it(checker):
    row = checker.check(
        batch_of([{"education": "", "birth_date": "1980-00-00", "birth_place": ""}])
    )
    (json,) = persons_json(row, pa.array([b"3325011505800001"])).to_pylist()
    assert json == (
        b'{"name":"SITI AMINAH","nik":"3325011505800001","relationship":"01","sex":"1",'
        b'"birth_place":null,"birth_day":"98","birth_month":"98","birth_year":1980,'
        b'"religion":"1","marital_status":"2","education":null,"citizenship":"1"}'
    )


def checked(niks, ords, problem):
    columns = [pa.array(niks, pa.int64()), pa.array(ords, pa.int64())]
    columns.append(pa.array([problem] * len(niks), pa.string()))
    return pa.Table.from_arrays(columns, names=["nik", "ord", "problem"])


@given(
    st.lists(st.lists(st.integers(1, 12), max_size=8), max_size=6),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_the_first_row_of_a_nik_is_the_one_that_counts(batches, heaps, chance):
    niks = [nik for batch in batches for nik in batch]
    ords = list(range(len(niks)))
    chance.shuffle(ords)
    left = iter(ords)
    with Spill(heaps) as spill:
        twice = Twice(spill, heaps)
        for batch in batches:
            twice.note(checked(batch, [next(left) for _ in batch], None))
            twice.note(checked([1], [-1], "row:columns"))
        found = twice.found()
    firsts = {nik: min(o for n, o in zip(niks, ords, strict=True) if n == nik) for nik in niks}
    later = sorted(o for n, o in zip(niks, ords, strict=True) if o != firsts[n])
    assert isinstance(found, np.ndarray)
    assert found.tolist() == later


def test_what_is_spilled_cannot_be_read_in_the_file():
    with Spill(2) as spill:
        spill.put(1, b"3325011505800001")
        spill.put(1, b"SITI AMINAH")
        assert spill.take(1) == [b"3325011505800001", b"SITI AMINAH"]
        assert spill.take(0) == []
        spill.put(0, b"more")
        assert spill.take(0) == [b"more"]
        spill._file.seek(0)
        stored = spill._file.read()
    assert b"SITI" not in stored
    assert b"3325" not in stored
