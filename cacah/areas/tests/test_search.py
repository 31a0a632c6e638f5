"""Villages are found however their names are written, and in whatever order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.areas.packaged import packaged_areas, packaged_villages
from cacah.areas.queries import is_village, search_villages
from cacah.areas.spelling import distance, words_of


def found(text: str) -> list[str]:
    return [f"{v.name}, {v.path}" for v in search_villages(text, most=8)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tersono", "Tersono, Tersono, Kabupaten Batang"),
        ("Batang, Tersono", "Tersono, Tersono, Kabupaten Batang"),
        ("desa tersono kec. tersono kab. batang", "Tersono, Tersono, Kabupaten Batang"),
        ("tresono", "Tersono, Tersono, Kabupaten Batang"),
        ("tersonobatang", "Tersono, Tersono, Kabupaten Batang"),
        ("wonosari gunungkidul", "Wonosari, Wonosari, Kabupaten Gunungkidul"),
        ("sukamju kab garut", "Sukamaju, Kersamanah, Kabupaten Garut"),
        ("menteng jakpus", "Menteng, Menteng, Kota Administrasi Jakarta Pusat"),
        ("gunung anyar soerabaja", "Gunung Anyar, Gunung Anyar, Kota Surabaya"),
        ("tjipajung djakarta timoer", "Cipayung, Cipayung, Kota Administrasi Jakarta Timur"),
        ("jakarta barat kebonjeruk", "Kebon Jeruk, Kebon Jeruk, Kota Administrasi Jakarta Barat"),
        ("kel.proyonanggan uta", "Proyonanggan Utara, Batang, Kabupaten Batang"),
        ("sungai rampah", "Sei Rampah, Sei Rampah, Kabupaten Serdang Bedagai"),
    ],
)
def test_it_finds_what_was_meant(typed, first):
    assert found(typed)[0].startswith(first)


def test_whole_names_come_before_begun_ones_and_those_before_near_ones():
    names = [village.name for village in search_villages("proyonanggan", most=8)]
    assert set(names[:3]) == {f"Proyonanggan {part}" for part in ("Utara", "Tengah", "Selatan")}
    assert [v.name for v in search_villages("kauman", most=8)] == ["Kauman"] * 8


@pytest.mark.parametrize("typed", ["", " ", "a", "!!!", "—", "\0", "kel. desa", "x" * 80])
def test_what_says_nothing_finds_little_and_breaks_nothing(typed):
    assert len(found(typed)) <= 8


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_answered(typed):
    for village in search_villages(typed, most=8):
        assert is_village(village.code)


def slip(text: str, chance: random.Random) -> str:
    """Return the text with one letter left out, doubled, changed, or swapped with the next."""
    at = chance.randrange(1, len(text) - 1)
    one, two = text[at], text[at + 1]
    wrong = chance.choice(["", one + one, chance.choice("aeioumnrst"), None])
    return text[:at] + (two + one if wrong is None else wrong + two) + text[at + 2 :]


def test_most_villages_are_found_by_name_and_regency_with_a_slip_in_the_name():
    chance, areas = random.Random(2020), packaged_areas()
    villages = [c for c in chance.sample(packaged_villages(), 150) if len(areas[c]) > 5][:100]
    right = slipped = 0
    for code in villages:
        name, regency = areas[code], areas[code[:4]]
        right += code in {v.code for v in search_villages(f"{name} {regency}", most=8)}
        wrong = f"{slip(name, chance)} {regency}"
        slipped += code in {v.code for v in search_villages(wrong, most=8)}
    assert right / len(villages) > 0.97
    assert slipped / len(villages) > 0.9


def test_a_code_is_a_villages_or_not():
    assert is_village(packaged_villages()[0]) and is_village(packaged_villages()[-1])
    for code in ("3325012999", "332511", "33251120010", "", "9999999999", "abcdefghij"):
        assert not is_village(code)


def test_old_and_new_spelling_are_one():
    assert words_of("Kab. Soerabaja") == words_of("Surabaya")
    assert words_of("Tandjoeng-Pinang") == words_of("TANJUNG PINANG")
    assert words_of("Ma’rang") == words_of("Marang")
    assert words_of("Jateng") == words_of("Jawa Tengah")


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_of_two_words_is_the_same_both_ways(one, other):
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)
    assert min(distance(one, other, 1), 2) == min(distance(one, other, 9), 2)
