"""Writes a synthetic population as a register file, CSV or Parquet by the file's name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cacah.rehearsal.families import Family
from cacah.rehearsal.population import COLUMNS, rows

SUFFIXES = (".csv", ".parquet")
_FAMILIES_PER_BATCH = 5000


def write_register(families: Iterable[Family], path: Path) -> int:
    """Write the families as the register import reads them; return the number of persons.

    Raises ValueError for a suffix that is not among `SUFFIXES`.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: the name must end in {' or '.join(SUFFIXES)}")
    return (_write_csv if path.suffix == ".csv" else _write_parquet)(families, path)


def _write_csv(families: Iterable[Family], path: Path) -> int:
    persons = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for family in families:
            writer.writerows(rows(family))
            persons += len(family.members)
    return persons


def _write_parquet(families: Iterable[Family], path: Path) -> int:
    persons = 0
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    with pq.ParquetWriter(path, schema) as writer:
        for table in _tables(families, schema):
            writer.write_table(table)
            persons += table.num_rows
    return persons


def _tables(families: Iterable[Family], schema: pa.Schema) -> Iterator[pa.Table]:
    source = iter(families)
    while some := list(islice(source, _FAMILIES_PER_BATCH)):
        columns = zip(*(row for family in some for row in rows(family)), strict=True)
        yield pa.table([pa.array(c, pa.string()) for c in columns], schema=schema)
