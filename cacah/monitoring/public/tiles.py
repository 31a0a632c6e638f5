"""Where areas stand that have no boundary: one square each, the provinces roughly as on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

COLUMNS = 16
ORDERED_COLUMNS = 5
# Code → column from the west, row from the north, and the name as newspapers shorten it.
PROVINCES = {
    "11": (0, 0, "Aceh"),
    "12": (1, 1, "Sumut"),
    "13": (1, 2, "Sumbar"),
    "14": (2, 1, "Riau"),
    "15": (2, 2, "Jambi"),
    "16": (2, 3, "Sumsel"),
    "17": (1, 3, "Bengkulu"),
    "18": (2, 4, "Lampung"),
    "19": (3, 3, "Babel"),
    "21": (3, 1, "Kepri"),
    "31": (4, 4, "Jakarta"),
    "32": (4, 5, "Jabar"),
    "33": (5, 5, "Jateng"),
    "34": (5, 6, "DIY"),
    "35": (6, 5, "Jatim"),
    "36": (3, 5, "Banten"),
    "51": (7, 6, "Bali"),
    "52": (8, 6, "NTB"),
    "53": (9, 6, "NTT"),
    "61": (5, 1, "Kalbar"),
    "62": (6, 1, "Kalteng"),
    "63": (6, 2, "Kalsel"),
    "64": (7, 1, "Kaltim"),
    "65": (7, 0, "Kaltara"),
    "71": (11, 0, "Sulut"),
    "72": (10, 1, "Sulteng"),
    "73": (9, 3, "Sulsel"),
    "74": (10, 2, "Sultra"),
    "75": (10, 0, "Gorontalo"),
    "76": (9, 2, "Sulbar"),
    "81": (12, 3, "Maluku"),
    "82": (12, 1, "Malut"),
    "91": (15, 1, "Papua"),
    "92": (14, 1, "P. Barat"),
    "93": (15, 3, "P. Selatan"),
    "94": (14, 2, "P. Tengah"),
    "95": (15, 2, "P. Pegun."),
    "96": (13, 1, "P.B. Daya"),
}
# What every name of a regency begins with says nothing in a square.
KINDS = ("Kabupaten Administrasi ", "Kota Administrasi ", "Kabupaten ")


@dataclass(frozen=True, slots=True)
class Tile:
    """The square of an area, in columns and rows from the top left."""

    code: str
    column: int
    row: int
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares and how many columns and rows they fill."""

    columns: int
    rows: int
    tiles: list[Tile]


def grid(areas: Sequence[tuple[str, str]]) -> Grid:
    """Return the squares of areas, (undotted code, name) each.

    Provinces have their places; a province that has none yet, and any other area, is put in order.
    """
    if areas and all(code in PROVINCES for code, _ in areas):
        tiles = [Tile(code, *PROVINCES[code]) for code, _ in areas]
        return Grid(COLUMNS, 1 + max(each.row for each in tiles), tiles)
    tiles = [
        Tile(code, n % ORDERED_COLUMNS, n // ORDERED_COLUMNS, short(name))
        for n, (code, name) in enumerate(areas)
    ]
    return Grid(ORDERED_COLUMNS, ceil(len(areas) / ORDERED_COLUMNS), tiles)


def short(name: str, most: int = 17) -> str:
    """Return a name that fits a square."""
    for kind in KINDS:
        name = name.removeprefix(kind)
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
