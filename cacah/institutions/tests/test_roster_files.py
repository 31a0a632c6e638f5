"""Roster files as people have them: what is forgiven, and what is explained by row and column."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cacah.institutions.files import harmless, reading
from cacah.institutions.files.problems import FILES, NOTES, ROWS, BadRoster
from cacah.institutions.files.text import open_text

GOOD = "3325010101800001"


def rows_of(raw: bytes) -> list[tuple[int, str, str, list[str]]]:
    """Return (row, NIK, name, codes) of each person of the first sheet."""
    sheet = next(reading.read(BytesIO(raw)))
    return [
        (row, person.nik, person.name, [each["code"] for each in person.problems])
        for row, person in sheet.people
    ]


def notes_of(raw: bytes) -> list[str]:
    sheet = next(reading.read(BytesIO(raw)))
    list(sheet.people)
    return [note["code"] for note in sheet.notes]


def xlsx(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def refusal(raw: bytes) -> str:
    with pytest.raises(BadRoster) as bad:
        for sheet in reading.read(BytesIO(raw)):
            list(sheet.people)
    assert bad.value.code in FILES
    assert str(FILES[bad.value.code]) % ({"megabytes": 1, "rows": 1} | bad.value.more)
    return bad.value.code


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_reads_csv_however_it_is_written(separator, encoding):
    text = separator.join(["No", "N.I.K", "Nama Lengkap"]) + "\r\n"
    text += separator.join(["1", GOOD, "Siti Rosé"]) + "\r\n"
    assert rows_of(text.encode(encoding)) == [(2, GOOD, "Siti Rosé", [])]
    assert ("encoding" in notes_of(text.encode(encoding))) == (encoding == "cp1252")


@pytest.mark.parametrize(
    "typed",
    [
        "3325 0101 0180 0001",
        "33.2501.010180.0001",
        "'3325010101800001",
        "3325010101800001.0",
        " 3325-0101-0180-0001\u00a0",
    ],
)
def test_it_forgives_what_stands_around_the_digits(typed):
    assert rows_of(f"NIK;Nama\n{typed};Siti\n".encode())[0][1:] == (GOOD, "Siti", [])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "nik:empty"),
        ("332501010180000", "nik:digits"),
        ("33250101018000011", "nik:digits"),
        ("33250101018O0001", "nik:letters"),
        ("3.32501E+15", "nik:excel"),
        ("3,32501E+15", "nik:excel"),
        ("3325010101800000.0", "nik:float"),
        ("1111111111111111", "nik:same"),
    ],
)
def test_it_names_what_is_wrong_with_a_nik(typed, code):
    sheet = next(reading.read(BytesIO(f"NIK\tNama\n{typed}\tSiti\n".encode())))
    ((row, person),) = sheet.people
    assert (row, [each["code"] for each in person.problems]) == (2, [code])
    assert str(ROWS[code]) % person.problems[0]


def test_it_names_what_is_wrong_with_other_cells():
    text = f"NIK,Nama,NIP,Unit\n{GOOD},,1,A\n{GOOD},X,1,A\n{GOOD},Siti,{'1' * 41},{'u' * 151}\n"
    text += f"{GOOD},Siti,Drs,1,A\n"
    assert [codes for *_, codes in rows_of(text.encode())] == [
        ["name:empty"],
        ["name:letters"],
        ["number:long", "unit:long"],
        ["row:columns"],
    ]


def test_a_quotation_that_is_not_closed_hides_nobody():
    raw = f'NIK;Nama;Unit\n{GOOD};"Ani;Umum\n3325010101800002;Budi;Umum\n'.encode()
    ((row, _, _, codes),) = rows_of(raw)
    assert (row, codes) == (2, ["row:quote"])
    address = f'NIK;Nama;Unit\n{GOOD};"Ani\nRahma";Umum\n'.encode()
    assert rows_of(address) == [(2, GOOD, "Ani Rahma", [])]


def test_a_line_of_totals_is_nobody():
    rows = [["NIK", "Nama"], [GOOD, "Ani"], ["Jumlah", None], ["TOTAL PEGAWAI", ""]]
    assert rows_of(xlsx(*rows)) == [(2, GOOD, "Ani", [])]
    assert rows_of(xlsx(*rows[:2], ["Jumlah", "Budi"]))[1][3] == ["nik:letters"]


def test_it_finds_headings_below_a_title_merged_and_numbered():
    raw = xlsx(
        ["DAFTAR PEGAWAI DINAS KESEHATAN", None, None, None],
        [],
        ["No", "Data pegawai", None, "Unit Kerja"],
        [None, "N I K", "Nama", None],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, GOOD, "Siti", "Umum"],
    )
    book = openpyxl.load_workbook(BytesIO(raw))
    book.active.merge_cells("B3:C3")
    book.active.merge_cells("D3:D4")
    file = BytesIO()
    book.save(file)
    sheet = next(reading.read(BytesIO(file.getvalue())))
    assert [(row, p.nik, p.unit) for row, p in sheet.people] == [(6, GOOD, "Umum")]
    assert {note["code"] for note in sheet.notes} == {"row", "numbering", "unused"}


def test_numbers_of_a_workbook_are_taken_where_no_digit_was_lost():
    raw = xlsx(["NIK", "Nama"], [3325010101800001, "Siti"], [3325010101800000, "Budi"])
    assert [codes for *_, codes in rows_of(raw)] == [[], ["nik:float"]]
    assert "number" in notes_of(raw)
    papua = xlsx(["NIK", "Nama"], [9171010101800002, "Maria"])  # kept by twos above 2^53
    assert [codes for *_, codes in rows_of(papua)] == [["nik:float"]]


def test_a_formula_without_a_result_is_named():
    raw = xlsx(["NIK", "Nama"], ["=A1", "Siti"], [None, "Budi"], [GOOD, "Ani"])
    assert {(row, *codes) for row, _, _, codes in rows_of(raw)} == {
        (2, "nik:formula"),
        (3, "nik:empty"),
        (4,),
    }


def test_hidden_rows_are_read_and_counted():
    book = openpyxl.load_workbook(BytesIO(xlsx(["NIK", "Nama"], [GOOD, "Siti"])))
    book.active.row_dimensions[2].hidden = True
    file = BytesIO()
    book.save(file)
    assert len(rows_of(file.getvalue())) == 1
    assert "hidden" in notes_of(file.getvalue())


def test_a_huge_blank_range_is_not_read_to_its_end():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (["NIK", "Nama"], [GOOD, "Siti"], *([""] for _ in range(2100)), [GOOD, "Far"]):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    assert len(rows_of(file.getvalue())) == 1
    assert "blank" in notes_of(file.getvalue())


def test_a_text_that_is_not_read_to_its_end_may_be_closed(monkeypatch):
    lost: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", lost.append)
    file = BytesIO(f"NIK;Nama\n{GOOD};Siti\n{GOOD};Budi\n".encode())
    rows = open_text(file).rows()
    next(rows)
    file.close()
    rows.close()
    assert not lost


def test_each_sheet_with_people_is_read():
    raw = xlsx(
        ["Petunjuk"], A=[["NIK", "Nama"], [GOOD, "Siti"]], B=[["NIK", "Nama"], [GOOD, "A B"]]
    )
    assert [(s.title, len(list(s.people))) for s in reading.read(BytesIO(raw))] == [
        ("A", 1),
        ("B", 1),
    ]


def test_it_refuses_what_is_no_roster(tmp_path: Path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refusal(b"") == "empty"
    assert refusal(b"  \n\n") == "empty"
    assert refusal(b"a,b\n1,2\n") == "no-headings"
    assert refusal(f"NIK,Nama,Nomor NIK\n{GOOD},Siti,1".encode()) == "two-columns"
    assert refusal(ole + "Workbook".encode("utf-16-le")) == "xls"
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")) == "password"
    assert refusal(b"%PDF-1.7 x") == "pdf"
    assert refusal(b"\x89PNG\r\n") == "picture"
    assert refusal(b"<html><table><tr><td>NIK</td></tr></table>") == "web-page"
    assert refusal(b"NIK,Nama\n\x00\x01") == "binary"
    assert refusal(b'NIK,Nama\n1,"Siti\n' + b"2,Budi\n" * 30) == "quote"
    assert refusal(xlsx(["NIK", "Nama"], [GOOD, "Siti"])[:-300]) == "broken"
    assert refusal(xlsx(["Hello"])) == "no-headings"


def test_it_refuses_a_zip_bomb_before_unpacking_it(monkeypatch):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (2 << 20))
    monkeypatch.setattr(harmless, "MOST_UNPACKED", 1 << 20)
    assert refusal(file.getvalue()) == "bomb"


def test_it_refuses_a_workbook_with_a_document_type():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr(
            "xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
        )
    assert refusal(file.getvalue()) == "broken"


def test_every_note_has_a_sentence():
    more = {"sheet": "A", "row": 1, "rows": 1, "columns": "A"}
    assert all(str(text) % more for text in NOTES.values())
