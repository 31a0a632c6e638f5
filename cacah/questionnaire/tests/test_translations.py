"""A catalogue beside a questionnaire adds a language, and says where it is behind."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cacah.questionnaire.export import write_xlsx
from cacah.questionnaire.model import wording
from cacah.questionnaire.sheets import read_workbook
from cacah.questionnaire.source import load, read
from cacah.questionnaire.translations import read_catalogue, refreshed

FORM = """
| settings |
| | form_id | default_language |
| | little | Bahasa Indonesia (id) |
| survey |
| | type | name | label::Bahasa Indonesia (id) | label::English (en) | hint::Bahasa Indonesia (id) | hint::English (en) |
| | text | name | Nama | Name | Tulis jelas | Write clearly |
| | select_one place | home | Di mana ${name} tinggal? | Where does ${name} live? |
| | note | head | Kepala | Head |
| | note | top | Kepala | Top |
| choices |
| | list_name | name | label::Bahasa Indonesia (id) | label::English (en) |
| | place | 1 | BATANG | BATANG |
| | place | 2 | Tempat lain | Elsewhere |
"""  # noqa: E501
CATALOGUE = """
msgid ""
msgstr "Language: jv\\nContent-Type: text/plain; charset=utf-8\\n"

msgctxt "language"
msgid "Bahasa Indonesia"
msgstr "Basa Jawa"

msgid "Nama"
msgstr "Asma"

msgid "Tulis jelas"
msgstr "Serat ingkang cetha"

msgid "Di mana ${name} tinggal?"
msgstr "Wonten pundi ${name} manggèn?"

msgctxt "head"
msgid "Kepala"
msgstr "Kepala kulawarga"

msgctxt "top"
msgid "Kepala"
msgstr "Nginggil"

msgid "Tempat lain"
msgstr "Panggenan sanès"
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "little.md"
    path.write_text(FORM)
    (tmp_path / "little.jv.po").write_text(CATALOGUE)
    return path


def catalogue(form: Path, old: str = "", new: str = "") -> None:
    """Write the catalogue with one text replaced."""
    assert old in CATALOGUE
    form.with_name("little.jv.po").write_text(CATALOGUE.replace(old, new) if old else CATALOGUE)


def found(form: Path) -> list[tuple[str, str, str]]:
    return [(each.code, each.sheet, each.message) for each in read(form).problems]


def test_it_asks_in_the_language_of_a_catalogue(form: Path) -> None:
    instrument = load(form)
    assert dict(instrument.languages) == {
        "id": "Bahasa Indonesia",
        "en": "English",
        "jv": "Basa Jawa",
    }
    assert wording(instrument.nodes["name"].label, "jv") == "Asma"
    assert wording(instrument.nodes["name"].hint, "jv") == "Serat ingkang cetha"
    before, output, after = wording(instrument.nodes["home"].label, "jv")
    assert (before, after) == ("Wonten pundi ", " manggèn?")
    assert output == wording(instrument.nodes["home"].label, "id")[1]
    assert [wording(choice.label, "jv") for choice in instrument.lists["place"]] == [
        "BATANG",
        "Panggenan sanès",
    ]
    assert found(form) == []


def test_one_text_with_two_meanings_has_two_translations(form: Path) -> None:
    nodes = load(form).nodes
    assert [wording(nodes[name].label, "jv") for name in ("head", "top")] == [
        "Kepala kulawarga",
        "Nginggil",
    ]


def test_it_exports_a_catalogue_as_columns(form: Path, tmp_path: Path) -> None:
    workbook = read(form).workbook
    assert workbook is not None
    write_xlsx(workbook, tmp_path / "out.xlsx")
    sheet = read_workbook(tmp_path / "out.xlsx").sheet("survey")
    assert sheet.rows[0].cells["label::Basa Jawa (jv)"] == "Asma"


def test_what_is_not_translated_is_a_problem_and_readers_see_the_default(form: Path) -> None:
    catalogue(form, 'msgstr "Asma"', 'msgstr ""')
    assert found(form) == [("message-missing", "little.jv.po", "“Nama” is not translated")]
    assert wording(load(form).nodes["name"].label, "jv") == "Nama"


def test_a_doubtful_translation_counts_as_none(form: Path) -> None:
    catalogue(form, 'msgid "Nama"', '#, fuzzy\nmsgid "Nama"')
    assert [code for code, *_ in found(form)] == ["message-missing"]


def test_a_text_that_the_form_no_longer_has_is_a_problem(form: Path) -> None:
    form.write_text(FORM.replace("| Nama |", "| Nama lengkap |"))
    assert [(code, words[:14]) for code, _, words in found(form)] == [
        ("message-missing", "“Nama lengkap”"),
        ("message-outdated", "“Nama” does no"),
    ]
    assert load(form).languages["jv"] == "Basa Jawa"


def test_a_translation_that_shows_other_answers_stops_the_form(form: Path) -> None:
    catalogue(form, "pundi ${name}", "pundi ${nama}")
    assert "message-answers" in [code for code, *_ in found(form)]
    assert read(form).broken


def test_a_language_that_has_columns_takes_no_catalogue(form: Path) -> None:
    form.with_name("little.jv.po").rename(form.with_name("little.en.po"))
    assert [code for code, *_ in found(form)] == ["catalogue-double"]


def test_a_file_that_is_no_catalogue_is_a_problem(form: Path) -> None:
    form.with_name("little.jv.po").write_bytes(b"\xff\xfe no catalogue")
    assert [(code, sheet) for code, sheet, _ in found(form)] == [
        ("catalogue-unreadable", "little.jv.po")
    ]


def test_a_change_of_the_catalogue_is_seen_at_once(form: Path) -> None:
    assert wording(load(form).nodes["name"].label, "jv") == "Asma"
    catalogue(form, "Asma", "Nami")
    assert wording(load(form).nodes["name"].label, "jv") == "Nami"


def test_a_refreshed_catalogue_keeps_what_is_translated_and_asks_for_the_rest(form: Path) -> None:
    workbook = read_workbook(form)
    empty = read_po(BytesIO(refreshed(workbook, "ban", None)))
    assert {(each.context, each.id) for each in empty if each.id} == {
        ("language", "Bahasa Indonesia"),
        (None, "Nama"),
        (None, "Tulis jelas"),
        (None, "Di mana ${name} tinggal?"),
        ("head", "Kepala"),
        ("top", "Kepala"),
        (None, "Tempat lain"),
    }
    form.write_text(FORM.replace("Tulis jelas", "Tulislah"))
    old = read_catalogue(form.with_name("little.jv.po")).messages
    form.with_name("little.jv.po").write_bytes(refreshed(read_workbook(form), "jv", old))
    assert [(code, words) for code, _, words in found(form)] == [
        ("message-missing", "“Tulislah” is not translated")
    ]
    assert '#~ msgid "Tulis jelas"' in form.with_name("little.jv.po").read_text()
