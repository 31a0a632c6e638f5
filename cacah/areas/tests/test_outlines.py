"""Boundaries come from GeoJSON whole or not at all, and every wrong feature is explained."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from cacah.areas import actions, outlines, queries
from cacah.areas.models import Boundary

SQUARE = [[109.7, -7.0], [109.9, -7.0], [109.9, -6.9], [109.7, -6.9], [109.7, -7.0]]
BESIDE = [[109.9, -7.0], [110.1, -7.0], [110.1, -6.9], [109.9, -6.9], [109.9, -7.0]]


@pytest.fixture
def loaded(db):
    actions.put_areas(
        [
            ("33", "Jawa Tengah"),
            ("3325", "Kabupaten Batang"),
            ("3326", "Kabupaten Pekalongan"),
        ]
    )


def feature(code, rings=(SQUARE,), kind="Polygon", name="kode"):
    coordinates = list(rings) if kind == "Polygon" else [list(rings)]
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


def file_of(tmp_path, *features):
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def complaints(path, property=""):
    """Return what the command says on its way to refuse a file."""
    err = io.StringIO()
    options = ["--code-property", property] if property else []
    with pytest.raises(CommandError) as refused:
        call_command("areas", "boundaries", str(path), *options, stderr=err)
    assert "nothing was taken" in str(refused.value)
    assert not Boundary.objects.exists()
    return err.getvalue() + str(refused.value)


def test_it_takes_boundaries_in_both_spellings_of_the_code(loaded, tmp_path):
    path = file_of(tmp_path, feature("33.25"), feature("3326", [BESIDE], "MultiPolygon"))
    out = io.StringIO()
    call_command("areas", "boundaries", str(path), stdout=out)
    assert "2 boundaries" in out.getvalue()
    drawn = queries.boundaries("33")
    assert list(drawn) == ["3325", "3326"]
    # North is up: -6.9° is above -7.0°.
    batang = drawn["3325"]
    assert (batang.left, batang.top, batang.right, batang.bottom) == (109700, 6900, 109900, 7000)
    assert re.fullmatch(r"M\d+ \d+l(-?\d+ -?\d+ ?)+z", batang.path)


def test_a_newer_file_replaces_what_is_drawn(loaded, tmp_path):
    for ring in (SQUARE, BESIDE):
        call_command("areas", "boundaries", str(file_of(tmp_path, feature("3325", [ring]))))
    assert queries.boundaries("33")["3325"].left == 109900


def test_neighbours_still_touch_when_they_are_simplified(loaded, tmp_path):
    wiggle = [[109.9 + 0.00002 * (n % 2), -6.9 - n / 10_000] for n in range(1001)]
    left = [*wiggle, [109.7, -7.0], [109.7, -6.9], wiggle[0]]
    right = [*reversed(wiggle), [110.1, -6.9], [110.1, -7.0], wiggle[-1]]
    drawn, wrong = outlines.read(
        file_of(tmp_path, feature("3325", [left]), feature("3326", [right]))
    )
    assert not wrong
    assert [each.box[2] for each in drawn[:1]] == [each.box[0] for each in drawn[1:]]
    assert all(len(each.path) < 120 for each in drawn)


def test_islands_smaller_than_a_dot_are_left_out(tmp_path):
    island = [[110.5 + x / 1e6, -6.5 + y / 1e6] for x, y in ((0, 0), (9, 0), (9, 9), (0, 0))]
    both = feature("3325")
    both["geometry"] = {"type": "MultiPolygon", "coordinates": [[SQUARE], [island]]}
    (drawn,), _ = outlines.read(file_of(tmp_path, both))
    assert drawn.path.count("z") == 1


def test_a_column_can_be_named(loaded, tmp_path):
    path = file_of(tmp_path, feature("33.25", name="KODE_KAB"))
    assert "no property" in complaints(path)
    call_command("areas", "boundaries", str(path), "--code-property", "kode_kab")
    assert Boundary.objects.count() == 1


OPEN, SHORT = SQUARE[:-1], [SQUARE[0], SQUARE[1], SQUARE[0]]
SWAPPED = [[y, x] for x, y in SQUARE]
METRES = [[x * 10_000, y * 10_000] for x, y in SQUARE]
FLAT = [SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]
ELSEWHERE = [[x - 100, y + 50] for x, y in SQUARE]
WRONG = {
    "an open ring": (feature("33.26", [OPEN]), "a ring is open"),
    "a ring of three": (feature("33.26", [SHORT]), "a ring has 3 positions"),
    "a flat ring": (feature("33.26", [FLAT]), "enclose nothing"),
    "swapped coordinates": (feature("33.26", [SWAPPED]), "swapped"),
    "metres": (feature("33.26", [METRES]), "no degrees"),
    "another country": (feature("33.26", [ELSEWHERE]), "outside Indonesia"),
    "words for numbers": (feature("33.26", [[["a", "b"]] * 4]), "no pair of numbers"),
    "a ring within a ring": (feature("33.26", [[SQUARE]]), "no pair of numbers"),
    "no ring": (feature("33.26", []), "empty"),
    "no code": (feature(""), "no property kdepum"),
    "a code of another list": (feature("ID-JT"), "no area code"),
    "a code as a number": (feature(33.2), "may have lost a zero"),
    "an SLS": (feature("3325012001000100"), "down to villages"),
    "the same area again": (feature("33.25"), "has a feature already"),
    "a point": (
        {"properties": {"kode": "3326"}, "geometry": {"type": "Point", "coordinates": [110, -7]}},
        "is Point",
    ),
    "no geometry": ({"properties": {"kode": "3326"}, "geometry": None}, "is missing"),
    "no feature": (17, "no feature with properties"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_it_says_of_each_feature_what_is_wrong_and_takes_nothing(loaded, tmp_path, kind):
    wrong, reason = WRONG[kind]
    said = complaints(file_of(tmp_path, feature("33.25"), wrong))
    assert reason in said
    assert said.startswith("feature 2")


def test_it_refuses_areas_that_are_not_loaded(loaded, tmp_path):
    said = complaints(file_of(tmp_path, feature("33.25"), feature("33.99", [BESIDE])))
    assert "1 areas are not loaded" in said
    assert "33.99" in said


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON object"),
        (b"PK\x03\x04 a shapefile", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"{}", "no features"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"features": [{"type": "Feature"', "no whole JSON"),
        (b'{"features": [\xff\xfe]}', "no whole JSON"),
        (b'{"features": ' + b"[" * 1_000_000, "nested too deeply"),
        (b'{"features": [' + b'{"a": ' * 1_000_000, "nested too deeply"),
    ],
)
def test_it_refuses_what_is_no_geojson(loaded, tmp_path, content, reason):
    path = tmp_path / "batas.geojson"
    path.write_bytes(content)
    assert reason in complaints(path)


def test_it_refuses_a_file_that_is_too_large_before_it_reads_it(loaded, tmp_path):
    path = tmp_path / "batas.geojson"
    with path.open("wb") as file:
        file.write(b"{")
        file.truncate(outlines.MOST_BYTES + 1)
    assert "at most 512 MB" in complaints(path)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=12,
    )
)
def test_whatever_stands_for_coordinates_gets_a_sentence(tmp_path_factory, coordinates):
    odd = feature("3325")
    odd["geometry"]["coordinates"] = coordinates
    _, wrong = outlines.read(file_of(tmp_path_factory.mktemp("odd"), odd))
    assert len(wrong) == 1
    assert wrong[0].reason
