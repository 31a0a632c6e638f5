"""CSV of any common kind, xlsx and Parquet read alike, and both ways of reading CSV agree."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cacah.registry.importing import csv_rows, csv_source
from cacah.registry.importing.columns import COLUMNS, canonical
from cacah.registry.importing.csv_source import CsvSource
from cacah.registry.importing.reading import ROW_BITS, BadRegisterFile
from cacah.registry.importing.run import open_source
from cacah.registry.importing.table_sources import ParquetSource, XlsxSource

NAMES = ("kk", "nik", "name", "relationship", "sex", "birth_date", "village")
ROW = ("3325011001100001", "3325011505800001", "SITI", "01", "2", "1980-05-15", "3325012001")

cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd"), max_size=8)
table = st.lists(st.tuples(*[cell] * len(NAMES)), max_size=12)


def read(batches):
    """Rows that say anything, as {row number: what is wrong with it, or its cells}."""
    rows = (row for batch in batches for row in batch.to_pylist())
    cells = {
        row["ord"] & ((1 << ROW_BITS) - 1): row["flaw"] or tuple(row[name] for name in NAMES)
        for row in rows
    }
    return {number: row for number, row in cells.items() if "".join(row).strip()}


def agree(file):
    """Both ways of reading find the same rows, and the cells of each are found again."""
    source = CsvSource.open(file)
    found = read(source.batches(0))
    assert found == read(source.carefully(0))
    numbers = list(found)
    assert len(numbers) == len(set(numbers))
    again = dict(source.cells(set(numbers)))
    assert list(again) == sorted(numbers)
    for number, row in found.items():
        assert isinstance(row, str) or tuple(again[number]) == row
    assert dict(source.cells(set(numbers[:1]))) == {n: again[n] for n in numbers[:1]}


@pytest.fixture(params=[64, 1000], ids=["small blocks", "a block"])
def blocks(request, monkeypatch):
    monkeypatch.setattr(csv_source, "_BLOCK", request.param)


same_function = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@same_function
@given(table, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_of_reading_csv_agree(tmp_path_factory, blocks, rows, delimiter, end):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(NAMES)
    writer.writerows(rows)
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    agree(file)


piece = st.sampled_from(
    ["a", "ab", "1", ",", ",,,,,,", '"', '""', "\n", "\r", "\r\n", " ", "\0", "é"]
)
line = st.lists(piece, max_size=8).map("".join) | st.just(",".join(ROW) + "\n")


@same_function
@given(st.lists(line, max_size=25).map("".join))
def test_they_agree_about_rows_that_no_program_wrote(tmp_path_factory, blocks, text):
    file = tmp_path_factory.getbasetemp() / "odd.csv"
    file.write_bytes(f"{','.join(NAMES)}\n{text}".encode())
    agree(file)


@same_function
@given(st.binary(max_size=200))
def test_no_file_breaks_either_way(tmp_path_factory, blocks, garbage):
    file = tmp_path_factory.getbasetemp() / "garbage.csv"
    file.write_bytes(",".join(NAMES).encode() + b"\n" + garbage)
    agree(file)


def test_blank_lines_before_the_header_are_counted(tmp_path):
    file = tmp_path / "late.csv"
    file.write_text("\n\n" + ",".join(NAMES) + "\n\n" + ",".join(ROW) + "\n")
    agree(file)
    assert read(CsvSource.open(file).batches(0)) == {5: ROW}


def test_a_bad_row_costs_only_its_own_block_the_speed(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_source, "_BLOCK", 2000)
    file = tmp_path / "register.csv"
    lines = [",".join(ROW)] * 200
    lines[50] += ",more"
    lines[150] = lines[150].replace("SITI", "SI\0TI")
    file.write_text("\n".join([",".join(NAMES), *lines]) + "\n")
    source = CsvSource.open(file)
    rows = read(source.batches(0))
    assert (rows.pop(52), rows.pop(152)) == ("row:columns", "name:nul")
    assert set(rows.values()) == {ROW}
    assert list(rows) == [n for n in range(2, 202) if n not in (52, 152)]
    looked_at, rows_of = [], csv_rows.Rows.of

    def count(self, lines):
        for row in rows_of(self, lines):
            looked_at.append(row)
            yield row

    monkeypatch.setattr(csv_rows.Rows, "of", count)
    assert [number for number, _ in source.cells({52, 152})] == [52, 152]
    assert len(looked_at) < 40


def test_it_refuses_a_file_that_is_a_single_endless_row(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_source, "_BLOCK", 1000)
    monkeypatch.setattr(csv_source, "_LONGEST_ROW", 5000)
    file = tmp_path / "register.csv"
    file.write_text(",".join(NAMES) + "\n" + "x" * 20_000)
    with pytest.raises(BadRegisterFile, match="row 2"):
        list(CsvSource.open(file).batches(0))


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_it_finds_out_encoding_and_delimiter(tmp_path, encoding, delimiter):
    file = tmp_path / "register.csv"
    lines = (delimiter.join(NAMES), delimiter.join(ROW))
    file.write_text("\r\n".join(lines) + "\r\n", encoding=encoding, newline="")
    source = open_source(file)
    assert read(source.batches(0)) == {2: ROW}
    assert dict(source.cells({2})) == {2: list(ROW)}


def test_an_open_quote_costs_one_row(tmp_path):
    file = tmp_path / "register.csv"
    lines = [",".join(NAMES), ",".join(ROW).replace("SITI", '"SITI')]
    lines += [",".join(ROW)] * 30
    file.write_text("\n".join(lines) + "\n")
    source = CsvSource.open(file)
    flaws = {row["ord"]: row["flaw"] for batch in source.batches(0) for row in batch.to_pylist()}
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
