"""A questionnaire goes out as XForm, xlsx and codebook, and comes back the same."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from cacah.questionnaire import cli
from cacah.questionnaire.codebook import as_csv, as_html
from cacah.questionnaire.source import from_markdown, load, read
from cacah.questionnaire.tests.test_interview import FORM


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "little.md").write_text(FORM, encoding="utf-8")
    assert cli.export(tmp_path / "little.md", tmp_path / "out", lambda line: None) == 0
    return tmp_path / "out"


def test_it_writes_four_files(written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    assert names == {"little.xml", "little.xlsx", "little.html", "little.csv"}


def test_the_spreadsheet_compiles_to_the_same_instrument(written: Path) -> None:
    assert load(written / "little.xlsx").digest == from_markdown(FORM).digest


def test_problems_in_the_spreadsheet_have_the_same_rows(tmp_path: Path) -> None:
    broken = FORM.replace("count(${person})", "rondom()")
    (tmp_path / "broken.md").write_text(broken, encoding="utf-8")
    [found] = read(tmp_path / "broken.md").broken
    said: list[str] = []
    assert cli.export(tmp_path / "broken.md", tmp_path, said.append) == 1
    assert said[-1] == "1 problem"
    assert (found.sheet, found.row, found.column) == ("survey", 15, "calculation")


def test_the_codebook_has_every_variable_with_labels_options_and_rules() -> None:
    instrument = from_markdown(FORM)
    rows = list(csv.DictReader(StringIO(as_csv(instrument).removeprefix("\ufeff"))))
    assert [row["path"] for row in rows] == [node.path for node in instrument.walk()]
    works = next(row for row in rows if row["variable"] == "works")
    assert works["label (id)"] == "Bekerja?"
    assert works["options (en)"] == "1 = Yes\n2 = No"
    assert works["relevant"] == "${age} >= 10"
    assert works["required"] == "yes"
    name = next(row for row in rows if row["variable"] == "name")
    assert name["constraint"] == "string-length(.) > 1"
    assert name["rule (en)"] == "The name ${name} is too short"
    old = next(row for row in rows if row["variable"] == "old")
    assert (old["kind"], old["rule (id)"]) == ("warning", "Umur ${age} jarang")


def test_the_page_escapes_what_the_form_says() -> None:
    instrument = from_markdown(
        "| survey |\n| | type | name | label |\n| | text | a | <script>alert(1)</script> |\n"
        "| | text | b | =1+1 |\n"
    )
    assert "<script>" not in as_html(instrument)
    assert "'=1+1" in as_csv(instrument)


def test_it_says_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "little.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "file").write_text("")
    said: list[str] = []
    assert cli.export(tmp_path / "little.md", tmp_path / "file" / "x", said.append) == 1
    assert "cannot be written" in said[0]
