"""Files that are no questionnaire end in a problem, never in a traceback."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cacah.questionnaire import cli
from cacah.questionnaire.problems import Broken
from cacah.questionnaire.sheets import MAX_FILE_MB, read_markdown
from cacah.questionnaire.source import load, read, read_sheets

GOOD = "| survey |\n| | type | name | label |\n| | text | a | A |\n"


def codes(path: Path) -> list[str]:
    return [each.code for each in read(path).broken]


def file(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


WRONG = [
    ("empty.md", b"", "file-empty"),
    ("blank.md", b" \n\n", "file-empty"),
    ("empty.xlsx", b"", "file-empty"),
    ("latin.md", GOOD.encode() + "| | text | b | é |".encode("latin-1"), "file-encoding"),
    ("utf16.md", GOOD.encode("utf-16"), "file-encoding"),
    ("binary.md", bytes(range(256)) * 10, "file-encoding"),
    ("prose.md", b"# A heading\n\nAnd some words.\n", "sheet-missing"),
    ("only_choices.md", b"| choices |\n| | list_name | name |\n| | a | 1 |\n", "sheet-missing"),
    ("heading.md", b"| survey |\n| | type | name | label |\n", "sheet-missing"),
    ("wide.md", GOOD.encode() + b"| | text | b | B | one | cell | more |\n", "table-broken"),
    ("text.xlsx", b"not a spreadsheet", "file-unreadable"),
    ("form.csv", GOOD.encode(), "file-type"),
    ("form", GOOD.encode(), "file-type"),
]


@pytest.mark.parametrize(("name", "content", "code"), WRONG, ids=[each[0] for each in WRONG])
def test_it_refuses_what_is_no_questionnaire(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    assert codes(file(tmp_path, name, content)) == [code]


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert codes(tmp_path / "nothing.md") == ["file-missing"]
    assert codes(tmp_path) == ["file-type"]
    (tmp_path / "folder.md").mkdir()
    assert codes(tmp_path / "folder.md") == ["file-missing"]
    with pytest.raises(Broken):
        load(tmp_path / "nothing.md")


def test_it_refuses_a_zip_that_is_no_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "zip.xlsx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("hello.txt", "hello")
    assert codes(path) == ["file-unreadable"]


def test_it_refuses_a_spreadsheet_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    book = Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label"])
    book.active.append(["text", "a", "A"])
    book.save(path)
    assert codes(path) == []
    content = path.read_bytes()
    assert codes(file(tmp_path, "half.xlsx", content[: len(content) // 2])) == ["file-unreadable"]


def test_it_refuses_a_spreadsheet_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(8):
            parts.writestr(f"part{number}.xml", b"\0" * (10 * 2**20))
    assert codes(path) == ["file-large"]


def test_it_refuses_a_huge_file(tmp_path: Path) -> None:
    huge = GOOD.encode() + b" " * (MAX_FILE_MB * 2**20)
    assert codes(file(tmp_path, "huge.md", huge)) == ["file-large"]


def test_it_refuses_a_spreadsheet_without_a_survey(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "choices"
    book.active.append(["list_name", "name"])
    book.active.append(["a", "1"])
    book.create_sheet("notes").append(["hello"])
    book.save(tmp_path / "no_survey.xlsx")
    assert codes(tmp_path / "no_survey.xlsx") == ["sheet-missing"]


def test_the_check_says_so_and_ends_with_the_count(tmp_path: Path) -> None:
    said: list[str] = []
    assert cli.check(file(tmp_path, "empty.md", b""), said.append) == 1
    assert said[-1] == "1 problem"
    said.clear()
    assert cli.check(file(tmp_path, "good.md", GOOD.encode()), said.append) == 0
    assert said == ["0 problems"]


WORDS = """text integer note calculate begin_group end_group begin_repeat end_repeat
    select_one|x a b survey choices type name label relevant calculation ${a} ${b}+1 count(${b})"""
CELLS = st.sampled_from(WORDS.split()) | st.text(max_size=8)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_no_table_whatever_breaks_it(rows: list[list[str]]) -> None:
    lines = ["| survey |", "| | type | name | label | calculation |"]
    text = "\n".join([*lines, *("| | " + " | ".join(row) + " |" for row in rows)])
    try:
        reading = read_sheets(read_markdown(text))
    except Broken as broken:
        assert broken.problems
    else:
        assert reading.instrument is not None or reading.broken


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_it(content: bytes) -> None:
    for name in ("any.md", "any.xlsx"):
        path = Path(f"/tmp/cacah-any-{id(content)}-{name}")
        try:
            path.write_bytes(content)
            reading = read(path)
            assert reading.instrument is not None or reading.broken
        finally:
            path.unlink(missing_ok=True)
