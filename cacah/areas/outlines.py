"""Reads the boundaries of areas from GeoJSON, says what is wrong with which feature, draws paths.

GeoJSON is RFC 7946: WGS 84, the longitude first. A path is that of SVG, in whole units of a grid
that is finer the deeper the level (`UNITS`), north up. Only `cacah areas boundaries` imports this
module: shapely and NumPy are large, and no server needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ijson
import numpy as np
import shapely
from numpy.typing import NDArray

from cacah.areas import codes
from cacah.areas.actions import Outline

# Units to the degree at each level: the map of a parent is then 500 to 20,000 units wide.
UNITS = {1: 100, 2: 1_000, 3: 10_000, 4: 50_000}
# A picture is about so many dots wide; what is smaller than a dot is left out.
DOTS = 1_000
# Far more than a map can show; a larger file takes minutes and gigabytes.
MOST_BYTES = 512 * 1024 * 1024
# Brackets within brackets; a MultiPolygon has nine. What is deeper takes gigabytes to follow.
MOST_DEEP = 1_000
# West, south, east, north, in degrees and with some sea.
INDONESIA = (94.0, -12.0, 142.0, 7.0)
# What offices call the column of codes, the deepest level first: a village has all of them.
PROPERTIES = ("kdepum", "kdcpum", "kdpkab", "kdppum", "kode", "code", "kode_wilayah")

Points = NDArray[np.float64]
# By byte: what it does to the depth.
STEPS = np.zeros(256, np.int8)
STEPS[list(b"[{")], STEPS[list(b"]}")] = 1, -1


class BadBoundaryFile(ValueError):
    """Raised for a file of which no feature can be read."""


@dataclass(frozen=True, slots=True)
class WrongFeature:
    """A feature that cannot be used; the first of a file is 1."""

    feature: int
    code: str
    reason: str


class _Wrong(Exception):
    pass


def read(path: Path, code_property: str = "") -> tuple[list[Outline], list[WrongFeature]]:
    """Return the outlines of a FeatureCollection, simplified, and what is wrong by feature.

    Raises `BadBoundaryFile`, and OSError where the file cannot be opened.
    """
    shapes: dict[str, Any] = {}
    wrong: list[WrongFeature] = []
    number = 0
    for number, feature in enumerate(_features(path), start=1):
        code = ""
        try:
            code = _code(feature, code_property)
            if code in shapes:
                raise _Wrong("this area has a feature already: make one MultiPolygon of them")
            shapes[code] = _shape(feature.get("geometry"))
        except _Wrong as problem:
            wrong.append(WrongFeature(number, code, str(problem)))
    if not number:
        raise BadBoundaryFile("it has no features: a GeoJSON FeatureCollection is needed")
    return ([] if wrong else _outlines(shapes)), wrong


def _features(path: Path) -> Iterator[Any]:
    """Yield the features one by one, so that a large file never stands in memory as a whole."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size > MOST_BYTES:
            raise BadBoundaryFile(
                f"it has {size / 2**20:,.0f} MB and at most {MOST_BYTES // 2**20} MB are read: "
                "cut it by province, or simplify it first (ogr2ogr -simplify 0.0005)"
            )
        file.seek(0)
        if file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            raise BadBoundaryFile("it is no JSON object")
        file.seek(0)
        if _depth(file) > MOST_DEEP:
            raise BadBoundaryFile("its brackets are nested too deeply for a FeatureCollection")
        file.seek(0)
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        try:
            yield from ijson.items(file, "features.item", use_float=True)
        except ijson.JSONError as error:
            reason = str(error).strip().splitlines()[0]
            raise BadBoundaryFile(f"it is no whole JSON: {reason}") from error


def _depth(file: IO[bytes]) -> int:
    """Return how deeply brackets stand within brackets, those in texts counted like any."""
    now = deepest = 0
    while part := file.read(1 << 20):
        steps = STEPS[np.frombuffer(part, np.uint8)].cumsum(dtype=np.int32)
        deepest = max(deepest, now + int(steps.max()))
        now += int(steps[-1])
    return deepest


def _code(feature: Any, wanted: str) -> str:
    """Return the undotted code that a feature's properties give."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _Wrong("it is no feature with properties")
    names = {name.lower(): name for name in reversed(properties)}
    asked = (wanted.lower(),) if wanted else PROPERTIES
    found = (properties[names[each]] for each in asked if each in names)
    value = next((each for each in found if each not in (None, "")), None)
    if value is None:
        has = ", ".join(sorted(properties)[:12]) or "none"
        raise _Wrong(f"no property {wanted or ' or '.join(PROPERTIES)} (it has: {has})")
    if isinstance(value, float) and not value.is_integer():
        raise _Wrong(f"the code {value} is a number, which may have lost a zero: write it as text")
    text = str(int(value)) if isinstance(value, float) else str(value)
    try:
        code = codes.parse(text)
    except codes.NotAnAreaCode:
        raise _Wrong(f"{text[:40]!r} is no area code in either spelling") from None
    if codes.level_of(code) not in UNITS:
        raise _Wrong("maps go down to villages; this is the code of an SLS")
    return code


def _shape(geometry: Any) -> Any:
    """Return a valid shapely geometry of polygons; what crosses itself is mended."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong(f"its geometry is {kind or 'missing'}, not Polygon or MultiPolygon")
    given = geometry.get("coordinates")
    polygons = [given] if kind == "Polygon" else given
    if not isinstance(polygons, list) or not polygons or not all(polygons):
        raise _Wrong("its geometry is empty")
    parts = []
    for polygon in polygons:
        if not isinstance(polygon, list):
            raise _Wrong("a polygon is no list of rings")
        rings = [_ring(ring) for ring in polygon]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    shape = shapely.MultiPolygon(parts)
    mended = parts if shape.is_valid else _polygons(shapely.make_valid(shape))
    if not mended:
        raise _Wrong("its rings enclose nothing")
    return shapely.MultiPolygon(mended)


def _ring(ring: Any) -> Points:
    try:
        points = np.asarray(ring, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _Wrong("a position is no pair of numbers") from None
    if points.ndim != 2 or points.shape[1] not in (2, 3) or not np.isfinite(points).all():
        raise _Wrong("a position is no pair of numbers")
    if len(points) < 4:
        raise _Wrong(f"a ring has {len(points)} positions; it takes four, the last like the first")
    if not np.array_equal(points[0], points[-1]):
        raise _Wrong("a ring is open: its last position must be its first again")
    _in_place(points)
    return points[:, :2]


def _in_place(points: Points) -> None:
    """Refuse what lies elsewhere, and say why that may be."""
    x, y = points[:, 0], points[:, 1]
    west, south, east, north = INDONESIA
    outside = (x < west) | (x > east) | (y < south) | (y > north)
    if not outside.any():
        return
    if ((x >= south) & (x <= north) & (y >= west) & (y <= east)).all():
        raise _Wrong("its coordinates are swapped: GeoJSON gives the longitude first")
    at = int(outside.argmax())
    if (np.abs(points[:, :2]) > 180).any():
        raise _Wrong(f"its coordinates are no degrees ({x[at]:.0f} {y[at]:.0f}): save it as WGS 84")
    raise _Wrong(f"it lies outside Indonesia: longitude {x[at]:.3f}, latitude {y[at]:.3f}")


def _polygons(shape: Any) -> list[Any]:
    """Return the polygons of a geometry; lines and points that mending left are dropped."""
    nested = [part for each in shapely.get_parts(shape) for part in shapely.get_parts(each)]
    return [each for each in nested if each.geom_type == "Polygon" and each.area > 0]


def _outlines(shapes: dict[str, Any]) -> list[Outline]:
    """Simplify siblings together, so that what they share stays shared, and draw each."""
    families: dict[tuple[str | None, int], list[str]] = {}
    for code in sorted(shapes):
        families.setdefault((codes.parent_of(code), len(code)), []).append(code)
    outlines = []
    for siblings in families.values():
        together = [shapes[code] for code in siblings]
        west, south, east, north = shapely.total_bounds(together)
        dot = max(east - west, north - south) / DOTS
        simple = shapely.coverage_simplify(together, dot)
        outlines += [_outline(code, each, dot) for code, each in zip(siblings, simple, strict=True)]
    return outlines


def _outline(code: str, shape: Any, dot: float) -> Outline:
    units = UNITS[codes.level_of(code)]
    parts = sorted(_polygons(shape), key=lambda part: -part.area)
    seen = [parts[0], *(part for part in parts[1:] if part.area > dot * dot)]
    rings = [ring for part in seen for ring in (part.exterior, *part.interiors)]
    drawn = [np.rint(shapely.get_coordinates(ring) * (units, -units)).astype(int) for ring in rings]
    every = np.concatenate(drawn)
    (left, top), (right, bottom) = every.min(axis=0), every.max(axis=0)
    path = "".join(map(_path, drawn))
    return Outline(code, path, (int(left), int(top), int(right), int(bottom)))


def _path(points: NDArray[np.int_]) -> str:
    """Return one closed ring, its first point absolute and each other from the one before."""
    steps = np.diff(points, axis=0)[:-1]
    moved = steps[np.any(steps != 0, axis=1)]
    line = " ".join(f"{x} {y}" for x, y in moved.tolist())
    return f"M{points[0][0]} {points[0][1]}l{line}z" if line else ""
