"""The resident's pages that work without a script."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.db import DatabaseError
from django.test import Client
from django.utils.translation.template import templatize

from cacah.collection import numbers, pages, receipts, words
from cacah.collection.models import Submission
from cacah.collection.receipts import Receipt
from cacah.registry.actions import set_census

ROOM = Path(__file__).resolve().parents[1]
KEYWORDS = {"gettext": None, "gettext_noop": None, "_": None, "ngettext": (1, 2)}
ISSUED = datetime(2020, 2, 20, 3, 4, 5, tzinfo=UTC)


def asked_for() -> Iterator[tuple[str, Any]]:
    """Yield every text that the room's modules and templates want translated, and where."""
    for path in sorted([*ROOM.rglob("*.py"), *ROOM.rglob("*.html")]):
        if "tests" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = templatize(source, origin=str(path))
        for found in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            yield path.name, found[1]


@pytest.fixture
def open_census(db: None) -> Any:
    now = datetime.now(UTC)
    return set_census(
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        help_phone="1500 123",
        help_hours="08.00–20.00",
    )


def store(number: str, revision: int) -> None:
    Submission.objects.create(
        household_id=7,
        revision=revision,
        issued_at=ISSUED,
        mode="cawi",
        persons=4,
        instrument="0123456789abcdef",
        key_digest=receipts.submission_key_digest(bytes([revision]) * 16),
        receipt_digest=receipts.number_digest(number),
        nik_digests=[],
        sealed=b"sealed",
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_has_every_text_in_both_languages(language: str) -> None:
    path = ROOM / "locale" / language / "LC_MESSAGES" / "django.po"
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language)
    missing = []
    for place, text in asked_for():
        found = catalogue.get(text[0] if isinstance(text, tuple) else text)
        strings = [] if found is None else [found.string]
        if not strings or not all(strings) or found.fuzzy:
            missing.append((place, text))
    assert not missing


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_keeps_the_blanks_of_a_text_in_its_translation(language: str) -> None:
    path = ROOM / "locale" / language / "LC_MESSAGES" / "django.po"
    for message in read_po(io.BytesIO(path.read_bytes()), locale=language):
        if not message.id:
            continue
        text = message.id if isinstance(message.id, str) else message.id[1]
        said = message.string if isinstance(message.string, str) else message.string[0]
        blanks = re.compile(r"\{\w+\}|%\(\w+\)[sd]|</?\w+")
        assert sorted(blanks.findall(text)) == sorted(blanks.findall(said)), text


def test_it_has_words_for_everything_that_the_script_says() -> None:
    def said(pattern: str) -> set[str]:
        return {
            key
            for script in (ROOM / "static/collection/form").glob(pattern)
            for key in re.findall(r'say\(\s*"([\w.-]+[\w])"', script.read_text(encoding="utf-8"))
        }

    first, second = said("*.js"), said("more/*.js")
    # `askProven` says it when the second script, which solves the task, is there.
    first.remove("identify.proving")
    assert len(first) > 60
    assert first <= set(words.WORDS)
    assert second <= set(words.WORDS) | set(words.more_texts())
    assert not set(words.WORDS) & set(words.more_texts())


def test_it_says_until_when_and_how_to_recognise_a_fake(open_census: Any, client: Client) -> None:
    page = client.get("/").content.decode()
    for words_wanted in ("Mulai mengisi", "Dibuka sampai", "1500 123", "Nomor 16 Tahun 1997"):
        assert words_wanted in page
    assert "nama ibu kandung" in page
    assert 'href="/en/"' in page


def test_it_speaks_english_one_tap_away(open_census: Any, client: Client) -> None:
    page = client.get("/en/").content.decode()
    assert '<html lang="en">' in page and "Begin" in page and 'href="/"' in page
    assert ">Bahasa Indonesia</a>" in page


def test_it_says_kindly_that_it_is_too_early_or_too_late(open_census: Any, client: Client) -> None:
    now = datetime.now(UTC)
    set_census(opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=9))
    early = client.get("/").content.decode()
    assert "Belum dibuka" in early and "Mulai mengisi" not in early
    set_census(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
    pages.forget()
    late = client.get("/").content.decode()
    assert "Pengisian daring sudah ditutup" in late and "Mulai mengisi" not in late


def test_it_goes_on_showing_the_census_while_the_database_is_away(
    open_census: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Mulai mengisi" in client.get("/").content.decode()

    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(pages, "REMEMBERED_SECONDS", 0.0)
    monkeypatch.setattr(pages, "census", fail)
    assert "Mulai mengisi" in client.get("/").content.decode()


def test_it_stands_before_the_census_is_set_up(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200
    assert pages.phase(None) == "early"


def test_it_compresses_for_whoever_takes_it(open_census: Any, client: Client) -> None:
    plain = client.get("/")
    small = client.get("/", headers={"accept-encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "br"
    assert brotli.decompress(small.content) == plain.content
    assert "Accept-Encoding" in small.headers["Vary"]


def test_it_confirms_a_proof_by_number_and_by_its_signed_text(
    open_census: Any, client: Client
) -> None:
    number = numbers.spell(123456789)
    store(number, 1)
    signed = receipts.sign(Receipt("sp2020", number, ISSUED, 4, 1))
    for code in (number, number.lower().replace("-", " "), signed):
        page = client.get(f"/bukti/{code}").content.decode()
        assert "Bukti ini asli" in page and "4 orang" in page and "20 Februari 2020" in page


def test_it_says_that_a_corrected_proof_was_replaced(open_census: Any, client: Client) -> None:
    number = numbers.spell(1)
    store(number, 1)
    store(numbers.spell(2), 2)
    assert "sudah diganti" in client.get(f"/bukti/{number}").content.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (numbers.spell(99), "Tidak ada bukti dengan nomor ini"),
        ("7XK2-9QPM-4TDR-C", "Nomor ini tidak mungkin benar"),
        ("sp2020.7XK29QPM4TDRC.20200220T030405Z.4.1.x", "Bukti ini tidak asli"),
        ("<script>alert(1)</script>", "Nomor ini tidak mungkin benar"),
    ],
)
def test_it_says_what_is_wrong_with_a_proof(
    open_census: Any, client: Client, code: str, said: str
) -> None:
    page = client.get("/bukti/", {"nomor": code}, follow=True).content.decode()
    assert said in page
    assert "<script>alert" not in page


def test_it_takes_its_own_example_of_a_number_for_a_possible_one(
    open_census: Any, client: Client
) -> None:
    hints = client.get("/bukti/").content.decode() + words.WORDS["receipt.hint"]
    examples = re.findall(r"\w{4}-\w{4}-\w{4}-\S", hints)
    assert len(examples) == 2
    for example in examples:
        assert numbers.normalise(example) == example
        page = client.get("/bukti/", {"nomor": example}, follow=True).content.decode()
        assert "Tidak ada bukti dengan nomor ini" in page
        assert "13 huruf dan angka" in page


def test_it_gives_the_proof_as_pdf_only_for_a_signed_text(open_census: Any, client: Client) -> None:
    number = numbers.spell(5)
    signed = receipts.sign(Receipt("sp2020", number, ISSUED, 4, 1))
    answer = client.get(f"/bukti/{signed}.pdf")
    assert answer.content.startswith(b"%PDF") and number[:14] in answer["Content-Disposition"]
    assert client.get(f"/bukti/{number}.pdf").status_code == 404


def test_it_says_in_both_languages_that_a_page_does_not_exist(
    open_census: Any, client: Client
) -> None:
    assert "Halaman ini tidak ada" in client.get("/apa").content.decode()
    assert "This page does not exist" in client.get("/en/what").content.decode()


def test_it_says_in_both_languages_that_something_went_wrong(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(pages, "known_census", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Terjadi gangguan" in page and "Something went wrong" in page and "stylesheet" in page


def test_it_sets_no_cookie_and_a_strict_policy(open_census: Any, client: Client) -> None:
    for path in ("/", "/en/", "/bukti/", "/sw.js", "/apa"):
        answer = client.get(path)
        assert not answer.cookies
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "style=" not in answer.content.decode()
