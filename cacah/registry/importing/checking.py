"""Checks rows and brings them into one form.

What comes out, `CHECKED`, is a row for each row of the file that says anything:

    ord          int64    file and row number
    kk, nik      int64    null where the file has none that is usable
    head         bool
    area         string   of heads only: village code, or village + SLS code
    sls_name     string   of heads only
    home         string   of heads only: JSON {"address", "rt", "rw"}
    name         string   as it stands in JSON, without quotation marks
    birth_place  string   JSON
    born, codes  int32    see `persons`
    problem      string   `column:code` of the first thing wrong, null when the row is good
    note         string   `column:code` of a field that is left empty, null when there is none
"""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa

from cacah.registry.importing import mending
from cacah.registry.importing.clean import CHECKED, Clean

THREADS = 2


class Checker:
    """Takes over what is clean, and has the rest mended by a DuckDB that writes nothing to disk."""

    def __init__(self, villages: list[str], as_of: date) -> None:
        self.duckdb = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": "",
                "threads": str(THREADS),
                "preserve_insertion_order": "false",
            }
        )
        self._as_of = as_of
        self._clean = Clean(villages, as_of)
        mending.prepare(self.duckdb, pa.array(villages, pa.string()))

    def close(self) -> None:
        """Free DuckDB's memory."""
        self.duckdb.close()

    def check(self, rows: pa.RecordBatch) -> pa.Table:
        """Return the checked rows of a batch of `reading.SCHEMA`; two threads may ask at once."""
        clean, others = self._clean.part(rows)
        if not others.num_rows:
            return clean
        return pa.concat_tables([clean, self.mended(others)])

    def mended(self, rows: pa.RecordBatch) -> pa.Table:
        """Return what is to be said of rows that are looked at cell by cell."""
        with self.duckdb.cursor() as database:
            return mending.mended(database, rows, self._as_of).cast(CHECKED)
