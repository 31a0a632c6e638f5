"""Every document writes names as they are spelt, and embeds a font only where it needs one."""

from __future__ import annotations

import pypdfium2
import pytest

from cacah.staff.paper import FILES, Paper

NAMES = "Ştefania Łukasz ʻUmar ʼAisyah Đỗ Ēka O’Neil – Дмитрий"


def page() -> Paper:
    made = Paper(title="Proof", language="id")
    made.add_page()
    return made


def read(made: Paper) -> str:
    document = pypdfium2.PdfDocument(bytes(made.output()))
    return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_names_are_written_in_their_own_letters() -> None:
    made = page()
    made.say(NAMES)
    made.say(NAMES, bold=True)
    assert read(made) == f"{NAMES} {NAMES}"


def test_what_latin_1_has_needs_no_font_in_the_file() -> None:
    made = page()
    made.say("Siti Ñuñez, Müller · 54,2 %")
    assert b"/FontFile2" not in bytes(made.output())


@pytest.mark.parametrize(
    ("given", "written"),
    [("漢字 Ş", "?? Ş"), ("Ş\u200d\u202eab\x07", "Şab"), ("Ｓiti Ş", "Siti Ş"), ("", "")],
)
def test_letters_that_no_font_has_are_written_like_others(given: str, written: str) -> None:
    made = page()
    assert made.pen(given) == written


def test_a_row_is_written_in_one_font() -> None:
    made = page()
    assert made.pens(["Ş", "漢", "a"]) == ["Ş", "?", "a"]
    assert made.font_family == "liberation"
    assert made.pens(["a", "b"]) == ["a", "b"]
    assert made.font_family == "helvetica"


def test_the_licence_of_the_font_lies_beside_it() -> None:
    licence = FILES[""].with_name("LICENSE.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert all(file.exists() for file in FILES.values())
