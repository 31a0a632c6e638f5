"""Reads the CSV of projected populations and targets, and says what is wrong in which row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from cacah.areas import codes

# What a column may be called; the first name is the one in the documentation.
COLUMNS = {
    "code": ("code", "kode", "kode_wilayah", "area"),
    "projected_population": ("projected_population", "proyeksi_penduduk", "proyeksi"),
    "target_percent": ("target_percent", "target_persen", "target"),
}
_MOST_PERSONS = 2_000_000_000
_WHOLE = re.compile(r"[0-9]{1,10}")
_PER_CENT = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")


class BadTargetsFile(ValueError):
    """Raised for a file without a header that names the code and at least one number."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of a file that could not be used; the header is row 1."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """Projection (persons) and target (per cent of it) of one area; None leaves what is set."""

    row: int
    code: str
    projected_population: int | None
    target_percent: Decimal | None


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read_targets(path: Path) -> tuple[list[Target], list[RejectedRow]]:
    """Return the usable rows and the others; raises `BadTargetsFile` without a usable header."""
    targets: dict[str, Target] = {}
    rejected: list[RejectedRow] = []
    rows = _rows(path)
    header = _header(next(rows, (1, []))[1])
    for row, cells in rows:
        try:
            target = _target(row, cells, header)
            if target.code in targets:
                raise _Wrong("code", f"the same area as row {targets[target.code].row}")
            targets[target.code] = target
        except _Wrong as wrong:
            rejected.append(RejectedRow(row, wrong.column, wrong.reason))
    return list(targets.values()), rejected


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (row, cells) of rows that are not empty; broken UTF-8 is kept as surrogates."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(",;\t|", key=first.count)
        for row, cells in enumerate(csv.reader(file, delimiter=delimiter), 1):
            if any(cell.strip() for cell in cells):
                yield row, [cell.strip() for cell in cells]


def _header(cells: list[str]) -> list[str | None]:
    names = [re.sub(r"\W+", "_", cell.strip().lower()) for cell in cells]
    header = [next((c for c, known in COLUMNS.items() if name in known), None) for name in names]
    if "code" not in header or not {"projected_population", "target_percent"} & set(header):
        raise BadTargetsFile(
            "the first row must name the columns code and projected_population or target_percent"
        )
    return header


def _target(row: int, cells: list[str], header: list[str | None]) -> Target:
    if len(cells) != len(header):
        raise _Wrong("", f"{len(cells)} cells, but the header has {len(header)}")
    values = {column: cell for column, cell in zip(header, cells, strict=True) if column}
    try:
        code = codes.parse(values["code"])
    except codes.NotAnAreaCode:
        raise _Wrong("code", "no area code in either spelling") from None
    population = values.get("projected_population", "")
    percent = values.get("target_percent", "")
    if not population and not percent:
        raise _Wrong("", "neither a projection nor a target")
    if population and not (_WHOLE.fullmatch(population) and int(population) <= _MOST_PERSONS):
        raise _Wrong("projected_population", "not a whole number of persons without separators")
    if percent and not (_PER_CENT.fullmatch(percent) and _per_cent(percent) <= 100):
        raise _Wrong("target_percent", "not a number from 0 to 100 with at most two decimals")
    return Target(
        row,
        code,
        int(population) if population else None,
        _per_cent(percent) if percent else None,
    )


def _per_cent(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
