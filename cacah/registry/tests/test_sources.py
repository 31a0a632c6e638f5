"""CSV of any common kind, xlsx and Parquet read alike, and both ways of reading CSV agree."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacah.registry.importing.columns import COLUMNS, canonical
from cacah.registry.importing.csv_source import CsvSource, Irregular
from cacah.registry.importing.reading import ROW_BITS, BadRegisterFile
from cacah.registry.importing.run import open_source
from cacah.registry.importing.table_sources import ParquetSource, XlsxSource

NAMES = ("kk", "nik", "name", "relationship", "sex", "birth_date", "village")
ROW = ("3325011001100001", "3325011505800001", "SITI", "01", "2", "1980-05-15", "3325012001")

cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=8)
table = st.lists(st.tuples(*[cell] * len(NAMES)), max_size=12)


def read(batches):
    """Rows that say anything, as {row number: cells}."""
    rows = (row for batch in batches for row in batch.to_pylist())
    cells = {row["ord"] & ((1 << ROW_BITS) - 1): tuple(row[name] for name in NAMES) for row in rows}
    return {number: row for number, row in cells.items() if any(text.strip() for text in row)}


@given(table, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_of_reading_csv_agree(tmp_path_factory, rows, delimiter, end):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(NAMES)
    writer.writerows(rows)
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    source = CsvSource.open(file)
    try:
        fast = read(source.batches(0))
    except Irregular:
        return
    assert fast == read(source.carefully(0))


@given(st.binary(max_size=200))
def test_no_file_breaks_the_careful_way(tmp_path_factory, garbage):
    file = tmp_path_factory.getbasetemp() / "garbage.csv"
    file.write_bytes(",".join(NAMES).encode() + b"\n" + garbage)
    source = CsvSource.open(file)
    numbers = list(read(source.carefully(0)))
    assert numbers == sorted(set(numbers))
    list(source.cells(set(numbers)))


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_it_finds_out_encoding_and_delimiter(tmp_path, encoding, delimiter):
    file = tmp_path / "register.csv"
    lines = (delimiter.join(NAMES), delimiter.join(ROW))
    file.write_text("\r\n".join(lines) + "\r\n", encoding=encoding, newline="")
    source = open_source(file)
    try:
        rows = read(source.batches(0))
    except Irregular:
        rows = read(source.carefully(0))
    assert rows == {2: ROW}


def test_an_open_quote_costs_one_row(tmp_path):
    file = tmp_path / "register.csv"
    lines = [",".join(NAMES), ",".join(ROW).replace("SITI", '"SITI')]
    lines += [",".join(ROW)] * 30
    file.write_text("\n".join(lines) + "\n")
    source = CsvSource.open(file)
    with pytest.raises(Irregular):
        list(source.batches(0))
    flaws = {row["ord"]: row["flaw"] for batch in source.carefully(0) for row in batch.to_pylist()}
    assert [row for row, flaw in flaws.items() if flaw] == [2]
    assert len(flaws) == 31


def test_xlsx_reads_like_csv_and_shows_numbers_that_lost_digits(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    book.active.append(
        [
            *ROW[:5],
            datetime(1980, 5, 15),  # noqa: DTZ001
            int(ROW[6]),
            None,
        ]
    )
    book.active.append([])
    book.active.append([float(ROW[0]), *ROW[1:]])
    file = tmp_path / "register.xlsx"
    book.save(file)
    source = open_source(file)
    assert isinstance(source, XlsxSource)
    assert read(source.batches(0)) == {2: ROW, 4: ("3.3250110011E+15", *ROW[1:])}
    assert [row for row, _ in source.cells({4})] == [4]


def test_parquet_reads_like_csv(tmp_path):
    file = tmp_path / "register.parquet"
    values = {name: [text, None] for name, text in zip(NAMES, ROW, strict=True)}
    values |= {"nik": [int(ROW[1]), None], "birth_date": [date(1980, 5, 15), None]}
    pq.write_table(pa.table(values), file)
    source = open_source(file)
    assert isinstance(source, ParquetSource)
    first = next(source.batches(0)).to_pylist()[0]
    assert tuple(first[name] for name in NAMES) == ROW
    assert [(row, len(cells)) for row, cells in source.cells({2})] == [(2, len(NAMES))]
    assert list(read(source.batches(0))) == [2]


@pytest.mark.parametrize("name", ["register.xlsx", "register.parquet", "register.pdf"])
def test_it_refuses_what_is_not_a_register(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(b"not what the name says")
    with pytest.raises(BadRegisterFile):
        open_source(file)


def test_indonesian_headings_are_understood():
    headings = ("No. KK", "NIK", "Nama Lengkap", "SHDK", "Jenis Kelamin", "Tanggal Lahir")
    assert [canonical(h) for h in (*headings, "Kode Desa", "golongan darah")] == [*NAMES, None]


def test_no_heading_names_two_columns():
    names = [name for column, others in COLUMNS.items() for name in (column, *others)]
    assert len(names) == len(set(names))
