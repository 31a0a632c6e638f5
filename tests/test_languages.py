"""Every language is whole: pages, questionnaire and messages; adding one is adding files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from cacah.collection import numbers, receipt_pdf, receipts
from cacah.collection.problems import LANGUAGES, Problem
from cacah.questionnaire.messages import SENTENCES, message
from cacah.questionnaire.source import read
from cacah.questionnaire.translations import beside
from cacah.site.catalogues import refresh
from cacah.site.languages import RESIDENTS_ROOMS, ROOMS, is_right_to_left, languages

CODES = [code for code, _ in settings.LANGUAGES]
PLACE = re.compile(r"\$?\{[^}]*\}|%\(\w+\)[sd]|</?\w+[^>]*>")
# Indonesian words that neither Javanese nor Sundanese has in these texts.
INDONESIAN = re.compile(
    r"\b(yang|dan|atau|tidak|untuk|dengan|dari|sudah|belum|Anda|bila|jika|adalah|ini|itu)\b",
    re.IGNORECASE,
)
# The names of offices stay as they are.
NAMES = ("Kependudukan dan Pencatatan Sipil",)
MACHINE_MADE = "machine-made, to be reviewed"


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def files(code: str) -> list[Path]:
    """Return the catalogues of a language, those of the questionnaire too."""
    rooms = [ROOMS / room / "locale" / code / "LC_MESSAGES/django.po" for room in RESIDENTS_ROOMS]
    return rooms + [each for each in beside(settings.CACAH_INSTRUMENT) if f".{code}." in each.name]


def pairs(code: str) -> Iterator[tuple[str, str]]:
    """Yield each text and its translation; of plurals, each form."""
    for path in files(code):
        for each in catalogue(path):
            if each.id:
                ids = each.id if isinstance(each.id, tuple) else (each.id,)
                said = each.string if isinstance(each.string, tuple) else (each.string,)
                yield from ((ids[-1], text) for text in said)


@pytest.mark.parametrize("code", CODES)
def test_no_room_overrules_the_words_of_another(code: str) -> None:
    # Django puts all rooms' catalogues together, and of two translations only one is ever seen.
    said: dict[tuple[str | None, str], set[str]] = {}
    for path in ROOMS.glob(f"*/locale/{code}/LC_MESSAGES/django.po"):
        for each in catalogue(path):
            if each.id:
                one = each.id[0] if isinstance(each.id, tuple) else each.id
                said.setdefault((each.context, one), set()).add(str(each.string))
    assert not {known: words for known, words in said.items() if len(words) > 1}


def test_javanese_and_sundanese_are_among_the_languages() -> None:
    assert CODES == ["id", "en", "jv", "su"]
    assert tuple(CODES) == LANGUAGES
    assert [name for _, name in settings.LANGUAGES] == [
        "Bahasa Indonesia",
        "English",
        "Basa Jawa",
        "Basa Sunda",
    ]


def test_the_questionnaire_is_asked_in_every_language() -> None:
    reading = read(settings.CACAH_INSTRUMENT, census=True)
    assert reading.problems == []
    assert reading.instrument is not None
    assert set(reading.instrument.languages) >= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_it_has_a_sentence_for_every_problem(code: str) -> None:
    assert all(message(each, code) for each in SENTENCES)
    words = Problem("not-found").as_answer(code)
    others = [Problem("not-found").as_answer(each)["title"] for each in CODES if each != code]
    assert words["title"] not in others


@pytest.mark.parametrize("code", CODES)
def test_a_translation_keeps_what_is_filled_in(code: str) -> None:
    lost = [
        (text, said)
        for text, said in pairs(code)
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(said))
    ]
    assert not lost


@pytest.mark.parametrize("code", ["jv", "su"])
def test_no_indonesian_is_left_in_a_translation(code: str) -> None:
    left = []
    for _, said in pairs(code):
        words = said
        for name in NAMES:
            words = words.replace(name, "")
        if INDONESIAN.search(words):
            left.append(said)
    assert not left


@pytest.mark.parametrize("code", sorted(set(CODES) - {"id"}))
def test_no_sentence_is_copied_from_the_indonesian(code: str) -> None:
    indonesian = [
        catalogue(ROOMS / room / "locale/id/LC_MESSAGES/django.po") for room in RESIDENTS_ROOMS
    ]
    theirs = {str(each.string) for room in indonesian for each in room if each.id}
    questions = {text for path in files(code)[2:] for text in map(str, _ids(path))}
    copied = [said for _, said in pairs(code) if said in theirs | questions and said.count(" ") > 3]
    assert not copied


def _ids(path: Path) -> list[object]:
    return [each.id for each in catalogue(path) if each.id]


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_says_in_its_heading_that_a_machine_made_it(code: str) -> None:
    for path in files(code):
        read = catalogue(path)
        marked = [each.id for each in read if each.id and MACHINE_MADE in each.user_comments]
        assert bool(marked) == (MACHINE_MADE in read.header_comment), path.name


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_every_page_speaks_the_language_and_leads_to_the_others(client: Client, code: str) -> None:
    prefix = "" if code == "id" else f"/{code}"
    for path in ("/", "/isi/", "/bukti/", "/no-such-page"):
        page = client.get(prefix + path).content.decode()
        assert f'<html lang="{code}">' in page
        switch = page.partition('<details class="languages">')[2].partition("</details>")[0]
        assert re.findall(r' lang="(\w+)"', switch) == [each for each in CODES if each != code]
        assert f"<summary>{dict(settings.LANGUAGES)[code]}</summary>" in switch


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Copy the catalogues and the questionnaire to where a test may write."""
    for room in RESIDENTS_ROOMS:
        shutil.copytree(ROOMS / room / "locale", tmp_path / room / "locale")
    for path in (settings.CACAH_INSTRUMENT, *beside(settings.CACAH_INSTRUMENT)):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_a_language_is_added_by_adding_its_files(elsewhere: Path) -> None:
    before = languages(elsewhere)
    instrument = elsewhere / settings.CACAH_INSTRUMENT.name
    written = list(refresh("ban", instrument, elsewhere))
    assert [each.path.parent.parent.name for each in written[:2]] == ["ban", "ban"]
    assert all(each.empty == each.messages > 0 for each in written)
    assert languages(elsewhere) == [before[0], ("ban", "ban"), *before[1:]]
    (elsewhere / RESIDENTS_ROOMS[1] / "locale/ban/LC_MESSAGES/django.po").unlink()
    assert languages(elsewhere) == before


@pytest.mark.parametrize("code", ["jv", "su"])
def test_a_refresh_of_what_is_up_to_date_changes_no_byte(elsewhere: Path, code: str) -> None:
    instrument = elsewhere / settings.CACAH_INSTRUMENT.name
    for path, written in zip(files(code), refresh(code, instrument, elsewhere), strict=True):
        assert written.path.read_bytes() == path.read_bytes()


def test_the_direction_of_writing_comes_from_the_language() -> None:
    assert [is_right_to_left(code) for code in ("ar", "ur", "jv", "no-such", "zh-hant")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.django_db
def test_a_language_brings_the_font_of_its_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sorted(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    if not found:
        pytest.skip("there is no font to try with on this machine")
    (tmp_path / "jv").mkdir()
    shutil.copy(found[0], tmp_path / "jv" / receipt_pdf.FONT_FILE)
    monkeypatch.setattr(receipt_pdf, "FONTS", tmp_path)
    issued = datetime(2020, 2, 20, 3, 4, 5, tzinfo=UTC)
    signed = receipts.sign(receipts.Receipt("sp2020", numbers.spell(2020), issued, 4, 1))
    assert b"/FontFile2" in receipt_pdf.receipt_pdf(signed, "jv")
    assert b"/FontFile2" not in receipt_pdf.receipt_pdf(signed, "su")


@pytest.mark.parametrize("name", ["tokens", "base", "form", "print"])
def test_style_sheets_say_start_and_end_for_left_and_right(name: str) -> None:
    css = (ROOMS / f"collection/static/collection/{name}.css").read_text()
    physical = r"(?:margin|padding|border)-(?:left|right)\b|text-align: (?:left|right)"
    assert not re.findall(physical, css)
    # Shorthands of four values name left and right too.
    four = re.findall(r"(?:margin|padding): (\S+) (\S+) (\S+) (\S+);", css)
    assert all(right == left for _, right, _, left in four)
